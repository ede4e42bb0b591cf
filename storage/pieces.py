"""Pieces put aside for as long as a long piece of work lasts, where nobody else reads them."""

from collections.abc import Iterator
from contextlib import contextmanager

from storage.connection import open_nameless
from storage.tx import Tx


class Pieces:
    """Bytes under numbers; see `open_nameless` for where they lie."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def add(self, content: bytes) -> int:
        """Put a piece aside; the number to get it by."""
        return self._tx.add("INSERT INTO piece (content) VALUES (:content) RETURNING id", content=content)

    def get(self, number: int) -> bytes:
        """A piece as it was put aside. KeyError where there is none of that number."""
        row = self._tx.one("SELECT content FROM piece WHERE id = :number", number=number)
        if row is None:
            raise KeyError(number)
        return bytes(row["content"])


@contextmanager
def pieces() -> Iterator[Pieces]:
    """A place for pieces, gone with the block."""
    connection = open_nameless()
    try:
        tx = Tx(connection)
        tx.run("CREATE TABLE piece (id INTEGER PRIMARY KEY, content BLOB NOT NULL) STRICT")
        yield Pieces(tx)
    finally:
        connection.close()
