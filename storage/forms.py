"""Forms by their hash, and which one new workshops of a city get."""

from datetime import datetime

from storage.connection import Rows, Tx, stamp


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


def xforms(rows: Rows) -> dict[str, str]:
    """Every form's XForm text by hash."""
    return {row["hash"]: row["xform"] for row in rows.all("SELECT hash, xform FROM form")}
