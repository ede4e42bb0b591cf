"""A town without a bot: what people do goes straight to the handlers, in one transaction that is never committed."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random

from bot.program import prepare
from bot.rehearsal import rehearsed_program
from bot.telegram.incoming import read_update
from fieldwork.envelope import load
from fieldwork.messages import Say
from fieldwork.people import Grant, Role
from fieldwork.planning import PlannedWorkshop, Span
from handlers import dispatch, due
from handlers.desk import Desk
from handlers.workshops.planning import save
from storage import audit, consents, mailboxes, passing, people
from storage.connection import open_for_writing
from storage.driver import Row
from storage.stamps import stamp
from storage.tx import Tx
from tests.e2e.town import FIRST_END, lay_down, stopped_clock

GRANTS = {
    Role.FIELDWORKER: Grant(Role.FIELDWORKER, "utrecht"),
    Role.COORDINATOR: Grant(Role.COORDINATOR, "utrecht"),
    Role.INVESTIGATOR: Grant(Role.INVESTIGATOR, line="L1"),
    Role.STEWARD: Grant(Role.STEWARD),
    Role.OPERATOR: Grant(Role.OPERATOR),
}
_NOT_LOOKED_AT = ("outbox", "form")
"""What may change although nothing is done, since an answer is given; and questionnaires, which are long."""
_MORE_THAN_A_PAGE = 20
_STRANGER = 999_999
STRANGER = f"telegram:{_STRANGER}"
"""Where somebody is written to whom the bot does not know."""
_ASKED_AFTER = timedelta(minutes=20)


class Undone(Exception):
    """Raised to take back what a part of a transaction did."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of one thing somebody did."""

    toast: str
    said: tuple[Say, ...]
    """To the one who did it, in order."""

    @property
    def texts(self) -> list[str]:
        """The words alone, with the word beside the button."""
        return [one.text for one in self.said] + ([self.toast] if self.toast else [])

    @property
    def buttons(self) -> list[str]:
        """What is under the buttons."""
        return [button.data for one in self.said for row in one.buttons for button in row]


class Scene:
    """One person of each role, and two cities with a workshop that was asked about."""

    def __init__(self, tx: Tx, desk: Desk) -> None:
        self.tx = tx
        self.desk = desk
        self.people: dict[str, int] = {}
        self.is_held_up = False
        """Whether nothing that is said arrives."""
        self._numbers = count(1)

    def type(self, name: str, text: str, *, reply_to: int | None = None) -> Heard:
        """Somebody types words or a command, perhaps as a reply to a message."""
        quoted = {"reply_to_message": {"message_id": reply_to}} if reply_to else {}
        return self.send(name, {"message": {**self._message(name), **quoted, "text": text}})

    def tap(self, name: str, data: str, message: int | None = None) -> Heard:
        """Somebody taps a button with this under it; of the newest message where none is named."""
        under = {**self._message(name), "message_id": message or self._newest(self.urn(name))}
        query = {"id": str(next(self._numbers)), "from": under["from"], "message": under, "data": data}
        return self.send(name, {"callback_query": query})

    def send(self, name: str, update: dict[str, object]) -> Heard:
        """An update of the channel is handled; what is said then arrives."""
        before, incoming = self._newest(), read_update(update, self.desk.now)
        toast = "" if incoming is None else dispatch.handle(self.tx, self.desk, incoming)
        said = [load(row["body"]) for row in self._rows_after(before, self.urn(name))]
        self.deliver()
        return Heard(toast, tuple(one for one in said if isinstance(one, Say)))

    def stranger(self, text: str) -> list[str]:
        """Somebody the bot does not know types; what they are told."""
        before = self._newest()
        person = {"id": _STRANGER, "is_bot": False, "first_name": "Vreemde", "language_code": "nl"}
        message = {**self._message("nobody"), "chat": {"id": _STRANGER, "type": "private"}, "from": person}
        incoming = read_update({"message": {**message, "text": text}}, self.desk.now)
        assert incoming is not None
        dispatch.handle(self.tx, self.desk, incoming)
        said = [load(row["body"]) for row in self._rows_after(before, STRANGER)]
        self.deliver()
        return [one.text for one in said if isinstance(one, Say)]

    def heard(self, name: str) -> list[tuple[int, Say]]:
        """Everything that was said to somebody, with the message it is in."""
        rows = self.tx.all(
            "SELECT id, body FROM outbox WHERE urn = :urn AND edit_of IS NULL ORDER BY id", urn=self.urn(name)
        )
        said = [(row["id"], load(row["body"])) for row in rows]
        return [(id, one) for id, one in said if isinstance(one, Say)]

    def urn(self, name: str) -> str:
        """Where this person is written to."""
        return f"telegram:{self.people[name]}"

    def code(self, name: str) -> str:
        """What this person is called in exports."""
        return people.by_id(self.tx, self.people[name]).code

    def _message(self, name: str) -> dict[str, object]:
        person = {"id": self.people[name], "is_bot": False, "first_name": name, "language_code": "nl"}
        chat = {"id": self.people[name], "type": "private"}
        date = int(self.desk.now.timestamp())
        return {"message_id": 1_000_000 + next(self._numbers), "date": date, "chat": chat, "from": person}

    def deliver(self) -> None:
        """Everything that waits to be said arrives, unless it is held up."""
        if self.is_held_up:
            return
        self.tx.run(
            "UPDATE outbox SET state = 'sent', message = id, sent_on = written_on"
            " WHERE state = 'queued' AND edit_of IS NULL AND not_before_on <= :now",
            now=stamp(self.desk.now),
        )
        passing.blank_arrived(self.tx)

    def rows(self) -> dict[str, list[tuple[object, ...]]]:
        """Every row of every table, but what is said."""
        tables = self.tx.all("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        names = [row["name"] for row in tables if row["name"] not in _NOT_LOOKED_AT]
        return {name: [tuple(row) for row in self.tx.all(f"SELECT * FROM {name}")] for name in names}

    @contextmanager
    def taken_back(self) -> Iterator[None]:
        """Whatever happens in the block is undone behind it."""
        with suppress(Undone), self.tx.part():
            yield
            raise Undone

    def add(self, name: str, *grants: Grant) -> None:
        """Somebody with these roles; who is a fieldworker takes part."""
        tx, now = self.tx, self.desk.now
        person = people.add(tx, people.free_code(tx, self.desk.random), "nl", now)
        people.name(tx, person, name)
        people.reach_at(tx, person, f"telegram:{person}", now)
        for one in grants:
            people.grant(tx, person, one, now)
        if any(one.role is Role.FIELDWORKER for one in grants):
            people.set_standing(tx, person, "taking_part")
            people.set_ask_when(tx, person, "after")
            people.set_media_allowed(tx, person, True)
            people.set_quotes_allowed(tx, person, True)
            consents.add(tx, person, "study", "yes", self.desk.study.consent.version, "", "nl", now)
        self.people[name] = person

    def plan(self, city: str, title: str, *names: str) -> int:
        """A workshop of ninety minutes that ends at the usual time."""
        codes = tuple(people.by_id(self.tx, self.people[name]).code for name in names)
        span = Span(FIRST_END - timedelta(minutes=90), FIRST_END)
        return save(self.tx, self.desk, self.desk.city(city), PlannedWorkshop(span, "Overvecht", title, codes), None)

    def wait(self, span: timedelta) -> None:
        """Time passes, and the clock looks once."""
        self.desk = replace(self.desk, now=self.desk.now + span)
        due.look_at_prompts(self.tx, self.desk)
        self.deliver()

    def newest(self) -> int:
        """The row of what was said last, to whomever."""
        return self._newest()

    def _newest(self, urn: str = "") -> int:
        row = self.tx.one("SELECT coalesce(max(id), 0) AS id FROM outbox WHERE :urn IN ('', urn)", urn=urn)
        assert row is not None
        return int(row["id"])

    def _rows_after(self, before: int, urn: str) -> list[Row]:
        return self.tx.all(
            "SELECT body FROM outbox WHERE id > :before AND urn = :urn AND edit_of IS NULL", before=before, urn=urn
        )


@contextmanager
def scene(folder: Path) -> Iterator[Scene]:
    """One person for each role under its name; Amina and Lea with questions open in Utrecht and Leiden."""
    lay_down(folder / "terugblik.db")
    program = rehearsed_program(folder, stopped_clock().now, Random(1))
    desk = program.desk(prepare(program), "terugblik_bot")
    connection = open_for_writing(program.place.database, checkpoints=False)
    try:
        connection.execute("BEGIN IMMEDIATE")
        place = Scene(Tx(connection), replace(desk, now=FIRST_END - timedelta(hours=2), mails=True))
        for role, grant in GRANTS.items():
            place.add(role, grant)
        mailboxes.set_to(place.tx, place.people[Role.INVESTIGATOR], "carla@university.example")
        place.add("Lea", Grant(Role.FIELDWORKER, "leiden"))
        place.add("Olaf", Grant(Role.COORDINATOR, "leiden"))
        place.add("nobody")
        place.plan("utrecht", "Groen", Role.FIELDWORKER)
        place.plan("leiden", "Blauw", "Lea")
        place.wait(timedelta(hours=2) + _ASKED_AFTER)
        for number in range(_MORE_THAN_A_PAGE):
            audit.note(place.tx, None, "tried", "", str(number), place.desk.now)
        yield place
    finally:
        connection.close()
