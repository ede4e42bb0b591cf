"""A questionnaire played in the terminal, with what is typed piped in."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from tests.forms.xlsform_sheets import QUESTIONNAIRE, xlsform
from tests.kitchen import kitchen

SMALL = [
    ["type", "name", "label", "relevant"],
    ["text", "story", "What happened?", ""],
    ["select_one yn", "again", "Again?", ""],
    ["integer", "times", "How many times?", "${again} = 'y'"],
]
YES_NO = [["list_name", "name", "label"], ["yn", "y", "Yes"], ["yn", "n", "No"]]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    file = tmp_path / "small.xlsx"
    file.write_bytes(xlsform(SMALL, YES_NO))
    return file


def preview(file: Path, *lines: str, language: str = "en") -> Result:
    typed = "".join(f"{line}\n" for line in lines)
    return CliRunner().invoke(app, ["forms", "preview", str(file), "--language", language], input=typed)


def values(played: Result) -> dict[str, str]:
    """The table behind the last blank line."""
    table = played.stdout.rstrip("\n").rpartition("\n\n")[2]
    return dict(re.split(" {2,}", line, maxsplit=1) for line in table.splitlines())


def test_the_default_questionnaire_is_typed_through_to_its_end() -> None:
    moment = ("Een bewoner nam het woord.", "Ik luisterde.", "klaar")
    skips = ["/overslaan"] * 3
    played = preview(QUESTIONNAIRE, "1", "1 3", "klaar", "4", *moment, *skips, "1", *skips, "#1", language="nl")
    assert played.exit_code == 0
    assert "Klopt alles?\n  [1] Ja, versturen" in played.stdout
    assert "stopped before its end" not in played.stderr
    assert values(played) == {
        "held": "as_planned",
        "present": "residents social_work",
        "influence": "4",
        "moment": "Een bewoner nam het woord. Ik luisterde.",
        "friction": "none",
    }


def test_every_type_can_be_walked_in_the_terminal_a_word_standing_for_a_file(tmp_path: Path) -> None:
    file = tmp_path / "kitchen.xlsx"
    file.write_bytes(kitchen())
    begin = ["Neude", "klaar", "uitleg", "houden", "0,5", "Anders", "In de tuin", "klaar", "1 3", "4", "80"]
    moments = ["gelezen", "houden", "nu", "gisteren 14:30", "52.09, 5.12"]
    media = ["foto", "geluid.ogg", "film", "~/verslag.pdf"]
    end = ["Een bankje", "klaar", "Een gast", "klaar", "nee", "ja", "nee", "#1"]
    played = preview(file, *begin, *moments, *media, *end, language="nl")
    assert "stopped before its end" not in played.stderr
    found = values(played)
    files = {"picture": "foto", "sound": "geluid.ogg", "film": "film", "paper": "~/verslag.pdf"}
    wanted = {"people": "12", "double": "24", "place": "other", "present": "residents youth", "spot": "52.09 5.12 0 0"}
    assert {name: found[name] for name in files | wanted} == files | wanted


def test_what_is_typed_after_the_end_is_not_read(small: Path) -> None:
    played = preview(small, "A quarrel.", "#1", "Yes", "3", "#1", "More words.")
    assert values(played) == {"story": "A quarrel.", "again": "y", "times": "3"}
    assert "> More words." not in played.stdout


def test_a_button_is_pressed_by_its_number_and_shows_what_it_changed(small: Path) -> None:
    played = preview(small, "A quarrel.", "#1", "#2", "#stop")
    assert "\n  [1] Yes\n  [2] No\n" in played.stdout
    answered = played.stdout.partition("> #2")[2]
    assert "✎ " in answered
    assert "Your answer: No" in answered


def test_a_number_without_a_button_is_told(small: Path) -> None:
    played = preview(small, "#0", "#99", "#stop")
    assert [line for line in played.stdout.splitlines() if line.startswith("(")] == [
        "(there is no button 0 now)",
        "(there is no button 99 now)",
    ]


def test_end_of_input_ends_the_talk_with_what_was_answered(small: Path) -> None:
    played = preview(small, "A quarrel.", "#1", "No")
    assert played.exit_code == 0
    assert "stopped before its end" in played.stderr
    assert values(played) == {"story": "A quarrel.", "again": "n"}


def test_the_problems_of_a_file_that_cannot_be_used_are_those_of_the_check(tmp_path: Path) -> None:
    file = tmp_path / "broken.xlsx"
    file.write_bytes(xlsform([["type", "name", "label", "relevant"], ["text", "a", "A?", "${b} = 1"]]))
    checked = CliRunner().invoke(app, ["forms", "check", str(file)])
    played = preview(file, "anything")
    assert played.exit_code == checked.exit_code == 1
    assert played.stdout == checked.stdout
    assert "error: survey, row 2" in played.stdout


def test_what_is_no_questionnaire_is_told_as_a_problem(tmp_path: Path) -> None:
    file = tmp_path / "picture.xlsx"
    file.write_bytes(b"\x89PNG\r\n")
    played = preview(file)
    assert played.exit_code == 1
    assert played.stdout.startswith("error: ")
