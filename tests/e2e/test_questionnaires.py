"""A coordinator sends a questionnaire as a workbook, tries it and puts it in use."""

import io
from collections.abc import Sequence
from importlib.resources import files

import pytest
from openpyxl import Workbook

from bot.sandbox import Fault, Phone
from bot.sandbox.refusals import bad_request
from tests.e2e.town import Town, local, say, tap

Rows = Sequence[Sequence[str]]
SURVEY: Rows = (
    ("type", "name", "label::Nederlands (nl)", "label::English (en)", "required"),
    ("select_one mood", "mood", "Hoe was het?", "How was it?", "yes"),
    ("text", "why", "Waarom?", "Why?", ""),
    ("date", "again", "Wanneer weer?", "When again?", ""),
)
CHOICES: Rows = (
    ("list_name", "name", "label::Nederlands (nl)", "label::English (en)"),
    ("mood", "good", "Goed", "Good"),
    ("mood", "bad", "Slecht", "Bad"),
)


def workbook(survey: Rows = SURVEY, version: str = "1") -> bytes:
    """An XLSForm as a researcher makes one."""
    book = Workbook()
    book.remove(book.worksheets[0])
    settings = (("form_title", "form_id", "version", "default_language"), ("Kort", "kort", version, "Nederlands (nl)"))
    for name, rows in (("survey", survey), ("choices", CHOICES), ("settings", settings)):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


class Stumbles(Exception):
    """What a bug in the checking raises."""


def stumble(*_: object) -> None:
    raise Stumbles


async def published(town: Town, bram: Phone) -> bytes:
    """Send the short questionnaire and see that it is fine; the file as it was sent."""
    content = workbook()
    bram.send_document(content, "kort.xlsx")
    await bram.wait_for("Kort, versie 1: ik vind geen fouten.")
    await town.settled()
    return content


async def test_a_workbook_becomes_the_form_of_new_workshops_and_of_those_only(town: Town) -> None:
    bram, amina = await town.coordinator(), await town.fieldworker()
    town.workshop("Amina", ends_on=local(18, 16), title="Oud")
    await published(town, bram)
    await tap(bram, "Gebruiken", "Nieuwe workshops in Utrecht krijgen Kort, versie 1.")
    town.workshop("Amina", ends_on=local(19, 16), title="Nieuw")
    await town.play.forward_to(local(18, 16, 15))
    await tap(amina, "Start", "Vraag 1 van 11")
    await tap(amina, "4", "Klopt alles?")
    await tap(amina, "Ja, versturen", "Verstuurd.")
    await town.play.forward_to(local(19, 16, 15))
    await tap(amina, "Start", "Vraag 1 van 3")
    await tap(amina, "Goed", "Vraag 2 van 3")
    assert town.answers() == {"mood": "good"}


async def test_what_is_wrong_is_told_at_once_by_sheet_and_row_and_nothing_is_kept(town: Town) -> None:
    bram = await town.coordinator()
    broken = (
        SURVEY[0],
        ("select_one moood", "mood", "Hoe was het?", "How was it?", "yes"),
        ("txt", "why", "A", "B", ""),
    )
    bram.send_document(workbook(broken), "kort.xlsx")
    report = await bram.wait_for("Deze vragenlijst kan ik niet gebruiken.")
    assert "survey, rij 2" in report.text
    assert "survey, rij 3" in report.text
    bram.send_document(b"not a workbook at all", "kort.xlsx")
    await bram.wait_for("Deze vragenlijst kan ik niet gebruiken. Fouten: 1.")
    assert len(town.rows("SELECT hash FROM form")) == 1


async def test_a_check_that_surely_fails_is_told_at_once_with_the_files_name_and_what_to_do(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    bram = await town.coordinator()
    failed = "Het is niet gelukt om {} na te kijken. Stuur het bestand nog een keer. Gaat het weer mis? Vraag hulp"
    town.play.sandbox.fail("getFile", Fault(refusal=bad_request("wrong file_id")))
    bram.send_document(workbook(), "weg.xlsx")
    await bram.wait_for(failed.format("weg.xlsx"))
    with monkeypatch.context() as broken:
        broken.setattr("bot.media.check", stumble)
        bram.send_document(workbook(), "stuk.xlsx")
        await bram.wait_for(failed.format("stuk.xlsx"))
    errors = [tuple(row) for row in town.rows("SELECT state, tries, error FROM job ORDER BY id")]
    assert errors == [("failed", 1, "Refused: bad request"), ("failed", 1, "Stumbles")]
    await published(town, bram)


async def test_what_the_chat_cannot_hold_comes_as_a_file_and_the_worst_is_told_first(town: Town) -> None:
    bram = await town.coordinator()
    wordless = tuple(("text", f"q{number}", f"Vraag {number}", "", "") for number in range(30))
    bram.send_document(workbook((*SURVEY, *wordless, ("txt", "why2", "A", "B", ""))), "kort.xlsx")
    report = await bram.wait_for("Deze vragenlijst kan ik niet gebruiken. Fouten: 1.")
    assert report.text.split("\n")[2].startswith("• fout: survey, rij 35")
    assert "En nog 12. Alles staat in het bestand hieronder." in report.text
    given = await bram.wait_for(lambda message: message.document is not None)
    assert given.document is not None
    assert given.document.name == "controle.txt"
    lines = given.document.content.decode().splitlines()
    assert len(lines) == 32
    assert lines[0].startswith('waarschuwing: survey, rij 5, kolom "label::English (en)"')


async def test_another_form_under_the_same_version_is_told(town: Town) -> None:
    bram = await town.coordinator()
    await published(town, bram)
    longer = (*SURVEY, ("text", "more", "Nog iets?", "Anything else?", ""))
    bram.send_document(workbook(longer), "kort.xlsx")
    report = await bram.wait_for("er is al een andere kort met versie 1.")
    assert "Vragen: 4." in report.text
    bram.send_document(workbook(longer, version="2"), "kort.xlsx")
    await bram.wait_for("Kort, versie 2: ik vind geen fouten.")
    assert "Let op" not in bram.last.text


async def test_a_preview_plays_the_whole_form_and_leaves_nothing_behind(town: Town) -> None:
    bram = await town.coordinator()
    await published(town, bram)
    await tap(bram, "Voorbeeld", "Vraag 1 van 3")
    await tap(bram, "Slecht", "Vraag 2 van 3")
    await say(bram, "Te weinig tijd.", "Ik heb je bericht.")
    await tap(bram, "Klaar", "Vraag 3 van 3")
    await say(bram, "25-11-2026", "Klopt alles?")
    await tap(bram, "Ja, versturen", "Dat was het voorbeeld. Ik heb niets bewaard.")
    assert town.count("session", "answer", "part") == [0, 0, 0]


async def test_a_preview_that_is_left_is_gone_after_a_day(town: Town) -> None:
    bram = await town.coordinator()
    await published(town, bram)
    await tap(bram, "Voorbeeld", "Vraag 1 van 3")
    await tap(bram, "Slecht", "Vraag 2 van 3")
    await town.play.forward(hours=25)
    assert town.count("session", "answer") == [0, 0]


async def test_forms_lists_the_versions_and_gives_the_workbook_back(town: Town) -> None:
    bram = await town.coordinator()
    content = await published(town, bram)
    await say(bram, "/forms", "1. Kort (kort, 1)")
    assert "(wijkwerkplaats_reflectie, 1) – woensdag 18 november – alle andere steden" in bram.last.text
    bram.tap("1")
    given = await bram.wait_for(lambda message: message.document is not None)
    assert given.document is not None
    assert given.document.content == content
    assert given.document.name == "kort_1.xlsx"


async def test_who_may_not_publish_sends_a_file_like_any_other(town: Town) -> None:
    amina = await town.fieldworker()
    amina.send_document(workbook(), "kort.xlsx")
    await amina.wait_for("Er staat nu geen vragenlijst open.")
    assert len(town.rows("SELECT hash FROM form")) == 1
    await say(amina, "/forms", "Dit commando hoort niet bij jouw rol.")


async def test_the_same_form_again_is_the_same_version(town: Town) -> None:
    bram = await town.coordinator()
    default = files("forms").joinpath("questionnaires", "wijkwerkplaats_reflectie.xlsx").read_bytes()
    bram.send_document(default, "reflectie.xlsx")
    await bram.wait_for("ik vind geen fouten")
    assert len(town.rows("SELECT hash FROM form")) == 1
