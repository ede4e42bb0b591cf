"""People send whatever Telegram's types allow, and buttons that are somebody else's or never were."""

from random import Random
from typing import Any

from bot.sandbox import Phone
from handlers.desktaps import ACTS
from storage.driver import Row
from tests.crowd.schema import KINDS, an_object, any_update
from tests.e2e.town import Town

_ACTS = {
    "s": "choose on off back skip pause done continue explain list more unknown jump now keep send change",
    "p": "start later snooze absent skip late present",
    "u": "consent ask_when media language stop stop_surely midway quotes",
    "d": " ".join(ACTS),
}
_ARGS = (
    "",
    "0",
    "1",
    "yes",
    "no",
    "hour",
    "erase",
    "keep",
    "en",
    "nl",
    "99999999999999999999",
    "\u0661",
    "-1",
    "x" * 40,
)
_KEPT_OF = (
    "SELECT * FROM person WHERE id = :id",
    "SELECT * FROM contact WHERE person_id = :id",
    "SELECT * FROM address WHERE person_id = :id",
    "SELECT * FROM role_grant WHERE person_id = :id",
    "SELECT * FROM consent WHERE person_id = :id",
    "SELECT * FROM pending WHERE person_id = :id",
    "SELECT * FROM prompt WHERE person_id = :id",
    "SELECT * FROM session WHERE person_id = :id",
    "SELECT a.* FROM answer a JOIN session s ON s.id = a.session_id WHERE s.person_id = :id",
    "SELECT p.* FROM part p JOIN session s ON s.id = p.session_id WHERE s.person_id = :id",
    "SELECT t.* FROM ticked t JOIN session s ON s.id = t.session_id WHERE s.person_id = :id",
    "SELECT o.id, o.body FROM outbox o JOIN address a ON a.urn = o.urn WHERE a.person_id = :id",
)


class Forger:
    """Makes updates by these people, with the buttons of somebody else among them."""

    def __init__(self, random: Random, people: list[Phone], buttons: list[str]) -> None:
        self._random = random
        self._people = [phone.id for phone in people]
        self._buttons = buttons

    def update(self, number: int) -> dict[str, Any]:
        """The next one; half of them of the few kinds that the bot asks for."""
        random = self._random
        made = any_update(random, number)
        kind = next(key for key in made if key != "update_id")
        if random.random() < 0.6:
            del made[kind]
            kind = random.choice(("message", "edited_message", "callback_query", "callback_query", "my_chat_member"))
            made[kind] = an_object(random, _TYPES[kind])
        self._address(kind, made[kind], number)
        return made

    def _address(self, kind: str, body: dict[str, Any], number: int) -> None:
        """As Telegram would have it: what is private comes from whose chat it is."""
        person = self._random.choice(self._people) if self._random.random() < 0.9 else 5_000_000 + number % 50
        if kind == "callback_query":
            body["id"] = f"forged{number}"
            body["data"] = self._data()
            if self._random.random() < 0.9:
                body["message"] = {"message_id": self._random.randrange(60), "date": 0, "chat": {}}
                body["message"]["chat"] = {"id": person, "type": "private"}
        if kind == "edited_message":
            body.setdefault("edit_date", body["date"])
        if "message_id" in body:
            body["message_id"] = self._random.choice((number + 10_000, self._random.randrange(60)))
        if "chat" in body:
            private = {"id": person, "type": "private"}
            group = {"id": -1000 - number % 7, "type": self._random.choice(("group", "supergroup", "channel"))}
            body["chat"] = private if self._random.random() < 0.85 else group
        for sender in ("from", "user"):
            if isinstance(body.get(sender), dict):
                body[sender] = {**body[sender], "id": person, "is_bot": self._random.random() < 0.02}

    def _data(self) -> str:
        """A button that is somebody else's, or of nobody, or one that never was."""
        random = self._random
        about = random.choice(tuple(_ACTS))
        ids = (random.randrange(8), random.randrange(8), 10**18, -1)
        made = f"{about}:{random.choice(ids)}:{random.randrange(12)}:{random.choice(_ACTS[about].split())}:"
        return random.choice((random.choice(self._buttons), (made + random.choice(_ARGS))[:64], "", ":::::", "\ud800"))


_TYPES = {
    "message": "Message",
    "edited_message": "Message",
    "callback_query": "CallbackQuery",
    "my_chat_member": "ChatMemberUpdated",
}
assert set(_TYPES) <= set(KINDS)


def kept_of(town: Town, person: int) -> list[list[tuple[object, ...]]]:
    """Every row that is this person's, and everything that was said to them."""
    return [[_values(row) for row in town.rows(sql, id=person)] for sql in _KEPT_OF]


def _values(row: Row) -> tuple[object, ...]:
    return tuple(row)
