"""/taal: the language somebody reads, and what waits for them in it."""

from fieldwork.study import LANGUAGES
from fieldwork.taps import Key
from handlers import menus
from handlers.desk import Caller, Desk, settle, tell
from handlers.reflecting import resuming
from handlers.rights import consenting
from storage import people, sessions
from storage.tx import Tx


def ask(tx: Tx, desk: Desk, caller: Caller) -> None:
    """/taal: offer the languages."""
    tell(tx, desk, caller, "language.ask", (consenting.choices(desk, caller, "language.ask", "language", LANGUAGES),))


def choose(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """Speak another language from here on, beginning with what waits."""
    if key.id != caller.person.id or key.arg not in LANGUAGES:
        return
    settle(tx, desk, caller, str(key))
    people.set_language(tx, caller.person.id, key.arg)
    sessions.spoken_to(tx, caller.person.id, key.arg)
    turned = Caller(people.by_id(tx, caller.person.id), caller.urn, caller.incoming)
    tell(tx, desk, turned, "language.done")
    menus.show(tx, desk, turned.person)
    resuming.put_again(tx, desk, turned)
