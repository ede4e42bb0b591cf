"""Prompts: one row for each person and workshop, saying when to look at it next."""

from dataclasses import dataclass
from datetime import datetime

from storage.driver import Row
from storage.stamps import moment_or_none, stamp
from storage.tx import Rows, Tx

_PROMPT = (
    "SELECT p.id, p.workshop_id, p.person_id, p.state, p.due_on, p.asked_on, p.closes_on, p.reminders, p.snoozes"
    " FROM prompt p"
)


OPEN = ("asked", "snoozed", "opened")


@dataclass(frozen=True, slots=True)
class Prompt:
    """How far the asking of one person about one workshop is."""

    id: int
    workshop_id: int
    person_id: int
    state: str
    due_on: datetime | None
    asked_on: datetime | None
    closes_on: datetime | None
    reminders: int
    snoozes: int

    @property
    def is_open(self) -> bool:
        """Whether it can still be answered."""
        return self.state in OPEN


def plan(tx: Tx, workshop_id: int, person_id: int, due_on: datetime) -> None:
    """Ask this person at this time; a prompt that was not put yet moves, one that was stays as it is."""
    tx.run(
        "INSERT INTO prompt (workshop_id, person_id, due_on) VALUES (:workshop, :person, :due_on)"
        " ON CONFLICT (workshop_id, person_id) DO UPDATE SET due_on = excluded.due_on, state = 'planned'"
        " WHERE prompt.asked_on IS NULL",
        workshop=workshop_id,
        person=person_id,
        due_on=stamp(due_on),
    )


def by_id(rows: Rows, prompt_id: int) -> Prompt | None:
    """The prompt with this id."""
    row = rows.one(f"{_PROMPT} WHERE p.id = :id", id=prompt_id)
    return None if row is None else _prompt(row)


def due(rows: Rows, now: datetime, limit: int) -> list[Prompt]:
    """What the clock must look at now, the longest due first."""
    found = rows.all(
        f"{_PROMPT} WHERE p.due_on IS NOT NULL AND p.due_on <= :now AND p.error IS NULL"
        " ORDER BY p.due_on, p.id LIMIT :limit",
        now=stamp(now),
        limit=limit,
    )
    return [_prompt(row) for row in found]


def set_aside(tx: Tx, prompt_id: int, error: str) -> None:
    """The clock cannot take the next step with it and looks at it no more, until it is replayed."""
    tx.run("UPDATE prompt SET error = :error WHERE id = :id", error=error, id=prompt_id)


def replay(tx: Tx, prompt_id: int) -> bool:
    """Let the clock look at it again; False where nothing is wrong with it."""
    return tx.run("UPDATE prompt SET error = NULL WHERE id = :id AND error IS NOT NULL", id=prompt_id) == 1


def dead(rows: Rows) -> list[tuple[int, str, datetime | None]]:
    """The prompts that were set aside, why, and since when each was due."""
    found = rows.all("SELECT id, error, due_on FROM prompt WHERE error IS NOT NULL ORDER BY id")
    return [(row["id"], row["error"], moment_or_none(row["due_on"])) for row in found]


def next_planned_on(rows: Rows) -> datetime | None:
    """When somebody is asked for the first time next."""
    row = rows.one("SELECT min(due_on) AS due_on FROM prompt WHERE state = 'planned'")
    return None if row is None else moment_or_none(row["due_on"])


def of_workshop(rows: Rows, workshop_id: int) -> list[Prompt]:
    """Everyone's prompt for this workshop."""
    found = rows.all(f"{_PROMPT} WHERE p.workshop_id = :id ORDER BY p.person_id", id=workshop_id)
    return [_prompt(row) for row in found]


def said_of_holding(rows: Rows, workshop_id: int) -> tuple[int, int]:
    """How many people told of this workshop, and how many said that it did not take place."""
    row = rows.one(
        "SELECT coalesce(sum(state = 'completed'), 0) AS told, coalesce(sum(state = 'not_held'), 0) AS not_held"
        " FROM prompt WHERE workshop_id = :id",
        id=workshop_id,
    )
    assert row is not None
    return int(row["told"]), int(row["not_held"])


def unfinished_of(rows: Rows, person_id: int) -> list[Prompt]:
    """What the person was or will be asked and has not finished."""
    found = rows.all(
        f"{_PROMPT} WHERE p.person_id = :person AND p.state IN ('planned', 'asked', 'snoozed', 'opened')"
        " ORDER BY p.due_on",
        person=person_id,
    )
    return [_prompt(row) for row in found]


def asked(tx: Tx, prompt_id: int, now: datetime, closes_on: datetime, due_on: datetime) -> None:
    """The person was asked for the first time."""
    tx.run(
        "UPDATE prompt SET state = 'asked', asked_on = :now, closes_on = :closes_on, due_on = :due_on WHERE id = :id",
        now=stamp(now),
        closes_on=stamp(closes_on),
        due_on=stamp(due_on),
        id=prompt_id,
    )


def asked_again(tx: Tx, prompt_id: int, due_on: datetime) -> None:
    """The person was asked again at the time they chose."""
    tx.run(
        "UPDATE prompt SET state = CASE WHEN opened_on IS NULL THEN 'asked' ELSE 'opened' END, due_on = :due_on"
        " WHERE id = :id",
        due_on=stamp(due_on),
        id=prompt_id,
    )


def look_again(tx: Tx, prompt_id: int, due_on: datetime) -> None:
    """Look at it next at this time."""
    tx.run("UPDATE prompt SET due_on = :due_on WHERE id = :id", due_on=stamp(due_on), id=prompt_id)


def reminded(tx: Tx, prompt_id: int, due_on: datetime) -> None:
    """The person was reminded."""
    tx.run(
        "UPDATE prompt SET reminders = reminders + 1, due_on = :due_on WHERE id = :id",
        due_on=stamp(due_on),
        id=prompt_id,
    )


def snoozed(tx: Tx, prompt_id: int, due_on: datetime) -> None:
    """The person wants to be asked again at this time."""
    tx.run(
        "UPDATE prompt SET state = 'snoozed', snoozes = snoozes + 1, due_on = :due_on WHERE id = :id",
        due_on=stamp(due_on),
        id=prompt_id,
    )


def opened(tx: Tx, prompt_id: int, now: datetime, due_on: datetime) -> None:
    """The person began with the questions, or went on with them."""
    tx.run(
        "UPDATE prompt SET state = 'opened', opened_on = coalesce(opened_on, :now), due_on = :due_on WHERE id = :id",
        now=stamp(now),
        due_on=stamp(due_on),
        id=prompt_id,
    )


def reopened(tx: Tx, prompt_id: int, due_on: datetime) -> None:
    """What was said to be over is not: the person was there after all."""
    tx.run(
        "UPDATE prompt SET state = 'asked', ended_on = NULL, due_on = :due_on WHERE id = :id",
        due_on=stamp(due_on),
        id=prompt_id,
    )


def unasked(tx: Tx, prompt_id: int, due_on: datetime) -> None:
    """The workshop is later than when it was asked about: it is asked anew, as if for the first time."""
    tx.run(
        "UPDATE prompt SET state = 'planned', asked_on = NULL, closes_on = NULL, reminders = 0, snoozes = 0,"
        " due_on = :due_on WHERE id = :id",
        due_on=stamp(due_on),
        id=prompt_id,
    )


def opened_late(tx: Tx, prompt_id: int, now: datetime, closes_on: datetime) -> None:
    """It was closed and is answered after all; nobody is reminded of it any more."""
    tx.run(
        "UPDATE prompt SET state = 'opened', ended_on = NULL, opened_on = coalesce(opened_on, :now), undeliverable = 0,"
        " closes_on = :closes_on, due_on = :closes_on WHERE id = :id",
        now=stamp(now),
        closes_on=stamp(closes_on),
        id=prompt_id,
    )


def ask_now(tx: Tx, prompt_id: int, now: datetime) -> None:
    """Its turn has come: the clock asks again at its next look, and no reminder is counted."""
    tx.run("UPDATE prompt SET state = 'snoozed', due_on = :now WHERE id = :id", now=stamp(now), id=prompt_id)


def ended(tx: Tx, prompt_id: int, state: str, now: datetime) -> None:
    """It is over, in this state; the clock need not look again."""
    tx.run(
        "UPDATE prompt SET state = :state, ended_on = :now, due_on = NULL WHERE id = :id",
        state=state,
        now=stamp(now),
        id=prompt_id,
    )


def taken_up(tx: Tx, prompt_id: int, state: str, due_on: datetime) -> None:
    """It was ended and is not: it stands in this state again, and the clock looks at it at this time."""
    tx.run(
        "UPDATE prompt SET state = :state, ended_on = NULL, due_on = :due_on, error = NULL WHERE id = :id",
        state=state,
        due_on=stamp(due_on),
        id=prompt_id,
    )


def undeliverable(tx: Tx, prompt_id: int) -> None:
    """It ended while the person could not be reached and had begun nothing."""
    tx.run("UPDATE prompt SET undeliverable = 1 WHERE id = :id", id=prompt_id)


def open_of(rows: Rows, person_id: int) -> Prompt | None:
    """What the person was asked first and has not begun."""
    row = rows.one(
        f"{_PROMPT} WHERE p.person_id = :person AND p.state IN ('asked', 'snoozed') ORDER BY p.asked_on LIMIT 1",
        person=person_id,
    )
    return None if row is None else _prompt(row)


def oldest_asked(rows: Rows, person_id: int, now: datetime) -> Prompt | None:
    """What waits to be begun about the earliest workshop; what the person put off is not in their way."""
    row = rows.one(
        f"{_PROMPT} JOIN workshop w ON w.id = p.workshop_id"
        " WHERE p.person_id = :person AND p.state = 'asked' AND p.closes_on > :now ORDER BY w.ends_on, p.id LIMIT 1",
        person=person_id,
        now=stamp(now),
    )
    return None if row is None else _prompt(row)


def open_in_city(rows: Rows, city: str) -> list[Prompt]:
    """What people of this city were asked and have not finished, the oldest first."""
    found = rows.all(
        f"{_PROMPT} JOIN workshop w ON w.id = p.workshop_id"
        " WHERE w.city = :city AND p.state IN ('asked', 'snoozed', 'opened') ORDER BY p.asked_on, p.id",
        city=city,
    )
    return [_prompt(row) for row in found]


def _prompt(row: Row) -> Prompt:
    return Prompt(
        id=row["id"],
        workshop_id=row["workshop_id"],
        person_id=row["person_id"],
        state=row["state"],
        due_on=moment_or_none(row["due_on"]),
        asked_on=moment_or_none(row["asked_on"]),
        closes_on=moment_or_none(row["closes_on"]),
        reminders=row["reminders"],
        snoozes=row["snoozes"],
    )
