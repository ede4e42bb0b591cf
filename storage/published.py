"""The figures of weeks as they were first told."""

from collections.abc import Sequence
from datetime import datetime

from storage.stamps import stamp
from storage.tx import Rows, Tx


def kept(rows: Rows, weeks: Sequence[str]) -> dict[str, str]:
    """The figures of these ISO weeks, of those that were told."""
    found = rows.all(
        "SELECT week, figures FROM published WHERE week BETWEEN :first AND :last", first=min(weeks), last=max(weeks)
    )
    return {row["week"]: row["figures"] for row in found}


def keep(tx: Tx, week: str, figures: str, now: datetime) -> bool:
    """Keep what is told of a week; False where something else was told before, which stays."""
    tx.run(
        "INSERT INTO published (week, figures, published_on) VALUES (:week, :figures, :now)"
        " ON CONFLICT (week) DO NOTHING",
        week=week,
        figures=figures,
        now=stamp(now),
    )
    return kept(tx, [week])[week] == figures
