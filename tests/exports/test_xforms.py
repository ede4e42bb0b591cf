"""A city's reflections as XForm instances: one file each, the same every time."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from lxml import etree

from exports.period import Period, everything, iso_week
from exports.xforms import write_xforms
from forms.xlsform import compile_workbook
from storage import sessions
from storage.database import snapshot, transaction
from tests.command import forget_settings, prepared_in, terugblik
from tests.exports.seed import MONDAY, ZONE, Seed, a_study, default_form, small_form
from tests.forms.xlsform_sheets import xlsform

ASKED = MONDAY + timedelta(hours=2)
ENDED = ASKED + timedelta(minutes=20)
IN = "/data/reflection/"
FULL = {"/data/held": "as_planned", IN + "influence": "4", IN + "moment": "[photo-1.jpg]\nEen <woord> & meer"}
PROMPT_STATES = {"waiting": "opened", "interrupted": "opened"}
"""By the state of the session, where they differ."""


@pytest.fixture
def seed(tmp_path: Path) -> Iterator[Seed]:
    with closing(Seed(tmp_path / "terugblik.db")) as seed:
        seed.person("P000")
        yield seed


def reflection(
    seed: Seed, form: str, code: str, values: dict[str, str], state: str = "completed", is_test: bool = False
) -> int:
    person = seed.person(code)
    asked = PROMPT_STATES.get(state, state)
    prompt = None if is_test else seed.prompt(seed.workshop(form, MONDAY), person, asked, ASKED, ENDED)
    completed_on = ENDED if state == "completed" else None
    session = seed.session(form, person, prompt, ASKED, completed_on, state, is_test)
    seed.answers(session, values)
    return session


def instance_id(seed: Seed, session: int) -> str:
    with snapshot(seed.path) as rows:
        row = rows.one("SELECT instance_id FROM session WHERE id = :id", id=session)
    assert row is not None
    return str(row["instance_id"])


def written(seed: Seed, period: Period | None = None) -> tuple[Path, ...]:
    study = a_study()
    with snapshot(seed.path) as rows:
        return write_xforms(rows, study, study.city("leiden"), period or everything(), seed.path.parent / "exports")


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_there_is_a_file_for_every_reflection_and_for_nothing_else(seed: Seed) -> None:
    form = seed.form(default_form())
    exported = [reflection(seed, form, "SENT", FULL), reflection(seed, form, "GONE", FULL, "expired")]
    reflection(seed, form, "OPEN", FULL, "waiting")
    reflection(seed, form, "STOP", FULL, "interrupted")
    reflection(seed, form, "TEST", FULL, is_test=True)
    (folder,) = written(seed)
    assert folder.name.endswith("_wijkwerkplaats_reflectie")
    assert folder.name.startswith("leiden_")
    assert set(contents(folder)) == {f"{instance_id(seed, one).replace(':', '')}.xml" for one in exported}


def test_an_instance_says_who_it_is_and_holds_the_answers_as_they_were_given(seed: Seed) -> None:
    compiled = default_form()
    session = reflection(seed, seed.form(compiled), "SENT", FULL)
    (folder,) = written(seed)
    (file,) = folder.iterdir()
    root = etree.parse(str(file)).getroot()
    assert (root.get("id"), root.get("version")) == (compiled.form.form_id, compiled.form.version)
    assert root.findtext("meta/instanceID") == instance_id(seed, session)
    assert root.findtext("reflection/influence") == "4"
    assert root.findtext("reflection/moment") == FULL[IN + "moment"]
    assert file.stat().st_mode & 0o777 == 0o600


def test_answers_that_are_no_longer_relevant_are_absent(seed: Seed) -> None:
    given = {**FULL, IN + "friction": "none", IN + "friction_story": "Niet meer van belang"}
    reflection(seed, seed.form(default_form()), "SENT", given)
    (folder,) = written(seed)
    (text,) = contents(folder).values()
    assert "Een &lt;woord&gt; &amp; meer" in text.decode()
    assert b"friction_story" not in text


def test_writing_again_changes_no_byte_and_takes_away_what_is_no_longer_there(seed: Seed) -> None:
    reflection(seed, seed.form(default_form()), "SENT", FULL)
    (folder,) = written(seed)
    first = contents(folder)
    (folder / "uuid00000000-0000-4000-8000-999999999999.xml").write_text("<data/>")
    (folder / "notes.txt").write_text("mine")
    assert written(seed) == (folder,)
    assert contents(folder) == {**first, "notes.txt": b"mine"}


def test_what_was_drawn_and_known_at_the_beginning_is_written_as_it_was_kept(seed: Seed) -> None:
    survey = [
        ["type", "name", "label", "calculation"],
        ["text", "story", "What?", ""],
        ["hidden", "completed_count", "", ""],
        ["start", "begun", "", ""],
        ["deviceid", "device", "", ""],
        ["calculate", "drawn", "", "once(random())"],
    ]
    form = seed.form(compile_workbook(xlsform(survey)))
    person = seed.person("SENT")
    prompt = seed.prompt(seed.workshop(form, MONDAY), person, "completed", ASKED, ENDED)
    session = seed.session(form, person, prompt, ASKED, ENDED, hidden={"completed_count": "3"})
    with transaction(seed.path) as tx:
        sessions.froze(tx, session, {"/data/drawn": "0.25"})
    (folder,) = written(seed)
    (text,) = contents(folder).values()
    kept = {leaf.tag: leaf.text for leaf in etree.fromstring(text)}
    assert (kept.pop("begun") or "").startswith("2026-11-16T12:00:00.000")
    assert kept == {"story": None, "completed_count": "3", "device": "SENT", "drawn": "0.25", "meta": None}


def test_the_files_of_an_instance_are_listed_for_who_sends_them_on(seed: Seed) -> None:
    survey = [
        ["type", "name", "label"],
        ["text", "story", "What?"],
        ["image", "flap", "Flap"],
        ["file", "note", "Note"],
    ]
    form = seed.form(compile_workbook(xlsform(survey)))
    session = reflection(seed, form, "SENT", {"/data/story": "x", "/data/flap": "p1.jpg", "/data/note": "n1.pdf"})
    (folder,) = written(seed)
    name = f"{instance_id(seed, session).replace(':', '')}.xml"
    assert contents(folder)["attachments.csv"].decode().splitlines() == [
        "xml_submission_file,file",
        f"{name},p1.jpg",
        f"{name},n1.pdf",
    ]


def test_every_questionnaire_has_a_folder_of_its_own_and_versions_share_one(seed: Seed) -> None:
    survey = [["text", "story", "Wat?", "What?", ""]]
    forms = [seed.form(default_form()), seed.form(small_form("1", survey, [])), seed.form(small_form("2", survey, []))]
    for number, form in enumerate(forms):
        reflection(seed, form, f"P{number + 1:03d}", {})
    assert {folder.name.rpartition("_")[2]: len(contents(folder)) for folder in written(seed)} == {
        "reflectie": 1,
        "small": 2,
    }


def test_a_week_without_reflections_gives_no_folder(seed: Seed) -> None:
    reflection(seed, seed.form(default_form()), "SENT", FULL)
    assert written(seed, iso_week("2026-W46", ZONE)) == ()
    assert len(written(seed, iso_week("2026-W47", ZONE))) == 1


def test_the_command_prints_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forget_settings(monkeypatch)
    program, (form,) = prepared_in(tmp_path)
    with closing(Seed(program.place.database.path)) as seed:
        reflection(seed, form, "SENT", FULL)
    words = ("export", "--city", "Leiden", "--week", "2026-W47", "--folder", str(tmp_path))
    (folder,) = terugblik(*words, "--as", "xforms").stdout.splitlines()
    assert [file.suffix for file in Path(folder).iterdir()] == [".xml"]
    assert terugblik(*words).stdout.splitlines() == [f"{folder}.xlsx"]
    other = terugblik("export", "--city", "Utrecht", "--as", "xforms", "--folder", str(tmp_path))
    assert (other.exit_code, other.stdout) == (0, "")
    assert "nothing in this period" in other.stderr
