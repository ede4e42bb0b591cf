"""Every statement that a running bot carries out, and what SQLite reads for it."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import storage.database
from storage.connection import Connection, Tx, Where, open_for_reading, open_for_writing
from tests.reliability.instead import instead

_SCAN = re.compile(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?")
_STEERING = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA", "VACUUM", "EXPLAIN")


@dataclass
class Statements:
    """The statements of the writer and of the loop's readers, each once, with parameters it was given."""

    found: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def note(self, sql: str, values: Any) -> None:
        if not sql.lstrip().upper().startswith(_STEERING):
            self.found.setdefault(sql, values if isinstance(values, dict) else {})

    def scans(self, tx: Tx) -> dict[str, set[str]]:
        """The tables and indexes that are read from one end to the other, by statement."""
        read = {sql: scans(tx, sql, values) for sql, values in self.found.items()}
        return {sql: names for sql, names in read.items() if names}

    def deleted_from(self) -> set[str]:
        """The tables that rows were deleted from."""
        return {name for sql in self.found for name in re.findall(r"(?i)\bDELETE\s+FROM\s+(\w+)", sql)}


@contextmanager
def watched() -> Iterator[Statements]:
    """What is carried out while the block lasts by bots that are started in it; not by slow work, which has a snapshot."""
    statements = Statements()

    def writing(where: Where, *, checkpoints: bool = True) -> Connection:
        connection = open_for_writing(where, checkpoints=checkpoints)
        return _watched(connection, statements) if checkpoints else connection

    with (
        instead(storage.database, "open_for_writing", writing),
        instead(storage.database, "open_for_reading", lambda where: _watched(open_for_reading(where), statements)),
    ):
        yield statements


def _watched(connection: Connection, statements: Statements) -> Connection:
    return cast(Connection, _Watched(connection, statements))


class _Watched:
    """A connection whose statements are noted; a reader that begins a transaction has a snapshot and is let go."""

    def __init__(self, connection: Connection, statements: Statements) -> None:
        self._connection = connection
        self._statements: Statements | None = statements

    def execute(self, sql: str, values: Any = ()) -> Any:
        if sql == "BEGIN":
            self._statements = None
        if self._statements is not None:
            self._statements.note(sql, values)
        return self._connection.execute(sql, values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def scans(tx: Tx, sql: str, values: Mapping[str, Any]) -> set[str]:
    """The tables and indexes that the statement reads from one end to the other: `prompt`, `prompt.prompt_due`."""
    tables = {row["name"] for row in tx.all("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    details = [row["detail"] for row in tx.all(f"EXPLAIN QUERY PLAN {sql}", **values)]
    read = [found for detail in details if (found := _SCAN.match(detail))]
    named = [(_table(found[1], sql, tables), found[2]) for found in read]
    return {f"{table}.{index}" if index else table for table, index in named if table}


def _table(alias: str, sql: str, tables: set[str]) -> str | None:
    """The table that the statement calls so; None where it is a part of the statement itself."""
    if alias in tables:
        return alias
    named = re.findall(rf"(?i)\b(\w+)\s+(?:AS\s+)?{alias}\b", sql)
    return next((name for name in named if name in tables), None)
