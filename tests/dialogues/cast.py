"""Four people who live through the same dialogue: in Dutch and in English, tapping and typing."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Literal

from bot.sandbox import Phone, Sandbox
from fieldwork.people import Grant, Role
from fieldwork.planning import PlannedWorkshop, Span
from fieldwork.recognise import plain
from handlers.workshops.planning import save
from storage import forms
from tests.dialogues.record import Record
from tests.e2e.town import Town, data_under, stopped_clock, tap, town

Language = Literal["nl", "en"]
Words = str | tuple[str, str]
"""The same in both languages, or in Dutch and in English."""
CITIES: dict[tuple[Language, bool], str] = {
    ("nl", False): "utrecht",
    ("en", False): "leiden",
    ("nl", True): "almere",
    ("en", True): "tilburg",
}
"""Where each of the four works: by language, and whether only typing will do."""
_FILE = re.compile(r"\[?(voice|photo)-\d+\.")
_ANSWERS = """
    SELECT a.session_id, a.path, a.revision, a.outcome, a.value, a.language, a.after_sending
    FROM answer a JOIN session s ON s.id = a.session_id JOIN person p ON p.id = s.person_id
    WHERE p.code = :code ORDER BY a.id
"""


@dataclass(slots=True)
class Actor:
    """Somebody on a phone, and the record of the dialogue they are in."""

    phone: Phone
    language: Language
    types: bool
    code: str
    record: Record
    said: list[int] = field(default_factory=list)

    def put(self, words: Words) -> str:
        """The words in the person's language."""
        return words if isinstance(words, str) else words[self.language == "en"]

    def say(self, words: Words) -> None:
        """Type a message."""
        self.said.append(self.phone.say(self.put(words)))

    def choose(self, label: Words, typed: Words) -> None:
        """Tap a button, or type what stands for it."""
        if self.types:
            self.phone.say(self.put(typed))
            return
        self.record.note(f"{self.phone.person.first_name} taps [{self.put(label)}]")
        self.phone.tap(self.put(label))


class Cast:
    """The four, and what they do one step after the other; every step ends when the bot has answered all."""

    def __init__(self, place: "Stage", actors: Sequence[Actor]) -> None:
        self.place = place
        self.actors = tuple(actors)

    async def each(self, act: Callable[[Actor], object]) -> None:
        """Everybody does this."""
        for actor in self.actors:
            act(actor)
        await self.place.town.settled()
        self.place.look()

    async def say(self, words: Words) -> None:
        """Type a message, whoever it is: there is no button for it, or this is about typing."""
        await self.each(lambda actor: actor.say(words))

    async def choose(self, label: Words, typed: Words = "") -> None:
        """Pick an answer by its button, or by the words that stand for it; the label itself where none are given."""
        await self.each(lambda actor: actor.choose(label, typed or label))

    async def press(self, key: str, place: int = 0, typed: Words = "", **blanks: str) -> None:
        """Tap a button that the catalogue names, or type its label without capitals."""
        nl, en = self._label(key, place, **blanks)
        await self.choose((nl, en), typed or (plain(nl), plain(en)))

    def _label(self, key: str, place: int, **blanks: str) -> tuple[str, str]:
        texts = self.place.town.play.program.texts
        return texts.buttons(key, "nl", **blanks)[place], texts.buttons(key, "en", **blanks)[place]

    async def back(self) -> None:
        await self.press("q.nav", 0, ("/terug", "/back"))

    async def skip(self) -> None:
        await self.press("q.nav", 1, ("/overslaan", "/skip"))

    async def pause(self) -> None:
        await self.press("q.nav", 2, ("/pauze", "/pause"))

    async def overview(self) -> None:
        await self.press("q.nav", 3, ("/antwoorden", "/answers"))

    async def done(self) -> None:
        await self.press("q.multi", 0)

    async def send(self) -> None:
        """Confirm the summary."""
        await self.press("done.summary", 0, ("ja", "yes"))

    async def tick(self, *labels: Words, typed: Words) -> None:
        """Choose several and say that this is all; who types says it at once."""
        for label in labels:
            await self.tap(label)
        await self.choose(self._label("q.multi", 0), typed)

    async def tap(self, label: Words) -> None:
        """Switch one of several; who types does so at the end."""
        await self.each(lambda actor: None if actor.types else actor.choose(label, label))

    async def edit(self, message: int, words: Words) -> None:
        """Correct one of the messages that everybody typed: 0 is the first, -1 the newest."""
        await self.each(lambda actor: actor.phone.edit(actor.said[message], actor.put(words)))

    def remembered(self, label: Words) -> dict[str, tuple[str, int]]:
        """What a button sends now, to be tapped when it is old."""
        tapping = [actor for actor in self.actors if not actor.types]
        return {actor.code: data_under(actor.phone, actor.put(label)) for actor in tapping}

    async def tap_old(self, label: str, buttons: dict[str, tuple[str, int]]) -> None:
        """Who taps, taps a button of before."""

        for actor in self.actors:
            if actor.code in buttons:
                shown = len(actor.phone.toasts)
                actor.record.note(f"{actor.phone.person.first_name} taps [{label}], which is old")
                actor.phone.tap_data(*buttons[actor.code])
                # The notice beside a button goes past the outbox, which is all that `settled` waits for.
                await actor.phone.until(partial(_noticed, actor.phone, shown))
        await self.place.town.settled()
        self.place.look()


def _noticed(phone: Phone, shown: int) -> bool:
    """Whether the phone showed one more notice than these."""
    return len(phone.toasts) > shown


class Stage:
    """The town in which the four live, their coordinators, and its clock."""

    def __init__(self, run: Callable[[], AbstractAsyncContextManager[Town]], opened: AsyncExitStack) -> None:
        self._run = run
        self._opened = opened
        self.town: Town
        self.people: Cast
        self.coordinators: Cast
        self.others: list[Actor] = []

    async def open(self) -> None:
        """Let the bot run in this town."""
        self.town = await self._opened.enter_async_context(self._run())

    async def restart(self) -> None:
        """Stop the bot and start it again."""
        await self._opened.aclose()
        await self.open()
        self.note("(the bot is stopped and started again)")

    def note(self, words: str) -> None:
        """A line in every record."""
        for actor in self.people.actors:
            actor.record.note(words)

    def look(self) -> None:
        """Write down what changed on every phone."""
        for actor in (*self.coordinators.actors, *self.people.actors, *self.others):
            actor.record.look(actor.phone)

    def strangers(self) -> Cast:
        """For each of the four somebody beside them whom the bot does not know."""
        for actor in self.people.actors:
            phone = self.town.play.phone(("Iemand", "Somebody")[actor.language == "en"], language=actor.language)
            self.others.append(replace(actor, phone=phone))
        return Cast(self, self.others)

    async def in_a_group(self, words: Words) -> None:
        """Everybody adds the bot to a group and writes there."""
        groups = [self.town.play.sandbox.group("Wijkteam", actor.phone) for actor in self.people.actors]
        for actor, group in zip(self.people.actors, groups, strict=True):
            actor.phone.say(actor.put(words), group)
        await self.town.settled()
        for actor, group in zip(self.people.actors, groups, strict=True):
            actor.record.note("(in a group)")
            for message in group.messages:
                actor.record.write(actor.phone.person.first_name, message)

    def workshop(self, title: Words, ends_on: datetime) -> None:
        """Everybody was at a workshop in their city."""
        desk = self.town.play.app.desk()
        span = Span(ends_on - timedelta(minutes=90), ends_on)
        with self.town.play.in_transaction() as tx:
            for actor, city in zip(self.people.actors, CITIES.values(), strict=True):
                planned = PlannedWorkshop(span, "Overvecht", actor.put(title), (actor.code,))
                save(tx, desk, desk.city(city), planned, None)

    async def until(self, moment: datetime) -> None:
        """Put the clock forward."""
        await self.town.play.forward_to(moment)
        await self.town.settled()
        self.look()

    async def later(self, **span: float) -> None:
        """Put the clock forward by hours, minutes or days."""
        await self.until(self.town.play.clock.now() + timedelta(**span))

    async def questionnaire(self, workbook: bytes) -> None:
        """New workshops of every city get these questions."""
        bram = self.coordinators.actors[0].phone
        bram.send_document(workbook, "vragen.xlsx")
        await bram.wait_for("ik vind geen fouten")
        await tap(bram, "Gebruiken", "Nieuwe workshops in Utrecht krijgen")
        with self.town.play.in_transaction() as tx:
            forms.use(tx, "", forms.in_use(tx, "utrecht"), self.town.play.clock.now())
        self.forget()

    async def skip(self, count: int) -> None:
        """So many questions are passed over; the records say only that."""
        blocks = {actor.code: len(actor.record.blocks) for actor in self.people.actors}
        for _ in range(count):
            await self.people.skip()
        for actor in self.people.actors:
            del actor.record.blocks[blocks[actor.code] :]
            actor.record.pass_over(actor.phone, f"({actor.phone.person.first_name} skips {count} questions)")

    def told_again(self, times: int) -> None:
        """The reflections there are were told so many times more, about workshops of their own."""
        for time in range(1, times + 1):
            later = f"+ {1000 * time}"
            self._copy("workshop", id=f"id {later}", title=f"title || {time}")
            self._copy("prompt", id=f"id {later}", workshop_id=f"workshop_id {later}")
            self._copy(
                "session", id=f"id {later}", prompt_id=f"prompt_id {later}", instance_id=f"instance_id || {time}"
            )

    def _copy(self, table: str, **other: str) -> None:
        """The first rows of the table once more, with these columns of their own."""
        columns = [row["name"] for row in self.town.rows(f"SELECT name FROM pragma_table_info('{table}')")]
        values = ", ".join(other.get(column, column) for column in columns)
        self.town.run(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table} WHERE id < 1000")

    def as_if_it_arrived_late(self) -> None:
        """The question that waits reached the phones only a minute after the clock's time."""
        self.town.run(
            "UPDATE outbox SET sent_on = strftime('%Y-%m-%dT%H:%M:%fZ', sent_on, '+60 seconds')"
            " WHERE EXISTS (SELECT 1 FROM session s WHERE s.id = outbox.session_id AND s.asking = outbox.asking)"
        )

    def forget(self) -> None:
        """The records begin here."""
        for actor in self.people.actors:
            actor.record.blocks.clear()
            actor.record.skip(actor.phone)
        for actor in self.coordinators.actors:
            actor.record.skip(actor.phone)

    def answers(self, actor: Actor) -> list[tuple[object, ...]]:
        """What is kept of the person's answers, oldest first; sessions are counted from their first."""
        rows = self.town.rows(_ANSWERS, code=actor.code)
        sessions = sorted({row["session_id"] for row in rows})
        return [(sessions.index(row["session_id"]), *(_unnumbered(value) for value in tuple(row)[1:])) for row in rows]


def _unnumbered(value: object) -> object:
    """A file's name without its number, which counts what everybody sent."""
    return _FILE.sub(r"[\1.", value) if isinstance(value, str) else value


async def _settle_in(folder: Path) -> None:
    """Let the four and their coordinators begin to take part."""
    async with town(folder) as place:
        for (language, _), city in CITIES.items():
            await place.fieldworker("Amina", city, language)
            coordinator = place.play.phone("Bram", language=language)
            await place.invited(coordinator, Grant(Role.COORDINATOR, city), "Bram")
            await coordinator.wait_for("/export")
        await place.settled()
        # Other phones with the same numbers follow, and count their messages from one again.
        place.run("DELETE FROM outbox")
        place.run("DELETE FROM inbox")


def settled_in(folder: Path) -> bytes:
    """A database in which the four take part."""
    asyncio.run(_settle_in(folder))
    return (folder / "terugblik.db").read_bytes()


@asynccontextmanager
async def staged(folder: Path, database: bytes) -> AsyncIterator[Stage]:
    """The four on phones of their own, in a town of their own."""
    (folder / "terugblik.db").write_bytes(database)
    clock = stopped_clock()
    async with Sandbox(clock.now) as sandbox, AsyncExitStack() as opened:
        stage = Stage(lambda: town(folder, clock, sandbox), opened)
        await stage.open()
        pairs = [_pair(stage.town, sandbox, language, types) for language, types in CITIES]
        stage.people = Cast(stage, [fieldworker for fieldworker, _ in pairs])
        stage.coordinators = Cast(stage, [coordinator for _, coordinator in pairs])
        yield stage


def _pair(place: Town, sandbox: Sandbox, language: Language, types: bool) -> tuple[Actor, Actor]:
    """A fieldworker and their coordinator, who appear in one record."""
    record = Record()
    phones = [sandbox.phone(name, language=language) for name in ("Amina", "Bram")]
    codes = [_code(place, phone) for phone in phones]
    record.codes.update(zip(codes, ("K7M4", "R2QX"), strict=True))
    for phone in phones:
        phone.chat.turn("open")
    one, two = (Actor(phone, language, types, code, record) for phone, code in zip(phones, codes, strict=True))
    return one, two


def _code(place: Town, phone: Phone) -> str:
    (row,) = place.rows(
        "SELECT p.code FROM person p JOIN address a ON a.person_id = p.id WHERE a.urn = :urn",
        urn=f"telegram:{phone.id}",
    )
    return str(row["code"])
