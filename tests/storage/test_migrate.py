"""A database file becomes this program's, step by step, or stays exactly as it was."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest

from storage import migrate as migration
from storage import migrations
from storage.connection import APPLICATION_ID, Database, Where, open_for_reading, open_for_writing
from storage.driver import DatabaseError
from storage.migrate import NotOurs, TooNew, migrate, steps


def answers(path: Where, sql: str) -> list[tuple[object, ...]]:
    connection = open_for_reading(path)
    try:
        return [tuple(row) for row in connection.execute(sql)]
    finally:
        connection.close()


def schema(path: Where) -> list[tuple[object, ...]]:
    return answers(path, "SELECT type, name, sql FROM sqlite_schema ORDER BY name")


def number(path: Where, pragma: str) -> object:
    return answers(path, f"PRAGMA {pragma}")[0][0]


def make(path: Path, *statements: str) -> bytes:
    """A file that another program wrote; its bytes."""
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    return path.read_bytes()


def with_steps(monkeypatch: pytest.MonkeyPatch, more: Sequence[str]) -> None:
    """The program as it will be, with these migrations more."""
    scripts = [*steps(), *more]
    monkeypatch.setattr(migration, "steps", lambda: scripts)


def test_every_number_stands_on_one_migration() -> None:
    names = sorted(path.name for path in Path(migrations.__path__[0]).glob("*.sql"))
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))


def test_a_fresh_file_gets_the_newest_schema_and_our_mark(tmp_path: Path) -> None:
    path = tmp_path / "terugblik.db"
    assert migrate(path) == len(steps()) == number(path, "user_version")
    assert number(path, "application_id") == APPLICATION_ID
    assert number(path, "journal_mode") == "wal"
    assert answers(path, "PRAGMA foreign_key_check") == []


def test_an_empty_file_is_a_fresh_one(tmp_path: Path) -> None:
    path = tmp_path / "terugblik.db"
    path.touch()
    assert migrate(path) == len(steps())


def test_migrating_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "terugblik.db"
    migrate(path)
    before = schema(path)
    assert migrate(path) == len(steps())
    assert schema(path) == before


def test_a_file_whose_making_was_cut_short_is_made_after_all(tmp_path: Path) -> None:
    path = tmp_path / "terugblik.db"
    open_for_writing(path).close()
    assert path.stat().st_size > 0
    assert migrate(path) == len(steps())


def test_a_database_of_another_program_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    before = make(path, "CREATE TABLE contact (name TEXT)", "INSERT INTO contact VALUES ('Noor')")
    with pytest.raises(NotOurs, match=r"other\.db"):
        migrate(path)
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Dit zijn aantekeningen.\n" * 300)
    before = path.read_bytes()
    with pytest.raises(NotOurs, match=r"notes\.txt"):
        migrate(path)
    assert path.read_bytes() == before


def test_a_newer_file_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "newer.db"
    newer = len(steps()) + 1
    before = make(
        path, "CREATE TABLE later (x)", f"PRAGMA application_id={APPLICATION_ID}", f"PRAGMA user_version={newer}"
    )
    with pytest.raises(TooNew, match=f"schema {newer}"):
        migrate(path)
    assert path.read_bytes() == before


def test_an_upgrade_takes_the_new_steps_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "terugblik.db"
    old = migrate(path)
    with_steps(monkeypatch, ["CREATE TABLE fresh (x TEXT) STRICT;", "ALTER TABLE fresh ADD COLUMN y TEXT;"])
    assert migrate(path) == old + 2
    assert answers(path, "SELECT x, y FROM fresh") == []


def test_a_step_that_fails_leaves_the_old_version_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "terugblik.db"
    old = migrate(path)
    before = schema(path)
    with monkeypatch.context() as broken:
        with_steps(broken, ["CREATE TABLE fresh (x TEXT) STRICT; INSERT INTO nowhere VALUES (1);"])
        with pytest.raises(DatabaseError, match="nowhere"):
            migrate(path)
    assert (number(path, "user_version"), schema(path)) == (old, before)
    with_steps(monkeypatch, ["CREATE TABLE fresh (x TEXT) STRICT;"])
    assert migrate(path) == old + 1


def test_a_first_step_that_fails_can_be_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "terugblik.db"
    with monkeypatch.context() as broken:
        broken.setattr(migration, "steps", lambda: ["CREATE TABLE fresh (x TEXT); INSERT INTO nowhere VALUES (1);"])
        with pytest.raises(DatabaseError):
            migrate(path)
    assert migrate(path) == len(steps())


def test_every_table_is_strict(path: Database) -> None:
    tables = [str(sql) for kind, _, sql in schema(path) if kind == "table"]
    assert len(tables) > 15
    assert [sql.split("(")[0] for sql in tables if not sql.rstrip().endswith("STRICT")] == []


def test_a_row_that_points_to_nothing_is_refused(path: Database) -> None:
    connection = open_for_writing(path)
    try:
        with pytest.raises(DatabaseError, match="FOREIGN KEY"):
            connection.execute("INSERT INTO contact (person_id, name) VALUES (99, 'Noor')")
    finally:
        connection.close()
