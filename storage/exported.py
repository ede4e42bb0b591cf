"""Files that left or may leave: what they hold, whose answers are in them, and who was given them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from storage.stamps import moment, stamp
from storage.tx import Rows, Tx


@dataclass(frozen=True, slots=True)
class Given:
    """A file that holds somebody, and who has it: codes, '' for the command line."""

    file: str
    sha256: str
    city: str
    made_on: datetime
    readers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A file that was made, under its number."""

    number: int
    file: str
    sha256: str
    city: str
    rows: int
    made_on: datetime
    readers: tuple[str, ...]
    """Codes of who was given it, '' for the command line."""


def listed(rows: Rows) -> Iterator[Listed]:
    """Every file that was made, the newest first."""
    for row in rows.each("SELECT id, file, sha256, city, rows, made_on FROM export ORDER BY id DESC"):
        readers = _readers(rows, row["id"])
        made_on = moment(row["made_on"])
        yield Listed(row["id"], row["file"], row["sha256"], row["city"], row["rows"], made_on, readers)


def add(tx: Tx, file: str, sha256: str, city: str, rows: int, codes: Iterable[str], now: datetime) -> int:
    """Note a file and the people in it; the same file again changes nothing. Its id."""
    tx.run(
        "INSERT INTO export (file, sha256, city, rows, made_on) VALUES (:file, :sha256, :city, :rows, :now)"
        " ON CONFLICT (file, sha256) DO NOTHING",
        file=file,
        sha256=sha256,
        city=city,
        rows=rows,
        now=stamp(now),
    )
    number = number_of(tx, file, sha256)
    for code in codes:
        tx.run(
            "INSERT INTO export_person (export_id, code) VALUES (:export, :code)"
            " ON CONFLICT (export_id, code) DO NOTHING",
            export=number,
            code=code,
        )
    return number


def number_of(rows: Rows, file: str, sha256: str) -> int:
    """The number under which the file was noted."""
    row = rows.one("SELECT id FROM export WHERE file = :file AND sha256 = :sha256", file=file, sha256=sha256)
    assert row is not None, file
    return int(row["id"])


def given(tx: Tx, file: str, sha256: str, person_id: int | None, now: datetime) -> None:
    """Somebody was given the file; None is the command line."""
    tx.run(
        "INSERT INTO export_reader (export_id, person_id, given_on)"
        " SELECT id, :person, :now FROM export WHERE file = :file AND sha256 = :sha256",
        person=person_id,
        now=stamp(now),
        file=file,
        sha256=sha256,
    )


def holding(rows: Rows, code: str) -> list[Given]:
    """The files that were given away and hold the person with this code, the oldest first."""
    found = rows.all(
        "SELECT e.id, e.file, e.sha256, e.city, e.made_on FROM export e"
        " JOIN export_person p ON p.export_id = e.id WHERE p.code = :code"
        " AND EXISTS (SELECT 1 FROM export_reader r WHERE r.export_id = e.id) ORDER BY e.made_on, e.id",
        code=code,
    )
    return [
        Given(row["file"], row["sha256"], row["city"], moment(row["made_on"]), _readers(rows, row["id"]))
        for row in found
    ]


def names_holding(rows: Rows, code: str) -> list[str]:
    """The names, under the exports folder, of every file that holds the person, given away or not."""
    found = rows.all(
        "SELECT DISTINCT e.file FROM export e JOIN export_person p ON p.export_id = e.id"
        " WHERE p.code = :code ORDER BY e.file",
        code=code,
    )
    return [row["file"] for row in found]


def _readers(rows: Rows, export_id: int) -> tuple[str, ...]:
    found = rows.all(
        "SELECT DISTINCT coalesce(p.code, '') AS code FROM export_reader r LEFT JOIN person p ON p.id = r.person_id"
        " WHERE r.export_id = :export ORDER BY 1",
        export=export_id,
    )
    return tuple(row["code"] for row in found)
