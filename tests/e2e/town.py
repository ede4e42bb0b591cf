"""A city of the study to play in: its people on phones, its workshops, and a clock to put forward."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from bot.clock import MovableClock
from bot.pace import Allowance
from bot.post import Post
from bot.program import prepare
from bot.rehearsal import Rehearsal, rehearsal, rehearsed_program
from bot.sandbox import Phone, Sandbox
from bot.sandbox.messages import ChatMessage
from exports.formats import Format
from fieldwork.people import Grant, Role
from fieldwork.planning import PlannedWorkshop, Span
from fieldwork.study import Study
from handlers.workshops.planning import save
from storage.database import snapshot
from storage.driver import Row, Value

BEGINS_ON = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
"""A Wednesday, ten in the morning in the Netherlands."""


def local(day: int, hour: int, minute: int = 0) -> datetime:
    """A time on Dutch clocks in November 2026, which are one hour ahead of UTC."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=1)


FIRST_END = local(18, 16)
"""When a workshop ends where a test does not say."""


class Town:
    """What a test does and sees; every phone speaks Dutch unless it says otherwise."""

    def __init__(self, play: Rehearsal) -> None:
        self.play = play

    async def coordinator(self, name: str = "Bram", *cities: str) -> Phone:
        """A coordinator who opened an invitation for each of these cities; Utrecht where none is named."""
        phone = self.play.phone(name)
        for city in cities or ("utrecht",):
            await self.invited(phone, Grant(Role.COORDINATOR, city), name)
            await phone.wait_for("/export")
        return phone

    async def investigator(self, name: str = "Carla", line: str = "L1") -> Phone:
        """A principal investigator who opened the invitation."""
        phone = self.play.phone(name)
        await self.invited(phone, Grant(Role.INVESTIGATOR, line=line), name)
        await phone.wait_for("/digest")
        return phone

    async def invited(self, phone: Phone, grant: Grant, name: str = "") -> None:
        """The phone opens a fresh invitation."""
        phone.start(await self.play.invite(grant, name))

    async def fieldworker(
        self,
        name: str = "Amina",
        city: str = "utrecht",
        language: str = "nl",
        *,
        in_the_morning: bool = False,
        with_media: bool = True,
    ) -> Phone:
        """A fieldworker who takes part; asked right after workshops and with media, unless it says otherwise."""
        phone = self.play.phone(name, language=language)
        await self.invited(phone, Grant(Role.FIELDWORKER, city), name)
        wishes = {"consent.ask": 0, "consent.yes": int(in_the_morning), "consent.media": int(not with_media)}
        for key, place in wishes.items():
            label = self.play.program.texts.buttons(key, language)[place]
            await phone.wait_for(partial(offers, label))
            phone.tap(label)
        await phone.wait_for(self.play.program.texts.say("media.yes" if with_media else "media.no", language))
        label = self.play.program.texts.buttons("consent.quotes", language)[0]
        await phone.wait_for(partial(offers, label))
        phone.tap(label)
        await phone.wait_for(self.play.program.texts.say("quotes.yes", language))
        return phone

    async def settled(self) -> None:
        """Wait until everything that people did is fetched, handled and answered."""
        updates = self.play.sandbox.world.updates
        while len(updates):
            await updates.changes.beyond(updates.changes.count)
        await self.play.app.at_rest()

    def code(self, name: str) -> str:
        """The code of the person who was invited under this name."""
        rows = self.rows(
            "SELECT p.code FROM person p JOIN contact c ON c.person_id = p.id WHERE c.name = :name", name=name
        )
        return str(rows[-1]["code"])

    def workshop(self, *names: str, ends_on: datetime, title: str = "Groen", city: str = "utrecht") -> int:
        """Plan a workshop of ninety minutes with these people; its id."""
        desk = self.play.app.desk()
        codes = tuple(self.code(name) for name in names)
        span = Span(ends_on - timedelta(minutes=90), ends_on)
        with self.play.in_transaction() as tx:
            return save(tx, desk, desk.city(city), PlannedWorkshop(span, "Overvecht", title, codes), None)

    async def asked(self, phone: Phone, name: str, *, ends_on: datetime = FIRST_END) -> None:
        """The person is asked about a workshop that just ended, and starts."""
        self.workshop(name, ends_on=ends_on)
        await self.play.forward_to(ends_on + timedelta(minutes=15))
        phone.tap(self.play.program.texts.buttons("prompt.ask", "nl")[0])
        await phone.wait_for("Vraag 1 van")

    async def reflected(self, phone: Phone, name: str, *, ends_on: datetime = FIRST_END, words: str = "") -> None:
        """The person is asked and sends a whole reflection; `words` are told as the moment."""
        await self.asked(phone, name, ends_on=ends_on)
        for number, label in ((2, "1"), (3, "Overslaan"), (4, "5")):
            await tap(phone, label, f"Vraag {number} van 11")
        if words:
            await say(phone, words, "Ik heb je bericht.")
        await tap(phone, "Klaar" if words else "Overslaan", "Vraag 5 van 11")
        for number in range(6, 12):
            await tap(phone, "Overslaan", f"Vraag {number} van 11")
        await tap(phone, "Geen foto", "Klopt alles?")
        await tap(phone, "Ja, versturen", "Verstuurd.")

    def rows(self, sql: str, **values: Value) -> list[Row]:
        """What the database holds now."""
        with snapshot(self.play.program.place.database) as rows:
            return rows.all(sql, **values)

    def run(self, sql: str, **values: Value) -> None:
        """Change the database behind the bot's back."""
        with self.play.in_transaction() as tx:
            tx.run(sql, **values)

    def count(self, *tables: str) -> list[int]:
        """How many rows these tables hold."""
        return [int(self.rows(f"SELECT count(*) AS n FROM {table}")[0]["n"]) for table in tables]

    def answers(self) -> dict[str, str]:
        """The latest answers of the newest session, by question."""
        found = self.rows(
            "SELECT path, outcome, value FROM answer WHERE session_id = (SELECT max(id) FROM session) ORDER BY revision"
        )
        return {row["path"].rpartition("/")[2]: row["value"] or row["outcome"] for row in found}

    def person(self, name: str) -> int:
        """The id of the person with this name."""
        (row,) = self.rows("SELECT id FROM person WHERE code = :code", code=self.code(name))
        return int(row["id"])


def stopped_clock(shows: datetime = BEGINS_ON) -> MovableClock:
    """A clock that stands still until it is put forward."""
    started = datetime.now(UTC)
    return MovableClock(lambda: started, shows)


@cache
def fresh_database() -> bytes:
    """A database with the questionnaire in use and nobody in it; made once, since that takes longer than a test."""
    with TemporaryDirectory() as folder:
        program = rehearsed_program(Path(folder), stopped_clock().now, Random(1))
        prepare(program)
        assert [path.name for path in program.place.database.path.parent.glob("*.db*")] == ["terugblik.db"]
        return program.place.database.path.read_bytes()


def lay_down(database: Path) -> None:
    """Put a fresh database where there is none."""
    if not database.exists():
        database.parent.mkdir(exist_ok=True)
        database.write_bytes(fresh_database())


@asynccontextmanager
async def town(
    folder: Path,
    clock: MovableClock | None = None,
    sandbox: Sandbox | None = None,
    chance: int = 1,
    allowance: Allowance | None = None,
    changed: Callable[[Study], Study] = lambda study: study,
    key: str | None = None,
    weekly: tuple[Format, ...] = (Format.WORKBOOK,),
    post: Post | None = None,
) -> AsyncIterator[Town]:
    """A town on a fresh database, or on the one that the folder holds; a sandbox that is given stays open."""
    if key is None:
        lay_down(folder / "terugblik.db")
    async with rehearsal(
        folder,
        clock or stopped_clock(),
        on=sandbox,
        chance=chance,
        allowance=allowance,
        changed=changed,
        key=key,
        weekly=weekly,
        post=post,
    ) as play:
        yield Town(play)


def offers(label: str, message: ChatMessage) -> bool:
    """Whether the message has a button with this label."""
    return any(label in row for row in message.labels)


async def tap(phone: Phone, label: str, expected: str) -> None:
    """Tap, and see what is expected."""
    phone.tap(label)
    await phone.wait_for(expected)


async def planning_midway(town: Town) -> Phone:
    """Amina, who coordinates too, has put a questionnaire aside to plan."""
    amina = await town.fieldworker()
    await town.invited(amina, Grant(Role.COORDINATOR, "utrecht"), "Amina")
    await amina.wait_for("coördinator van Utrecht")
    await town.asked(amina, "Amina")
    await say(amina, "/plan", "Je bent bezig met een vragenlijst (vraag 1 van 11).")
    await tap(amina, "Pauze", "Stuur één regel per workshop")
    return amina


async def say(phone: Phone, text: str, expected: str) -> None:
    """Type, and see what is expected."""
    phone.say(text)
    await phone.wait_for(expected)


async def reply(phone: Phone, text: str) -> str:
    """Type; the text of the next thing the bot says."""
    phone.catch_up()
    phone.say(text)
    return (await phone.wait_for(lambda message: True)).text


def data_under(phone: Phone, label: str) -> tuple[str, int]:
    """What the newest button with this label sends, and the message it is under."""
    message = next(message for message in reversed(phone.messages) if offers(label, message))
    button = next(button for row in message.buttons for button in row if button.label == label)
    assert button.data is not None
    return button.data, message.id
