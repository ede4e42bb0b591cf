"""Chat hygiene: after sending, the questions and the answers leave the chat, as far as the channel lets them."""

from collections.abc import Iterable
from datetime import timedelta

from fieldwork.conversation import Part
from fieldwork.messages import Clear, Say
from fieldwork.people import Person
from fieldwork.taps import Key
from handlers.desk import Caller, Desk, settle, tell
from handlers.rights.consenting import choices
from storage import audit, outbox, people, tidying
from storage.tx import Tx

_CLEARED_UNTIL = timedelta(hours=47, minutes=50)
"""The channel deletes what is up to 48 hours old; sending takes a moment, too."""
_MOST_AT_ONCE = 100


def is_wanted(desk: Desk, person: Person) -> bool:
    """The person's own wish, else the study's."""
    return desk.study.tidies if person.tidies is None else person.tidies


def tidy(tx: Tx, desk: Desk, person: Person, session_id: int) -> None:
    """Queue the deletion of what the session left in the chat, and say what cannot be deleted."""
    urn = people.urn_of(tx, person.id)
    if urn is None or not is_wanted(desk, person):
        return
    found = tidying.messages(tx, session_id, urn)
    fresh = [one.message for one in found if desk.now - one.said_on <= _CLEARED_UNTIL]
    for start in range(0, len(fresh), _MOST_AT_ONCE):
        outbox.write(tx, urn, Clear(tuple(fresh[start : start + _MOST_AT_ONCE])), now=desk.now)
    tidying.done(tx, session_id, desk.now)
    if found:
        outbox.write(tx, urn, Say(_told(desk, person, len(fresh), len(found) - len(fresh))), now=desk.now)


def tidy_replaced(tx: Tx, desk: Desk, person: Person, before: Iterable[Part], now: Iterable[Part]) -> None:
    """Messages whose words were taken back are known nowhere later on: they leave the chat at once."""
    urn = people.urn_of(tx, person.id)
    gone = {part.source for part in before} - {part.source for part in now}
    found = sorted(source.removeprefix(f"{urn}#") for source in gone if urn and source.startswith(f"{urn}#"))
    if urn is not None and found and is_wanted(desk, person):
        outbox.write(tx, urn, Clear(tuple(found[:_MOST_AT_ONCE])), now=desk.now)


def not_cleared(tx: Tx, desk: Desk, urn: str, clear: Clear) -> None:
    """The channel refused to delete these."""
    person = people.by_urn(tx, urn)
    if person is not None:
        text = desk.texts.say("tidy.refused", person.language, n=len(clear.messages))
        outbox.write(tx, urn, Say(text), now=desk.now)


def ask(tx: Tx, desk: Desk, caller: Caller) -> None:
    """Whether the person wants it."""
    tell(tx, desk, caller, "tidy.ask", (choices(desk, caller, "tidy.ask", "tidy", ("yes", "no")),))


def decide(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """[Gesprek opruimen] under /privacy, and the answer to the question it puts."""
    if key.arg == "ask":
        ask(tx, desk, caller)
    elif key.arg in ("yes", "no"):
        settle(tx, desk, caller, str(key))
        tidying.wish(tx, caller.person.id, key.arg == "yes")
        audit.note(tx, caller.person.id, f"tidy_{key.arg}", "", caller.person.code, desk.now)
        tell(tx, desk, caller, f"tidied.{key.arg}")


def _told(desk: Desk, person: Person, fresh: int, old: int) -> str:
    pieces = [desk.texts.say("tidy.done", person.language)] if fresh else []
    pieces += [desk.texts.say("tidy.too_old", person.language, n=old)] if old else []
    return "\n".join(pieces)
