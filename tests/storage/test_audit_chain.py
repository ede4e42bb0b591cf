"""The audit is only added to, and whatever is done to it behind its back is found."""

from collections.abc import Callable
from pathlib import Path

import pytest

from storage import audit, migrate
from storage.audit import Only, Seal
from storage.connection import Database, Where, open_for_writing
from storage.database import snapshot, transaction
from storage.driver import DatabaseError
from tests.storage.rows import NOW, a_person, after


def written(path: Where, entries: int = 6) -> Seal:
    """So many acts, alternately in two cities; where the chain ends."""
    with transaction(path) as tx:
        person = a_person(tx, "K7M4")
        for number in range(entries):
            city = "leiden" if number % 2 else "utrecht"
            audit.note(
                tx, person if number % 3 else None, "exported", city, f"file-{number}.xlsx", after(minutes=number)
            )
        return audit.seal(tx)


def found(path: Where, expected: Seal | None = None) -> list[str]:
    with snapshot(path) as rows:
        return list(audit.faults(rows, expected))


def tamper(path: Where, *statements: str) -> None:
    """Change the file as somebody with the file in their hands would, the triggers taken away first."""
    connection = open_for_writing(path)
    for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.execute(statement)
    connection.close()


def test_what_was_written_is_as_it_was_written(path: Where) -> None:
    assert found(path) == []
    seal = written(path)
    assert seal.entries == 6
    assert found(path) == found(path, seal) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET subject = 'other.xlsx' WHERE id = 2",
        "UPDATE audit SET person_id = NULL WHERE id = 2",
        "DELETE FROM audit WHERE id = 2",
        "DELETE FROM audit",
        "UPDATE audit_head SET entries = 0",
        "DELETE FROM audit_head",
    ],
)
def test_the_database_itself_refuses_change_and_deletion(path: Where, statement: str) -> None:
    written(path)
    with pytest.raises(DatabaseError, match="only added to"), transaction(path) as tx:
        tx.run(statement)
    assert found(path) == []


TAMPERED: dict[str, tuple[str, ...]] = {
    "changed": ("UPDATE audit SET city = 'almere' WHERE id = 3",),
    "whose": ("UPDATE audit SET person_id = 99 WHERE id = 3",),
    "when": ("UPDATE audit SET done_on = '2020-01-01T00:00:00.000Z' WHERE id = 1",),
    "deleted": ("DELETE FROM audit WHERE id = 3",),
    "deleted and closed up": (
        "DELETE FROM audit WHERE id = 3",
        "UPDATE audit SET id = id - 1 WHERE id > 3",
        "UPDATE audit_head SET entries = 5",
    ),
    "swapped": (
        "UPDATE audit SET id = 100 WHERE id = 2",
        "UPDATE audit SET id = 2 WHERE id = 3",
        "UPDATE audit SET id = 3 WHERE id = 100",
    ),
    "cut off": ("DELETE FROM audit WHERE id > 4",),
    "emptied": ("DELETE FROM audit",),
    "added": (
        "INSERT INTO audit (id, done_on, verb, city, subject) VALUES (7, '2026-11-20T15:00:00.000Z', 'x', '', '')",
    ),
}


@pytest.mark.parametrize("statements", TAMPERED.values(), ids=TAMPERED)
def test_any_tampering_is_found(path: Where, statements: tuple[str, ...]) -> None:
    written(path)
    tamper(path, *statements)
    assert len(found(path)) == 1


def test_a_chain_that_was_cut_off_and_sealed_anew_is_found_by_a_seal_that_was_written_down(path: Where) -> None:
    seal = written(path)
    tamper(
        path,
        "DELETE FROM audit WHERE id > 4",
        "UPDATE audit_head SET entries = 4, hash = (SELECT hash FROM audit WHERE id = 4)",
    )
    assert found(path) == []
    assert len(found(path, seal)) == 1


@pytest.mark.parametrize("act", ["another city", "one entry fewer"])
def test_a_chain_that_was_made_anew_from_its_beginning_is_found_by_the_short_seal_of_a_message(
    path: Where, act: str
) -> None:
    seal = written(path)
    short = Seal(seal.entries, seal.short.partition(":")[2])
    assert len(short.hash) == 32 and found(path, short) == []
    with snapshot(path) as rows:
        kept = [dict(row) for row in rows.all("SELECT * FROM audit ORDER BY id")]
    tamper(path, "DELETE FROM audit", "UPDATE audit_head SET entries = 0, hash = ''")
    with transaction(path) as tx:
        for row in kept[1:] if act == "one entry fewer" else kept:
            audit.note(tx, row["person_id"], row["verb"], row["city"] or "almere", row["subject"] + ".", NOW)
    assert found(path) == [], "it is a whole chain again"
    assert len(found(path, short)) == 1


def test_a_seal_written_down_earlier_still_holds_when_more_was_added(path: Where) -> None:
    seal = written(path)
    with transaction(path) as tx:
        audit.note(tx, None, "workbook_made", "leiden", "x", NOW)
    assert found(path, seal) == []


def test_entries_of_before_the_chain_are_chained_by_the_upgrade(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, scripts = tmp_path / "old.db", migrate.steps()
    position = next(number for number, script in enumerate(scripts) if "audit_head" in script)
    with monkeypatch.context() as earlier:
        earlier.setattr(migrate, "steps", lambda: scripts[:position])
        migrate.migrate(path)
    with transaction(path) as tx:
        for number in range(2500):
            tx.run(
                "INSERT INTO audit (done_on, verb, city, subject) VALUES ('2026-11-20T15:00:00.000Z', 'é', '', :n)",
                n=str(number),
            )
    migrate.migrate(path)
    assert found(path) == []
    tamper(path, "UPDATE audit SET subject = 'x' WHERE id = 2400")
    assert len(found(path)) == 1


@pytest.mark.parametrize(
    ("only", "ids"),
    [
        (Only(), [6, 5, 4, 3, 2, 1]),
        (Only(city="leiden"), [6, 4, 2]),
        (Only(code="K7M4"), [6, 5, 3, 2]),
        (Only(verb="planned"), []),
    ],
)
def test_entries_are_read_newest_first_and_page_by_page(path: Database, only: Only, ids: list[int]) -> None:
    written(path)

    def pages(read: Callable[[int | None], list[audit.Entry]]) -> list[int]:
        seen: list[int] = []
        while batch := read(seen[-1] if seen else None):
            seen += [entry.id for entry in batch]
        return seen

    with snapshot(path) as rows:
        assert pages(lambda before: audit.page(rows, only, before, 2)) == ids


def test_a_failed_transaction_leaves_no_entry(path: Database) -> None:
    seal = written(path)
    with pytest.raises(LookupError), transaction(path) as tx:
        audit.note(tx, None, "exported", "leiden", "x", NOW)
        raise LookupError
    with snapshot(path) as rows:
        assert audit.seal(rows) == seal
    assert found(path) == []
