"""A transaction as the rest of the program sees it: SQL in, rows out."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from storage.driver import Connection, Row, Value


class Rows(Protocol):
    """Something that answers a SELECT with named parameters."""

    def all(self, sql: str, **values: Value) -> Sequence[Row]: ...

    def one(self, sql: str, **values: Value) -> Row | None: ...

    def each(self, sql: str, **values: Value) -> Iterator[Row]: ...


class Tx:
    """A transaction under way, or a snapshot to read: SQL in, rows out. It cannot commit."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self, sql: str, **values: Value) -> list[Row]:
        """Every row of a query."""
        rows: list[Row] = self._connection.execute(sql, values).fetchall()
        return rows

    def one(self, sql: str, **values: Value) -> Row | None:
        """The first row of a query, or None."""
        row: Row | None = self._connection.execute(sql, values).fetchone()
        return row

    def each(self, sql: str, **values: Value) -> Iterator[Row]:
        """The rows of a query one after another; they are never all in memory."""
        yield from self._connection.execute(sql, values)

    def run(self, sql: str, **values: Value) -> int:
        """Carry out a statement; the number of rows it changed."""
        return self._connection.execute(sql, values).rowcount

    @contextmanager
    def part(self) -> Iterator[None]:
        """A part of the transaction that is undone by itself when it raises."""
        self._connection.execute("SAVEPOINT part")
        try:
            yield
        except Exception:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK TO part")
                self._connection.execute("RELEASE part")
            raise
        self._connection.execute("RELEASE part")

    def add(self, sql: str, **values: Value) -> int:
        """Carry out an `INSERT … RETURNING id`; the new row's id."""
        row = self._connection.execute(sql, values).fetchone()
        return int(row[0])
