"""What was said to somebody and by them, and their name in what others were told: how it is deleted."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from fieldwork.envelope import dump, load
from fieldwork.messages import Button, Say
from storage import enquiries, passing
from storage.tx import Tx

OF_PERSON = "(SELECT id FROM session WHERE person_id = :person)"
"""The sessions of a person."""


def delete_said(tx: Tx, person: int, urn: str | None, exports: Sequence[str] = ()) -> None:
    """What was said to the person, what they said and waits, and their name in what was said to others.

    What was still to be sent with one of these `exports` is not sent any more.
    """
    passing.forget(tx, person)
    enquiries.forget(tx, person)
    delete_outbox(tx, urn or "", person)
    if urn is not None:
        delete_inbox(tx, urn)
        tx.run("DELETE FROM invitation_failure WHERE urn = :urn", urn=urn)
    row = tx.one("SELECT c.name, p.code FROM contact c JOIN person p ON p.id = c.person_id WHERE p.id = :p", p=person)
    if row is not None and len(row["name"]) > 1:
        _say_code_for_name(tx, row["name"], row["code"])
        _wait_no_longer_with(tx, row["name"])
        tx.run("UPDATE invitation SET name = '' WHERE name = :name", name=row["name"])
    for file in exports:
        tx.run(
            "UPDATE outbox SET state = 'dropped', error = 'erased' WHERE state IN ('queued', 'sending', 'uncertain')"
            " AND state <> 'sending' AND instr(body, :file) > 0",
            file=json.dumps(file)[1:-1],
        )


def _whole(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")


def _wait_no_longer_with(tx: Tx, name: str) -> None:
    """What others typed with the name in it, behind a command that waits, is forgotten."""
    for row in tx.all("SELECT person_id, detail FROM pending"):
        if _whole(name).search("\n".join(_words_in(json.loads(row["detail"])))):
            tx.run("DELETE FROM pending WHERE person_id = :person", person=row["person_id"])


def _words_in(found: object) -> Iterator[str]:
    """Every piece of text in what JSON holds."""
    if isinstance(found, str):
        yield found
    for one in found.values() if isinstance(found, dict) else found if isinstance(found, list) else ():
        yield from _words_in(one)


def _say_code_for_name(tx: Tx, name: str, code: str) -> None:
    """In messages to others the person's code stands where their name stood, also on buttons."""
    whole = _whole(name)
    found = tx.all(
        "SELECT id, body FROM outbox WHERE instr(body, :name) > 0 OR instr(body, :label) > 0",
        name=json.dumps(name)[1:-1],
        label=f"{code} ",
    )
    for row in found:
        said = load(row["body"])
        if isinstance(said, Say):
            buttons = tuple(tuple(_nameless(one, whole, code) for one in keys) for keys in said.buttons)
            told = dump(replace(said, text=whole.sub(code, said.text), buttons=buttons))
            tx.run("UPDATE outbox SET body = :body WHERE id = :id", body=told, id=row["id"])


def _nameless(one: Button, whole: re.Pattern[str], code: str) -> Button:
    """A button without the name, which may be cut off behind the code."""
    before, found, _ = one.label.partition(f"{code} ")
    return replace(one, label=f"{before}{code}" if found else whole.sub(code, one.label))


def delete_outbox(tx: Tx, urn: str, person: int) -> None:
    """What was said to this address, and what others were told that holds words of the person, with its changes."""
    shown = f"SELECT id FROM outbox WHERE session_id IN {OF_PERSON}"
    tx.run(f"DELETE FROM outbox WHERE edit_of IN ({shown})", person=person)
    tx.run(f"DELETE FROM outbox WHERE session_id IN {OF_PERSON}", person=person)
    tx.run("DELETE FROM outbox WHERE urn = :urn", urn=urn)


def delete_inbox(tx: Tx, urn: str) -> None:
    """Everything handled or set aside; what has just come in is still to be handled."""
    tx.run("DELETE FROM inbox WHERE chat = :urn AND state <> 'new'", urn=urn)
