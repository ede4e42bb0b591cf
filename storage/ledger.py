"""Weekly work: claimed once for each city or line and ISO week."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from fieldwork.schedule import Week
from storage.stamps import stamp
from storage.tx import Rows, Tx


def claim(tx: Tx, work: str, city: str, week: Week, now: datetime) -> bool:
    """Whether this is the first claim; only then is the work to be done."""
    changed = tx.run(
        "INSERT INTO ledger (work, city, week, claimed_on) VALUES (:work, :city, :week, :now)"
        " ON CONFLICT (work, city, week) DO NOTHING",
        work=work,
        city=city,
        week=str(week),
        now=stamp(now),
    )
    return changed == 1


def last(rows: Rows, work: str, city: str) -> Week | None:
    """The latest week claimed; None where none was."""
    row = rows.one("SELECT max(week) AS week FROM ledger WHERE work = :work AND city = :city", work=work, city=city)
    return None if row is None or row["week"] is None else Week.parse(row["week"])


@dataclass(frozen=True, slots=True)
class Made:
    """A file in the exports folder, by its name there, its hash, and how much is in it."""

    file: str
    sha256: str
    rows: int
    people: int
    workshops: int
    codes: tuple[str, ...] = ()
    """Everyone who is in it."""
    made_as: str = "workbook"
    """Its format; several with + between."""
    size: int = 0
    """Bytes."""


def finish(tx: Tx, work: str, city: str, week: Week, made: Sequence[Made], now: datetime) -> None:
    """The work is done; `made` is what came of it."""
    tx.run(
        "UPDATE ledger SET finished_on = :now, made = :made WHERE work = :work AND city = :city AND week = :week",
        now=stamp(now),
        made=json.dumps([asdict(one) for one in made]),
        work=work,
        city=city,
        week=str(week),
    )


def made(rows: Rows, work: str, city: str, week: Week) -> tuple[Made, ...] | None:
    """What came of the work; None while it is not finished."""
    row = rows.one(
        "SELECT made FROM ledger WHERE work = :work AND city = :city AND week = :week",
        work=work,
        city=city,
        week=str(week),
    )
    return None if row is None or row["made"] is None else _made(row["made"])


def _made(text: str) -> tuple[Made, ...]:
    return tuple(Made(**{**one, "codes": tuple(one.get("codes", ()))}) for one in json.loads(text))
