"""Who was erased, by code, in a file beside the database: a copy that is put back brings nobody back."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Line:
    """One erasure; `person_id` and `code` together tell who, in a copy of any age."""

    person_id: int
    code: str
    receipt: str
    city: str


def beside(database: Path) -> Path:
    """Where the log of this database lies."""
    return database.with_name(f"{database.name}.erasures")


def append(log: Path, line: Line) -> None:
    """Write a line and make sure of it on disk; one that is there already is not written again. Mode 0600."""
    if line in read(log):
        return
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        # A line of its own, also behind one that a crash cut short.
        os.write(handle, f"\n{json.dumps(asdict(line))}\n".encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def read(log: Path) -> list[Line]:
    """Every whole line, the oldest first; nothing where there is no log."""
    try:
        lines = log.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    return [line for text in lines if (line := _line(text)) is not None]


def _line(text: str) -> Line | None:
    """A line; None for what a crash cut short."""
    try:
        return Line(**json.loads(text))
    except (ValueError, TypeError):
        return None
