"""On the command line it is seen how far an export is, and Ctrl+C leaves nothing behind."""

import io
import os
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import typer
from rich.console import Console

from bot.program import Program, prepare
from bot.progressbar import course_shown
from bot.telling import STOPPED_BY_HAND, stopped_by_hand
from exports.course import untold
from exports.period import everything
from handlers.delivery.exportfiles import gone_unless_noted, make_files
from tests.command import forget_settings, prepared_in
from tests.exports.seed import MONDAY, Seed, small_form

ENDED = MONDAY + timedelta(hours=4)


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """A study in which two questionnaires were answered in Utrecht."""
    forget_settings(monkeypatch)
    program, (first,) = prepared_in(tmp_path)
    with closing(Seed(program.place.database.path)) as seed:
        second = seed.form(small_form("1", [["text", "oud", "Oud?", "Old?", ""]], []))
        for form in (first, second):
            person = seed.person(f"K{form[:3]}", "utrecht")
            prompt = seed.prompt(seed.workshop(form, MONDAY, "utrecht"), person, "completed", MONDAY, ENDED)
            seed.session(form, person, prompt, MONDAY, ENDED)
    return program


def test_ctrl_c_in_the_second_file_leaves_none(program: Program) -> None:
    steps: list[tuple[int, int]] = []

    def interrupted(done: int, total: int) -> None:
        steps.append((done, total))
        if done == 2:
            raise KeyboardInterrupt

    desk = program.desk({}, "")
    with pytest.raises(typer.Exit) as ended, stopped_by_hand("no file was made"):
        make_files(program.place, desk, desk.city("utrecht"), everything(), "nl", told=interrupted)
    assert ended.value.exit_code == STOPPED_BY_HAND
    assert (1, 2) in steps
    assert [path.name for path in program.place.exports.iterdir()] == []
    made = make_files(program.place, desk, desk.city("utrecht"), everything(), "nl")
    assert sorted(path.name for path in program.place.exports.iterdir()) == sorted(one.file for one in made)
    with pytest.raises(KeyboardInterrupt), gone_unless_noted(program.place, made):
        raise KeyboardInterrupt
    assert [path.name for path in program.place.exports.iterdir()] == []


def test_what_a_crash_left_of_a_file_is_gone_after_the_next_start(program: Program) -> None:
    old, new = program.place.exports / ".old.zip.parts", program.place.exports / ".new.zip.parts"
    for folder in (old, new):
        folder.mkdir()
        (folder / "half.xlsx").write_bytes(b"half")
    os.utime(old, (1e9, 1e9))
    prepare(program)
    assert list(program.place.exports.iterdir()) == [new], "another program may be at work on that one"


def test_the_bar_is_drawn_on_a_terminal_only() -> None:
    drawn = io.StringIO()
    with course_shown(Console(file=drawn, force_terminal=True, width=80)) as told:
        told(3, 12)
    assert "Reflections" in drawn.getvalue()
    assert "3/12" in drawn.getvalue()
    piped = io.StringIO()
    with course_shown(Console(file=piped)) as told:
        assert told is untold
    assert piped.getvalue() == ""
