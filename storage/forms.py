"""Forms by their hash, and which one new workshops of a city get."""

from dataclasses import dataclass
from datetime import datetime

from storage.driver import Row
from storage.stamps import moment, stamp
from storage.tx import Rows, Tx


def add(
    tx: Tx,
    form_hash: str,
    form_id: str,
    version: str,
    title: str,
    xform: str,
    workbook: bytes,
    published_by: int | None,
    now: datetime,
) -> None:
    """Keep a version of a form; the same version again changes nothing."""
    tx.run(
        "INSERT INTO form (hash, form_id, version, title, xform, workbook, published_by, published_on)"
        " VALUES (:hash, :form_id, :version, :title, :xform, :workbook, :published_by, :now)"
        " ON CONFLICT (hash) DO NOTHING",
        hash=form_hash,
        form_id=form_id,
        version=version,
        title=title,
        xform=xform,
        workbook=workbook,
        published_by=published_by,
        now=stamp(now),
    )


def is_another(rows: Rows, form_id: str, version: str, form_hash: str) -> bool:
    """Whether the same version of a form was published with another content."""
    row = rows.one(
        "SELECT 1 FROM form WHERE form_id = :form_id AND version = :version AND hash <> :hash LIMIT 1",
        form_id=form_id,
        version=version,
        hash=form_hash,
    )
    return row is not None


def use(tx: Tx, city: str, form_hash: str, now: datetime) -> None:
    """New workshops of this city get this form; '' is every city without one of its own."""
    tx.run(
        "INSERT INTO form_in_use (city, form_hash, since_on) VALUES (:city, :hash, :now)"
        " ON CONFLICT (city) DO UPDATE SET form_hash = excluded.form_hash, since_on = excluded.since_on",
        city=city,
        hash=form_hash,
        now=stamp(now),
    )


def in_use(rows: Rows, city: str) -> str:
    """The hash of the form that new workshops of this city get."""
    row = rows.one("SELECT form_hash FROM form_in_use WHERE city IN (:city, '') ORDER BY city DESC LIMIT 1", city=city)
    assert row is not None, "a form for every city is put in use when the program starts"
    return str(row["form_hash"])


@dataclass(frozen=True, slots=True)
class Published:
    """One version of a form, and the cities whose new workshops get it ('' is every other one)."""

    hash: str
    form_id: str
    version: str
    title: str
    published_by: int | None
    published_on: datetime
    cities: tuple[str, ...]


_PUBLISHED = "SELECT hash, form_id, version, title, published_by, published_on FROM form"


def published(rows: Rows) -> list[Published]:
    """Every version there is, the newest first."""
    return [_published(rows, row) for row in rows.all(f"{_PUBLISHED} ORDER BY published_on DESC, hash")]


def by_beginning(rows: Rows, beginning: str) -> Published | None:
    """The form whose hash begins so; None where there is none, or more than one."""
    found = rows.all(
        f"{_PUBLISHED} WHERE length(:beginning) >= 16 AND substr(hash, 1, length(:beginning)) = :beginning",
        beginning=beginning,
    )
    return _published(rows, found[0]) if len(found) == 1 else None


def workbook(rows: Rows, form_hash: str) -> bytes:
    """The file that was published."""
    row = rows.one("SELECT workbook FROM form WHERE hash = :hash", hash=form_hash)
    return b"" if row is None else bytes(row["workbook"])


def _published(rows: Rows, row: Row) -> Published:
    used = rows.all("SELECT city FROM form_in_use WHERE form_hash = :hash ORDER BY city", hash=row["hash"])
    return Published(
        hash=row["hash"],
        form_id=row["form_id"],
        version=row["version"],
        title=row["title"],
        published_by=row["published_by"],
        published_on=moment(row["published_on"]),
        cities=tuple(one["city"] for one in used),
    )


def xforms(rows: Rows) -> dict[str, str]:
    """Every form's XForm text by hash."""
    return {row["hash"]: row["xform"] for row in rows.all("SELECT hash, xform FROM form")}
