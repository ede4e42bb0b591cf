import io
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from exports.dataset import ABOUT, Missing
from exports.period import everything, iso_week, of_week
from exports.request import RowsDoNotAddUp, expect_sum
from exports.workbook import Request, Summary, forms_of, workbook_name, write_workbook
from fieldwork.schedule import Week
from storage.database import snapshot
from storage.exporting import form_ids
from tests.exports.seed import NAMES, ZONE, Seed, a_study, default_form, small_form

IN = "/data/reflection/"
START = datetime(2026, 11, 17, 14, 0, tzinfo=UTC)
ASKED = START + timedelta(hours=2, minutes=15)
HOSTILE = "=cmd|'/c calc'!A1\nen dan \x0b 🙂"


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seed]:
    """One database that the tests of this file read; none of them writes to it."""
    with closing(Seed(tmp_path_factory.mktemp("exports") / "terugblik.db")) as seed:
        fill(seed)
        yield seed


def fill(seed: Seed) -> None:
    """Leiden, week 47: one complete with a change and parts, one partial; and everything that stays out."""
    form = seed.form(default_form())
    anna, bram, cees = (seed.person(code) for code in ("ANNA", "BRAM", "CEES"))
    workshop = seed.workshop(form, START, title="Koffie @ plein")
    done = ASKED + timedelta(minutes=30)
    complete = seed.session(form, anna, seed.prompt(workshop, anna, "completed", ASKED, done, 1), ASKED, done)
    seed.answers(
        complete,
        {"/data/held": "as_planned", IN + "present": "residents police", IN + "influence": "4", IN + "room": "2"},
    )
    story = seed.answer(complete, IN + "moment", f"{HOSTILE}\n[a1.oga]")
    seed.part(complete, IN + "moment", story, 1, HOSTILE)
    seed.part(complete, IN + "moment", story, 2, kind="voice", file="a1.oga", seconds=34, state="lost")
    seed.part(complete, IN + "moment", None, 3, "nog niet af")
    photo = seed.answer(complete, IN + "photo", "p1.jpg")
    seed.part(complete, IN + "photo", photo, 1, "de flap", kind="photo", file="p1.jpg")
    seed.answer(complete, IN + "room", "5", 2, said_on=done + timedelta(hours=1), after_sending=True)
    seed.answer(complete, IN + "influence", "", 2, "skipped", done + timedelta(hours=2), after_sending=True)

    closed = ASKED + timedelta(hours=72)
    partial = seed.session(form, bram, seed.prompt(workshop, bram, "expired", ASKED, closed), ASKED, state="expired")
    seed.answers(partial, {"/data/held": "differently"})

    seed.prompt(workshop, cees, "absent", ASKED, done)
    stay_out(seed, form, cees)


def stay_out(seed: Seed, form: str, person: int) -> None:
    """One session for every reason to leave one out."""
    other = seed.person("DIRK", "utrecht")
    before, after = START - timedelta(days=7), START + timedelta(days=7)
    for start, city, state, who in (
        (before, "leiden", "completed", person),
        (START, "utrecht", "completed", other),
        (START, "leiden", "waiting", person),
        (after, "leiden", "interrupted", person),
    ):
        workshop = seed.workshop(form, start, city)
        prompt = seed.prompt(workshop, who, "opened", start + timedelta(hours=2))
        ended = start + timedelta(hours=3) if state == "completed" else None
        seed.session(form, who, prompt, start + timedelta(hours=2), ended, state)
    seed.session(form, person, None, START, START, is_test=True)


@cache
def make(seed: Seed, label: str = "2026-W47", language: str = "nl") -> tuple[Summary, bytes]:
    return make_anew(seed, label, language)


def make_anew(seed: Seed, label: str = "2026-W47", language: str = "nl") -> tuple[Summary, bytes]:
    stream, study = io.BytesIO(), a_study()
    period = iso_week(label, ZONE) if label else everything()
    with snapshot(seed.path) as rows:
        request = Request(study, study.cities[0], forms_of(rows), period, language, "1.2.3")
        summary = write_workbook(rows, request, stream)
    return summary, stream.getvalue()


def opened(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


def table(book: Workbook, title: str, header: int = 1) -> list[dict[str, object]]:
    """The rows of a sheet under its header row."""
    rows = [[cell.value for cell in row] for row in book[title].iter_rows(min_row=header)]
    return [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]


def test_the_sheets_stand_in_their_order_in_both_languages(seed: Seed) -> None:
    assert opened(make(seed)[1]).sheetnames == [
        "Overzicht", "Reflecties", "Codes", "Open antwoorden", "Sessies", "Respons",
        "Werkplaatsen", "Codeboek", "Wijzigingen", "Over deze export",
    ]  # fmt: skip
    book = opened(make(seed, language="en")[1])
    assert book["Overview"]["A2"].value == "Monday 16 November 2026 to Sunday 22 November 2026"
    assert book.sheetnames == [
        "Overview", "Reflections", "Codes", "Open answers", "Sessions", "Compliance",
        "Workshops", "Codebook", "Revisions", "About",
    ]  # fmt: skip


def test_codes_hold_what_was_answered_and_why_nothing_was(seed: Seed) -> None:
    summary, content = make(seed)
    first, second = table(opened(content), "Codes")
    wanted = {
        "person_code": "ANNA", "role": "fieldworker", "city": "Leiden", "neighbourhood": "Noord", "version": "1",
        "workshop_start": datetime.fromisoformat("2026-11-17T15:00"), "workshop_start_utc": "2026-11-17T14:00:00.000Z",
        "submitted_at": datetime.fromisoformat("2026-11-17T17:45"), "submitted_at_utc": "2026-11-17T16:45:00.000Z",
        "state": "completed", "delay_min": 30, "active_seconds": 240, "n_reminders": 1, "n_snoozes": 0, "n_edits": 2,
        "is_late": 0, "is_test": 0, "consent_version": "1", "flags": "media_missing",
        "held": "as_planned", "followup": -88, "present": "residents police", "present__residents": 1,
        "present__police": 1, "present__housing": 0, "influence": -77, "room": 5, "friction": -96,
        "friction_story": -88, "photo": "p1.jpg", "voice_acts__none": -96,
        "moment": "=cmd|'/c calc'!A1\nen dan \ufffd 🙂\n[a1.oga]",
    }  # fmt: skip
    assert {name: first[name] for name in wanted} == wanted
    assert (second["state"], second["submitted_at"], second["flags"]) == ("expired", None, "partial")
    assert (second["held"], second["present"], second["present__police"]) == ("differently", -97, -97)
    assert (second["influence"], second["delay_min"]) == (-96, None)
    assert (summary.rows, summary.people, summary.workshops) == (2, 2, 1)


def test_reflections_say_the_same_in_words_under_the_questions(seed: Seed) -> None:
    book = opened(make(seed)[1])
    first, second = table(book, "Reflecties", header=2)
    assert (first["present"], first["influence"], first["room"]) == (
        "Bewoners; Politie, boa of handhaving", "overgeslagen", 5,
    )  # fmt: skip
    assert (second["present"], second["moment"], second["state"]) == ("verlopen", "niet bereikt", "verlopen")
    labels = {name.value: label.value for label, name in zip(*book["Reflecties"]["A1:AZ2"], strict=True)}
    assert labels["present"] == "Wie zaten er aan tafel?"
    assert labels["followup"] == "De vorige keer nam je je voor: '…' Is dat gelukt?"
    assert [row["response_id"] for row in table(book, "Codes")] == [first["response_id"], second["response_id"]]


def test_open_answers_hold_every_message_to_the_letter(seed: Seed) -> None:
    rows = [list(row.values())[1:] for row in table(opened(make(seed)[1]), "Open antwoorden")]
    assert rows == [
        ["moment", 1, 1, "text", "=cmd|'/c calc'!A1\nen dan \ufffd 🙂", None, None, "nl"],
        ["moment", 2, 1, "voice", None, "a1.oga", 34, "nl"],
        ["photo", 1, 1, "photo", "de flap", "p1.jpg", None, "nl"],
    ]


def test_sessions_hold_those_who_did_not_answer_too(seed: Seed) -> None:
    rows = table(opened(make(seed)[1]), "Sessies")
    assert [(row["person_code"], row["disposition_code"], row["Uitkomst"]) for row in rows] == [
        ("ANNA", "complete", "klaar"),
        ("BRAM", "partial", "deels"),
        ("CEES", "absent", "niet aanwezig"),
        ("CEES", "opened", "bezig"),
    ]
    assert [row["Minuten tot antwoord"] for row in rows] == [30, None, None, None]


def test_compliance_leaves_the_absent_out_of_the_denominator(seed: Seed) -> None:
    (row,) = table(opened(make(seed)[1]), "Respons")
    assert (row["Stad"], row["Week"], row["Rol"]) == ("Leiden", "2026-W47", "veldwerker")
    assert (row["Gevraagd"], row["Klaar"], row["Deels"], row["Loopt nog"], row["Niet aanwezig"]) == (3, 1, 1, 1, 1)
    assert row["Respons"] == pytest.approx(1 / 3)


def test_revisions_tell_what_it_was_and_what_it_is(seed: Seed) -> None:
    rows = table(opened(make(seed)[1]), "Wijzigingen")
    assert [(row["Variabele"], row["Was"], row["Is nu"]) for row in rows] == [
        ("room", "2", "5"),
        ("influence", "4", "overgeslagen"),
    ]


def test_revisions_say_that_words_were_taken_out_and_not_that_there_were_none(tmp_path: Path) -> None:
    path = IN + "next"
    with closing(Seed(tmp_path / "terugblik.db")) as seed:
        form, anna = seed.form(default_form()), seed.person("ANNA")
        prompt = seed.prompt(seed.workshop(form, START), anna, "completed", ASKED, ASKED)
        session = seed.session(form, anna, prompt, ASKED, ASKED)
        seed.answer(session, path, "")
        seed.run("UPDATE answer SET replaced_on = said_on")
        seed.answer(session, path, "Met de buurvrouw praten.", 2, after_sending=True)
        (row,) = table(opened(make_anew(seed)[1]), "Wijzigingen")
    assert (row["Was"], row["Is nu"]) == ("vervangen, de woorden zijn weg", "Met de buurvrouw praten.")


def test_workshops_are_those_that_began_in_the_week(seed: Seed) -> None:
    rows = table(opened(make(seed)[1]), "Werkplaatsen")
    assert [(row["Titel"], row["Team"], row["Gevraagd"], row["Klaar"]) for row in rows] == [
        ("Koffie @ plein", 3, 2, 1),
        ("Koffie", 1, 1, 0),
    ]


def test_every_column_of_codes_has_a_codebook_row_and_the_other_way_round(seed: Seed) -> None:
    book = opened(make(seed)[1])
    columns = [str(cell.value) for cell in book["Codes"][1]]
    described = [str(row["Variabele"]) for row in table(book, "Codeboek")]
    assert list(dict.fromkeys(described)) == columns
    assert columns[: len(ABOUT)] == [column.name for column in ABOUT]


def test_the_codebook_counts_what_codes_hold(seed: Seed) -> None:
    book = opened(make(seed)[1])
    codes = table(book, "Codes")
    for row in table(book, "Codeboek"):
        if row["Soort"] in (None, "over de reflectie"):
            continue
        values = [each[str(row["Variabele"])] for each in codes]
        missing = {code: values.count(code.value) for code in Missing}
        assert row["n"] == len(values) - sum(missing.values())
        assert [row[next(key for key in row if key.startswith(f"{code.value} "))] for code in Missing] == [
            *missing.values()
        ]


def test_the_codebook_names_codes_in_both_languages(seed: Seed) -> None:
    every = table(opened(make(seed)[1]), "Codeboek")
    (general,) = [row["Onderzoekslijn"] for row in every if row["Variabele"] == "moment"]
    assert general == "G algemeen"
    rows = [row for row in every if row["Variabele"] == "influence"]
    assert rows[0]["Onderzoekslijn"] == "L1 Bestuur en bewoners"
    assert [row["Code"] for row in rows[1:]] == [1, 2, 3, 4, 5, -66]
    assert (rows[-1]["Label (NL)"], rows[-1]["Label (EN)"]) == ("Weet ik niet", "I don't know")


def test_what_is_left_out_is_counted_by_reason_and_adds_up(seed: Seed) -> None:
    summary, content = make(seed)
    assert summary.left_out == {
        "test": 1, "other_city": 1, "unfinished": 1, "interrupted": 1, "other_period": 1,
    }  # fmt: skip
    about = {row["Onderwerp"]: row["Waarde"] for row in table(opened(content), "Over deze export")}
    assert about["Sessies in de database"] == 7
    assert about["Reflecties in dit bestand"] == 2
    assert sum(int(str(about[key])) for key in about if str(key).startswith("Niet in dit bestand")) == 5
    assert about["Foto's en opnamen die ontbreken"] == 1
    (compared,) = (
        row for row in table(opened(content), "Over deze export") if row["Onderwerp"] == "Naast het weekbericht"
    )
    assert "tellen antwoorden" in str(compared["Waarde"]) and "minder dan 3 mensen" in str(compared["Toelichting"])
    assert (about["Hash van blad Codes"], about["Programma"]) == (summary.data_hash, "Terugblik 1.2.3")
    assert about[next(key for key in about if str(key).startswith("Cellen met een teken"))] == summary.cleaned == 3


def test_rows_that_do_not_add_up_stop_the_export() -> None:
    expect_sum(7, 2, {"test": 5})
    with pytest.raises(RowsDoNotAddUp):
        expect_sum(7, 2, {"test": 4})


def test_everything_holds_every_week_of_the_city_and_no_other(seed: Seed) -> None:
    summary, content = make(seed, label="")
    assert summary.rows == 3
    assert {row["city"] for row in table(opened(content), "Codes")} == {"Leiden"}
    days = "Werkplaatsen van dinsdag 10 november 2026 tot en met dinsdag 24 november 2026"
    assert opened(content)["Overzicht"]["A2"].value == days
    assert "other_period" not in summary.left_out


def test_the_same_rows_give_the_same_bytes(seed: Seed) -> None:
    assert make_anew(seed) == make(seed)
    with zipfile.ZipFile(io.BytesIO(make(seed)[1])) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_file_tells_when_its_content_last_changed_and_not_when_it_was_made(seed: Seed) -> None:
    about = opened(make(seed)[1]).properties
    assert about.modified == about.created == datetime.fromisoformat("2026-11-20T16:15")
    assert about.title == "Wijken in beeld: Leiden, week 2026-W47"
    assert (about.language, about.creator) == ("nl", "Terugblik")


def test_nobodys_name_or_address_is_anywhere_in_the_file(seed: Seed) -> None:
    with zipfile.ZipFile(io.BytesIO(make(seed, label="")[1])) as archive:
        content = b"".join(archive.read(name) for name in archive.namelist())
    for secret in (*NAMES, "telegram", "73100", "seeded-handle", "AgACAg"):
        assert secret.encode() not in content


def test_sheets_have_frozen_headers_tables_with_filters_and_fit_the_page(seed: Seed) -> None:
    book = opened(make(seed)[1])
    names = set()
    for sheet in book.worksheets:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr is not None
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        for table_ in sheet.tables.values():
            names.add(table_.displayName)
            headers = [str(cell.value) for cell in sheet[table_.ref][0]]
            assert [column.name for column in table_.tableColumns] == headers
            assert len({header.casefold() for header in headers}) == len(headers)
            assert table_.autoFilter is not None
    assert book["Codes"].freeze_panes == "C2"
    assert book["Reflecties"].freeze_panes == "C3"
    assert book["Reflecties"].print_title_rows == "$1:$2"
    assert {"tb_codes", "tb_reflections", "tb_codebook", "tb_sessions", "tb_about"} <= names


def test_no_cell_is_a_formula_or_an_error(seed: Seed) -> None:
    for sheet in opened(make(seed)[1]).worksheets:
        assert all(cell.data_type not in ("f", "e") for row in sheet.iter_rows() for cell in row)


def test_a_week_without_anything_gives_headers_and_no_tables(seed: Seed) -> None:
    summary, content = make(seed, label="2020-W53")
    book = opened(content)
    assert (summary.rows, summary.people, summary.workshops) == (0, 0, 0)
    assert not book["Codes"].tables
    assert book["Codes"].max_row == 1
    assert make_anew(seed, label="2020-W53")[1] == content


def test_monday_half_past_midnight_belongs_to_the_new_weeks_file(tmp_path: Path) -> None:
    half_past = datetime(2026, 12, 27, 23, 30, tzinfo=UTC)
    with closing(Seed(tmp_path / "terugblik.db")) as seed:
        form, person = seed.form(default_form()), seed.person("NACH")
        prompt = seed.prompt(seed.workshop(form, half_past), person, "completed", half_past, half_past)
        seed.session(form, person, prompt, half_past, half_past)
        assert of_week(Week.of(half_past, ZONE), ZONE).label == "2026-W53"
        assert make_anew(seed, label="2026-W52")[0].rows == 0
        assert make_anew(seed, label="2026-W53")[0].rows == 1


def test_the_name_says_city_week_and_questionnaire() -> None:
    city = a_study().cities[0]
    assert workbook_name(city, iso_week("2026-W53", ZONE), "reflectie") == "leiden_2026-W53_reflectie.xlsx"
    assert workbook_name(city, everything(), "a/../b c") == "leiden_all_a-b-c-9f3f.xlsx"
    names = {workbook_name(city, everything(), form_id) for form_id in ("a b", "a-b", "a.b", "-a-b", "é", "è", "x")}
    assert len(names) == 7, "questionnaires have files of their own"
    assert workbook_name(replace(city, code="den haag"), everything(), "é").isascii()


def test_a_workbook_holds_one_questionnaire_only() -> None:
    study = a_study()
    small = small_form("1", [["text", "oud", "Oud?", "Old?", ""]], []).form
    both = {form.hash: form for form in (default_form().form, small)}
    with pytest.raises(ValueError, match="'small', 'wijkwerkplaats_reflectie'"):
        Request(study, study.cities[0], both, everything(), "nl", "1")


def test_the_forms_of_a_week_are_found(seed: Seed) -> None:
    study = a_study()
    with snapshot(seed.path) as rows:
        request = Request(study, study.cities[0], forms_of(rows), iso_week("2026-W47", ZONE), "nl", "1")
        assert form_ids(rows, replace(request.scope, form_id="")) == ("wijkwerkplaats_reflectie",)
        quiet = iso_week("2020-W53", ZONE)
        assert form_ids(rows, replace(request.scope, since=quiet.since, until=quiet.until, form_id="")) == ()


def test_an_idle_bot_loads_nothing_that_only_exports_and_questionnaires_need() -> None:
    heavy = {"openpyxl", "matplotlib", "pandas", "numpy", "pyreadstat", "pyxform", "msoffcrypto", "simplemma", "PIL"}
    code = f"import sys, bot.cli, bot.run, exports.formats, exports.digest; print({heavy} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"
