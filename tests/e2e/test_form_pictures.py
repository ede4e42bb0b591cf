"""Questions with pictures: they come along with the workbook or after it, and stand before the question."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox import Phone, sample_photo
from forms.problems import Problems
from handlers.publishing.bundles import unpacked
from tests.e2e.town import FIRST_END, Town, say, tap
from tests.kitchen import row, workbook

SURVEY = (
    row("note", "intro", "Kijk eerst.", "Look first.", image="intro.png"),
    row("select_one place", "where", "Waar op de kaart?", "Where on the map?", image="Kaart.jpg"),
    row("text", "why", "Waarom daar?", "Why there?"),
)


def zipped(**files: bytes) -> bytes:
    """A zip with these files; `_` in a name stands for the dot."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"map/{name.replace('_', '.')}", content)
    return stream.getvalue()


async def asked(town: Town) -> Phone:
    """Amina is asked the questions in use."""
    amina = await town.fieldworker()
    town.workshop("Amina", ends_on=FIRST_END)
    await town.play.forward(hours=6, minutes=20)
    await tap(amina, "Start", "Waar op de kaart?")
    return amina


async def test_a_zip_brings_the_workbook_and_its_pictures_which_stand_before_the_questions(town: Town) -> None:
    bram = await town.coordinator()
    bram.send_document(zipped(form_xlsx=workbook(SURVEY), intro_png=sample_photo(), kaart_jpg=sample_photo()), "a.zip")
    clean = await bram.wait_for("ik vind geen fouten")
    assert "ontbreken" not in clean.text
    await tap(bram, "Gebruiken", "Nieuwe workshops in Utrecht krijgen")
    amina = await asked(town)
    *_, intro, note, picture, question = amina.messages
    assert (note.text, question.text.partition("\n")[2]) == ("Kijk eerst.", "Waar op de kaart?")
    assert intro.photo is not None
    assert picture.photo is not None
    assert b"Exif" not in picture.photo.content
    await tap(amina, "In de zaal", "Waarom daar?")
    assert amina.message(question.id).text.endswith("✓ Jouw antwoord: In de zaal")
    await say(amina, "terug", "We gaan een vraag terug.")
    assert sum(message.photo is not None for message in amina.messages) == 3
    first = amina.say("Op het plein")
    await amina.wait_for("Waarom daar?")
    amina.edit(first, "In de zaal")
    await amina.wait_for("Je antwoord op vraag 1 is nu: In de zaal")
    assert town.answers() == {"where": "hall"}


async def test_pictures_that_did_not_come_along_are_named_and_taken_afterwards(town: Town) -> None:
    bram = await town.coordinator()
    bram.send_document(workbook(SURVEY), "alles.xlsx")
    await bram.wait_for("Deze afbeeldingen ontbreken nog: Kaart.jpg, intro.png")
    bram.send_document(b"no picture", "kaart.jpg")
    await bram.wait_for("De afbeelding kaart.jpg kan ik niet lezen.")
    bram.send_document(sample_photo(), "kaart.jpg", "image/jpeg")
    kept = await bram.wait_for("Ik heb de afbeelding kaart.jpg.")
    assert "ontbreken nog: intro.png" in kept.text
    await tap(bram, "Gebruiken", "Nieuwe workshops in Utrecht krijgen")
    amina = await asked(town)
    assert [message.photo is not None for message in amina.messages[-3:]] == [False, True, False]
    bram.send_document(sample_photo(), "intro.png")
    assert "ontbreken" not in (await bram.wait_for("Ik heb de afbeelding intro.png.")).text


async def test_who_may_not_publish_brings_no_pictures(town: Town) -> None:
    bram = await town.coordinator()
    bram.send_document(workbook(SURVEY), "alles.xlsx")
    await bram.wait_for("Deze afbeeldingen ontbreken nog")
    amina = await town.fieldworker()
    amina.send_document(sample_photo(), "kaart.jpg")
    await amina.wait_for("Er staat nu geen vragenlijst open.")
    assert town.count("form_picture") == [2]
    assert town.rows("SELECT 1 FROM form_picture WHERE file <> ''") == []


async def test_a_zip_without_a_questionnaire_is_told(town: Town) -> None:
    bram = await town.coordinator()
    bram.send_document(zipped(kaart_jpg=sample_photo()), "kaarten.zip")
    await bram.wait_for("In dit zip-bestand zitten 0 vragenlijsten.")


@pytest.mark.parametrize(
    ("sizes", "reason"),
    [
        ({"a_xlsx": 1, "b_xlsx": 1}, "holds 2 questionnaires"),
        ({"a_xlsx": 1, "b_jpg": 41_000_000, "c_jpg": 1_000_000}, "too large"),
        ({"a_xlsx": 5_000_000}, "too large"),
        ({"a_xlsx": 1} | {f"p{i}_jpg": 0 for i in range(200)}, "too large"),
    ],
)
def test_a_zip_that_cannot_be_taken_says_why(sizes: dict[str, int], reason: str) -> None:
    with pytest.raises(Problems, match=reason):
        unpacked(zipped(**{name: bytes(size) for name, size in sizes.items()}))


@given(st.integers(0, 400), st.integers(0, 400), st.binary(max_size=8))
def test_a_harmed_zip_is_taken_or_refused(start: int, end: int, harm: bytes) -> None:
    content = zipped(a_xlsx=b"form" * 9, b_jpg=b"picture")
    try:
        unpacked(content[:start] + harm + content[end:])
    except Problems:
        return


def test_a_workbook_is_no_bundle_and_hidden_files_are_left_out() -> None:
    content = workbook(SURVEY)
    assert unpacked(content).questionnaire == content
    bundle = unpacked(zipped(a_xlsx=b"form", _jpg=b"hidden", b_PNG=b"shown"))
    assert (bundle.questionnaire, dict(bundle.pictures)) == (b"form", {"b.PNG": b"shown"})
