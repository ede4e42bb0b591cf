"""People, their roles and addresses; their names stand apart."""

from datetime import datetime, timedelta
from random import Random
from typing import Literal

from fieldwork.people import Grant, Person, Role, new_code
from storage.driver import Row
from storage.stamps import stamp
from storage.tx import Rows, Tx

_PERSON = (
    "SELECT p.id, p.code, p.language, p.ask_when, p.standing, p.media_allowed, p.quotes_allowed, p.tidies, p.paused_on"
    " FROM person p"
)


def by_urn(rows: Rows, urn: str) -> Person | None:
    """Who writes from this address."""
    row = rows.one(f"{_PERSON} JOIN address a ON a.person_id = p.id WHERE a.urn = :urn", urn=urn)
    return None if row is None else _person(rows, row)


def by_id(rows: Rows, person_id: int) -> Person:
    """The person with this id."""
    row = rows.one(f"{_PERSON} WHERE p.id = :id", id=person_id)
    if row is None:
        raise KeyError(person_id)
    return _person(rows, row)


def by_code(rows: Rows, code: str) -> Person | None:
    """The person with this code."""
    row = rows.one(f"{_PERSON} WHERE p.code = :code", code=code.upper())
    return None if row is None else _person(rows, row)


def with_role(rows: Rows, role: Role, city: str = "") -> list[Person]:
    """Everyone who holds the role now, in that city where one is named; by code."""
    found = rows.all(
        f"{_PERSON} WHERE p.id IN (SELECT person_id FROM role_grant WHERE role = :role"
        " AND deactivated_on IS NULL AND (:city = '' OR city = :city)) ORDER BY p.code",
        role=role,
        city=city,
    )
    return [_person(rows, row) for row in found]


def free_code(rows: Rows, random: Random) -> str:
    """A code that nobody has."""
    code = new_code(random)
    while by_code(rows, code) is not None:
        code = new_code(random)
    return code


def add(tx: Tx, code: str, language: str, now: datetime) -> int:
    """A new person, known by a code only."""
    return tx.add(
        "INSERT INTO person (code, language, joined_on) VALUES (:code, :language, :now) RETURNING id",
        code=code,
        language=language,
        now=stamp(now),
    )


def name(tx: Tx, person_id: int, words: str) -> None:
    """Keep what the person is called; the last name given stays."""
    tx.run(
        "INSERT INTO contact (person_id, name) VALUES (:id, :name)"
        " ON CONFLICT (person_id) DO UPDATE SET name = excluded.name",
        id=person_id,
        name=words,
    )


def name_of(rows: Rows, person_id: int) -> str:
    """What the person is called, '' where nobody said."""
    row = rows.one("SELECT name FROM contact WHERE person_id = :id", id=person_id)
    return "" if row is None else str(row["name"])


def reach_at(tx: Tx, person_id: int, urn: str, now: datetime) -> None:
    """The address the person now writes from."""
    tx.run(
        "INSERT INTO address (urn, person_id, changed_on) VALUES (:urn, :id, :now)"
        " ON CONFLICT (person_id) DO UPDATE SET urn = excluded.urn, reachable = 1, changed_on = excluded.changed_on",
        urn=urn,
        id=person_id,
        now=stamp(now),
    )


def urn_of(rows: Rows, person_id: int) -> str | None:
    """Where the person can be written to, None where nowhere."""
    row = rows.one("SELECT urn FROM address WHERE person_id = :id AND reachable = 1", id=person_id)
    return None if row is None else str(row["urn"])


def set_reachable(tx: Tx, urn: str, reachable: bool, now: datetime) -> bool:
    """The channel says that writing to this address works, or no longer does; whether that is new."""
    changed = tx.run(
        "UPDATE address SET reachable = :reachable, changed_on = :now WHERE urn = :urn AND reachable <> :reachable",
        reachable=int(reachable),
        now=stamp(now),
        urn=urn,
    )
    return changed > 0


def names(rows: Rows) -> list[str]:
    """What everybody is called whom the bot knows by name."""
    return [row["name"] for row in rows.all("SELECT name FROM contact WHERE name <> ''")]


def grant(tx: Tx, person_id: int, given: Grant, now: datetime) -> None:
    """Give a role; giving it twice is giving it once, and one that was taken away for the time being is back."""
    tx.run(
        "INSERT INTO role_grant (person_id, role, city, line, granted_on) VALUES (:id, :role, :city, :line, :now)"
        " ON CONFLICT (person_id, role, city, line) DO UPDATE SET deactivated_on = NULL",
        id=person_id,
        role=given.role,
        city=given.city,
        line=given.line,
        now=stamp(now),
    )


def withdraw_grant(tx: Tx, person_id: int, taken: Grant) -> None:
    """Take a role away for good."""
    tx.run(
        "DELETE FROM role_grant WHERE person_id = :id AND role = :role AND city = :city AND line = :line",
        id=person_id,
        role=taken.role,
        city=taken.city,
        line=taken.line,
    )


def deactivate(tx: Tx, person_id: int, role: Role, city: str, now: datetime) -> None:
    """Take a role in a city away for the time being."""
    tx.run(
        "UPDATE role_grant SET deactivated_on = :now"
        " WHERE person_id = :id AND role = :role AND city = :city AND deactivated_on IS NULL",
        now=stamp(now),
        id=person_id,
        role=role,
        city=city,
    )
    tx.run("UPDATE person SET told_inactive_on = NULL WHERE id = :id", id=person_id)


def is_deactivated(rows: Rows, person_id: int) -> bool:
    """Whether the person holds no role now, and did before one was taken away for the time being."""
    row = rows.one(
        "SELECT coalesce(min(deactivated_on IS NOT NULL), 0) AS is_so FROM role_grant WHERE person_id = :id",
        id=person_id,
    )
    return row is not None and bool(row["is_so"])


def is_participant(rows: Rows, person_id: int) -> bool:
    """Whether the person is or was a fieldworker, also one that was deactivated."""
    row = rows.one(
        "SELECT standing <> 'invited' OR EXISTS"
        " (SELECT 1 FROM role_grant WHERE person_id = :id AND role = 'fieldworker')"
        " AS is_so FROM person WHERE id = :id",
        id=person_id,
    )
    return row is not None and bool(row["is_so"])


def told_inactive(tx: Tx, person_id: int, now: datetime, again_after: timedelta) -> bool:
    """Who was deactivated is told so; False where they were told so lately."""
    changed = tx.run(
        "UPDATE person SET told_inactive_on = :now WHERE id = :id AND coalesce(told_inactive_on, '') <= :lately",
        now=stamp(now),
        lately=stamp(now - again_after),
        id=person_id,
    )
    return changed == 1


def set_standing(tx: Tx, person_id: int, standing: str) -> None:
    """Whether the person takes part. A break ends."""
    tx.run(
        "UPDATE person SET standing = :standing, paused_on = NULL, left_on = NULL WHERE id = :id",
        standing=standing,
        id=person_id,
    )


def leave(tx: Tx, person_id: int, standing: Literal["declined", "withdrawn"], now: datetime) -> None:
    """The person takes part no more, from now on."""
    set_standing(tx, person_id, standing)
    tx.run("UPDATE person SET left_on = :now WHERE id = :id", now=stamp(now), id=person_id)


def pause(tx: Tx, person_id: int, now: datetime) -> None:
    """The person is not asked until they come back."""
    tx.run("UPDATE person SET paused_on = :now WHERE id = :id", now=stamp(now), id=person_id)


def come_back(tx: Tx, person_id: int) -> None:
    """The break is over."""
    tx.run("UPDATE person SET paused_on = NULL WHERE id = :id", id=person_id)


def set_language(tx: Tx, person_id: int, language: str) -> None:
    """The language the person reads."""
    tx.run("UPDATE person SET language = :language WHERE id = :id", language=language, id=person_id)


def set_ask_when(tx: Tx, person_id: int, ask_when: str) -> None:
    """When the person wants to be asked: `after` the workshop, or the next `morning`."""
    tx.run("UPDATE person SET ask_when = :ask_when WHERE id = :id", ask_when=ask_when, id=person_id)


def set_media_allowed(tx: Tx, person_id: int, allowed: bool) -> None:
    """Whether photos and recordings of this person may be kept."""
    tx.run("UPDATE person SET media_allowed = :allowed WHERE id = :id", allowed=int(allowed), id=person_id)


def set_quotes_allowed(tx: Tx, person_id: int, allowed: bool) -> None:
    """Whether words of this person may be quoted under their code."""
    tx.run("UPDATE person SET quotes_allowed = :allowed WHERE id = :id", allowed=int(allowed), id=person_id)


def _person(rows: Rows, row: Row) -> Person:
    grants = rows.all(
        "SELECT role, city, line FROM role_grant WHERE person_id = :id AND deactivated_on IS NULL", id=row["id"]
    )
    media, quotes = row["media_allowed"], row["quotes_allowed"]
    return Person(
        id=row["id"],
        code=row["code"],
        language=row["language"],
        ask_when=row["ask_when"],
        standing=row["standing"],
        media_allowed=None if media is None else bool(media),
        grants=tuple(Grant(Role(grant["role"]), grant["city"], grant["line"]) for grant in grants),
        quotes_allowed=None if quotes is None else bool(quotes),
        tidies=None if row["tidies"] is None else bool(row["tidies"]),
        is_paused=row["paused_on"] is not None,
    )
