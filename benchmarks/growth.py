"""What a turn, /status, the clock's look at what is due and a city's weekly export cost as the study grows.

Run with `python -m benchmarks.growth`; `--full` goes to ten million stored answers, which takes some minutes and 4 GB
of disk, and `--picture` draws the growth into the documents. Studies of every size lie open side by side and are
measured in turns, so that each ratio is of two measurements that follow each other.
"""

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter, process_time, thread_time

from benchmarks.answering import Bot, Clock, Person
from benchmarks.figures import Figure, Spread, figure, tell, with_file
from benchmarks.grown import NOW, add_person, grow, play_model, shape
from bot.app import FORGET_AFTER
from bot.program import Program, prepare
from bot.rehearsal import rehearsed_program
from exports.period import of_week
from fieldwork.people import Grant, Role
from fieldwork.schedule import Week
from fieldwork.study import City
from forms.form import Form
from handlers import due, operating
from handlers.delivery.exportfiles import make_files
from handlers.desk import Desk
from handlers.reflecting import nudging
from handlers.rights import forgetting, sealing
from storage import health, inbox, letters, passing, pending, people, sending
from storage.connection import open_for_writing
from storage.database import Writer, reading
from storage.tx import Tx

SHORT = (1_000, 10_000, 100_000)
FULL = (*SHORT, 1_000_000, 10_000_000)
MOST = 1.2
"""A turn and the look at what is due may grow by so much."""
_ROUNDS, _EXPORTS = 8, 2
_FULL_ROUNDS, _FULL_EXPORTS = 40, 5
_LOOKS = 20
"""A look takes so little that one alone could not be measured."""
_ASKED = 5
"""People in every round, of whom one answers."""
_BETWEEN = timedelta(minutes=5)
_PICTURE = Path("docs/pictures/growth.png")
_COORDINATOR = "telegram:9001"


@dataclass(frozen=True, slots=True)
class Measured:
    """One of the things that are measured."""

    name: str
    unit: str
    is_flat: bool
    """Whether it may not grow by more than MOST."""
    short: str = ""
    """In the picture; '' where it is not drawn."""


THINGS: Mapping[str, Measured] = {
    "turn": Measured("a turn, processor and disk", "ms", True, "a turn"),
    "turn_cpu": Measured("a turn, processor", "ms", True),
    "due_none": Measured("the clock's look, nothing due", "µs", True, "nothing is due"),
    "due_one": Measured("the clock's look, somebody is asked", "ms", True, "somebody is asked"),
    "queues": Measured("what waits in inbox and outbox", "µs", True, "what is waiting"),
    "tick": Measured("all else of a tick of the clock", "ms", False, "rest of the tick"),
    "status": Measured("/status of a city", "ms", False, "/status of a city"),
    "export": Measured("a week's workbook of a city", "s", False, "a week's workbook"),
}


@dataclass
class Grown:
    """A study of some size, with its bot."""

    answers: int
    bot: Bot
    city: City
    urns: Sequence[str]
    """Those who are asked, some in every round."""
    found: dict[str, list[float]] = field(default_factory=dict)

    async def play(self, number: int) -> None:
        """One person is asked and answers; a coordinator wants to know; the clock looks."""
        bot, note = self.bot, self._note
        bot.clock.shows = max(bot.clock.shows, NOW + number * _BETWEEN + timedelta(minutes=1))
        note("due_one", 1000 / _ASKED * await bot.timed(self._look, perf_counter))
        note("due_none", 1e6 / _LOOKS * await bot.timed(self._look_often, perf_counter))
        person = Person(bot, self.urns[number * _ASKED])
        await person.hear()
        began, began_cpu = perf_counter(), process_time()
        await person.reflect()
        note("turn", 1000 * (perf_counter() - began) / person.turns)
        note("turn_cpu", 1000 * (process_time() - began_cpu) / person.turns)
        note("queues", await self._queues())
        note("tick", 1000 * await bot.timed(self._tick, perf_counter))
        coordinator = Person(bot, _COORDINATOR)
        began = perf_counter()
        await coordinator.command("status")
        note("status", 1000 * (perf_counter() - began))
        if self.city.name not in next(iter(coordinator.chat.values())).text:
            raise RuntimeError(f"/status said {coordinator.chat}")

    def export(self) -> None:
        """The workbook of the week that ends today."""
        desk = self.bot.desk()
        period = of_week(Week.of(NOW, desk.study.timezone), desk.study.timezone)
        began = thread_time()
        (made,) = make_files(self.bot.program.place, desk, self.city, period, "nl")
        self._note("export", thread_time() - began)
        if made.rows != 40:
            raise RuntimeError(f"the week's workbook has {made.rows} reflections, not 40")

    def _note(self, thing: str, value: float) -> None:
        self.found.setdefault(thing, []).append(value)

    def _look(self, tx: Tx) -> None:
        due.look_at_prompts(tx, self.bot.desk())

    def _look_often(self, tx: Tx) -> None:
        for _ in range(_LOOKS):
            self._look(tx)

    async def _queues(self) -> float:
        began = perf_counter()
        for _ in range(_LOOKS):
            await inbox.waiting(self.bot.reader, 500)
            await sending.sendable(self.bot.reader, self.bot.clock.shows, 200)
        return 1e6 / _LOOKS * (perf_counter() - began)

    def _tick(self, tx: Tx) -> None:
        """What the running bot does at every tick besides, as `App.tick` has it."""
        desk = self.bot.desk()
        health.feel(tx, "commit", desk.now)
        operating.raise_alarms(tx, desk, timedelta(0))
        nudging.look_at_drafts(tx, desk)
        due.begin_weekly_work(tx, desk)
        due.forget_old_tests(tx, desk)
        forgetting.begin(tx, desk)
        sealing.give_seals(tx, desk)
        inbox.forget_handled(tx, desk.now - FORGET_AFTER, 200)
        pending.forget(tx, desk.now)
        passing.blank_arrived(tx)
        letters.forget_words(tx, desk.now - FORGET_AFTER, 200)


async def main() -> None:
    """Grow the studies, measure them in turns, and print what each thing costs and how it grows."""
    words = with_file(argparse.ArgumentParser(description=__doc__))
    words.add_argument("--full", action="store_true", help="up to ten million answers")
    words.add_argument("--picture", action="store_true", help=f"draw the growth into {_PICTURE}")
    words.add_argument("--folder", type=Path, help="where the studies lie meanwhile")
    given = words.parse_args()
    sizes = FULL if given.full else SHORT
    rounds, exports = (_FULL_ROUNDS, _FULL_EXPORTS) if given.full else (_ROUNDS, _EXPORTS)
    with TemporaryDirectory(dir=given.folder) as folder:
        async with AsyncExitStack() as stack:
            studies = [
                await stack.enter_async_context(_grown(Path(folder) / str(size), size, rounds)) for size in sizes
            ]
            await _measure(studies, rounds, exports)
    figures = figures_of(studies)
    tell(figures, given.json)
    if given.picture:
        _draw(studies)
    grew = [one for thing, one in figures_by_thing(studies[-1], studies[0]).items() if THINGS[thing].is_flat]
    worst = max(one.ratio.median for one in grew if one.ratio)
    print(f"what may not grow grew to {worst:.2f} times at most; {MOST} is allowed")
    if worst > MOST:
        sys.exit(1)


@asynccontextmanager
async def _grown(folder: Path, answers: int, rounds: int) -> AsyncIterator[Grown]:
    """A study with about so many answers stored."""
    began, clock, size = perf_counter(), Clock(NOW), shape(answers)
    program = rehearsed_program(folder, clock.now, Random(1))
    zone = program.study.timezone
    cities = tuple(City(f"stad{number}", f"Stad {number}", zone) for number in range(size.cities))
    program = replace(program, study=replace(program.study, cities=(*cities, program.study.city("utrecht"))))
    forms = prepare(program)
    await modelled(program, forms, clock)
    fill(program, answers)
    async with Writer(program.place.database) as writer, reading(program.place.database) as reader:
        bot = Bot(program, forms, clock, writer, reader, updates=1000, messages=1000)
        urns = await writer.run(lambda tx: _add_people(tx, bot.desk(), cities[-1], rounds))
        # The first tick begins with the weeks that there are to come.
        await writer.run(lambda tx: due.begin_weekly_work(tx, bot.desk()))
        (row,) = await reader.all("SELECT count(*) AS n FROM answer")
        bytes_kept = program.place.database.path.stat().st_size
        print(
            f"{row['n']:>10,} answers, {size.cities} cities, {size.weeks} weeks: {bytes_kept / 2**20:,.0f} MiB,"
            f" made in {perf_counter() - began:.0f} s",
            flush=True,
        )
        yield Grown(row["n"], bot, cities[-1], urns)


async def modelled(program: Program, forms: Mapping[str, Form], clock: Clock) -> None:
    """Have the bot ask somebody once, and let them answer."""
    async with Writer(program.place.database) as writer, reading(program.place.database) as reader:
        await play_model(Bot(program, forms, clock, writer, reader))


def fill(program: Program, answers: int) -> None:
    """Multiply what one person answered."""
    with closing(open_for_writing(program.place.database)) as connection:
        # What is torn here would only have to be made again.
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("BEGIN")
        grow(Tx(connection), program, answers)
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _add_people(tx: Tx, desk: Desk, city: City, rounds: int) -> list[str]:
    coordinator = people.add(tx, "ZZZZ", "nl", NOW)
    people.name(tx, coordinator, "Bram")
    people.reach_at(tx, coordinator, _COORDINATOR, NOW)
    people.grant(tx, coordinator, Grant(Role.COORDINATOR, city.code), NOW)
    operator = people.add(tx, "YYYY", "nl", NOW)
    people.reach_at(tx, operator, "telegram:9002", NOW)
    people.grant(tx, operator, Grant(Role.OPERATOR), NOW)
    return [add_person(tx, desk, 1 + number, NOW + number // _ASKED * _BETWEEN) for number in range(rounds * _ASKED)]


async def _measure(studies: Sequence[Grown], rounds: int, exports: int) -> None:
    order = Random(1)
    for number in range(rounds):
        for study in order.sample(studies, len(studies)):
            await study.play(number)
    for _ in range(exports):
        for study in order.sample(studies, len(studies)):
            study.export()


def _draw(studies: Sequence[Grown]) -> None:
    from benchmarks.growthpicture import Line, draw

    by_study = [figures_by_thing(study, studies[0]) for study in studies]
    lines = {
        thing: Line(
            f"{about.short}:\n{by_study[-1][thing].value.median:.2g} {about.unit}",
            [study.answers for study in studies],
            [figures[thing].ratio or Spread(1, 1, 1) for figures in by_study],
        )
        for thing, about in THINGS.items()
        if about.short
    }
    flat = [line for thing, line in lines.items() if THINGS[thing].is_flat]
    draw(flat, [line for line in lines.values() if line not in flat], MOST, _PICTURE)
    print(_PICTURE)


def figures_by_thing(study: Grown, smallest: Grown) -> dict[str, Figure]:
    """What each thing costs in this study, and how many times what it costs in the smallest."""
    return {
        thing: figure(
            f"{about.name}, {study.answers:,} answers",
            about.unit,
            study.found[thing],
            against=None if study is smallest else smallest.found[thing],
            note="" if study is smallest else f"to {smallest.answers:,} answers",
        )
        for thing, about in THINGS.items()
    }


def figures_of(studies: Sequence[Grown]) -> list[Figure]:
    """The figures of every thing, from the smallest study to the largest."""
    by_study = [figures_by_thing(study, studies[0]) for study in studies]
    return [figures[thing] for thing in THINGS for figures in by_study]


if __name__ == "__main__":
    asyncio.run(main())
