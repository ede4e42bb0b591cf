"""Weeks in minutes: people in all cities go to workshops and answer, hour after hour, on a bot in its own process."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

from handlers.desk import Desk
from storage import people
from storage.database import transaction
from storage.tx import Tx
from tests.reliability.crowd import Answering
from tests.reliability.fieldworkers import taking_part, were_at
from tests.reliability.scene import FIRST_PERSON, Scene, scene

_FIRST = FIRST_PERSON + 1_000_000
_TEAM, _TEAMS = 25, 8
"""So many in a team, where there are enough people for so many teams."""
_UNTIL_NEXT_EVENING = 24
_MOST_HOURS_MORE = 200
_LONGEST_HOUR, _LOOK_AFTER = 60, 0.2
"""Seconds."""


@dataclass(frozen=True)
class Weight:
    """What the bot holds at one moment."""

    hour: int
    megabytes: float
    files: int
    waiting: int
    answered: int
    """How many people have sent everything."""


async def soak(
    folder: Path, crowd: int, hours: int, seed: int, pause: float, hesitation: float, note: Callable[[Weight], None]
) -> list[Weight]:
    """Let so many people in all cities live for so many hours, each hour `pause` seconds long; what the bot held.

    Each of them hesitates up to so many seconds before a reply.
    """
    chance = Random(seed)
    weights: list[Weight] = []
    async with scene(folder, 0, chance, QUIET_HOURS="03:00-03:01", BACKUPS_KEPT="1") as play:
        crowd_of = _people(play, crowd, hours, hesitation, chance)
        await play.lives.begin()
        async with asyncio.TaskGroup() as tasks:
            answering = [tasks.create_task(person.run()) for person in crowd_of]
            await asyncio.sleep(1)
            for hour in range(hours + 2):
                await asyncio.sleep(pause)
                await _catch_up(play, max(4, crowd // 50))
                weights.append(_weigh(play, hour, crowd_of))
                note(weights[-1])
                play.clock.forward(3600)
            await _let_finish(play, answering, pause)
        # The channel still confirms what came last.
        await _catch_up(play, 0)
        weights.append(_weigh(play, hours + 3, crowd_of))
        note(weights[-1])
        assert await play.lives.stop() == 0
    return weights


async def _catch_up(play: Scene, few: int) -> None:
    """A slow machine gets a longer hour, as there would be on a clock that nobody moves."""
    for _ in range(round(_LONGEST_HOUR / _LOOK_AFTER)):
        if play.waiting <= few:
            return
        await asyncio.sleep(_LOOK_AFTER)


async def _let_finish(play: Scene, answering: list[asyncio.Task[None]], pause: float) -> None:
    """Who is asked the morning after the last day answers, too."""
    left = set(answering)
    for hour in range(_MOST_HOURS_MORE):
        _, left = await asyncio.wait(left, timeout=pause)
        if not left:
            return
        if hour < _UNTIL_NEXT_EVENING:
            play.clock.forward(3600)
    for task in left:
        task.cancel()


def _weigh(play: Scene, hour: int, crowd: list[Answering]) -> Weight:
    return Weight(hour, *play.lives.weight, play.waiting, sum(person.is_done for person in crowd))


def _people(play: Scene, crowd: int, hours: int, hesitation: float, chance: Random) -> list[Answering]:
    """Everybody in a team of some workshop, spread over the cities and the hours."""
    phones = [play.sandbox.phone(f"P{number}", telegram_id=_FIRST + number) for number in range(crowd)]
    for phone in phones:
        phone.chat.standing = "open"
    with transaction(play.program.place.database) as tx:
        desk = play.program.desk(play.forms, "")
        size = min(_TEAM, max(1, crowd // _TEAMS))
        for start in range(0, crowd, size):
            _team(tx, desk, start, min(size, crowd - start), chance.uniform(0, hours - 1))
    crossed = play.program.texts.say("err.crossed", "nl")
    return [Answering(phone, Random(chance.random()), hesitation, crossed, "Verstuurd.") for phone in phones]


def _team(tx: Tx, desk: Desk, start: int, size: int, ends_in: float) -> None:
    city = desk.study.cities[start // size % len(desk.study.cities)]
    codes = [_person(tx, desk, start + number, city.code) for number in range(size)]
    were_at(tx, desk, city, desk.now + timedelta(hours=ends_in), ("Wijk", f"Groen {start}"), codes)


def _person(tx: Tx, desk: Desk, number: int, city: str) -> str:
    code = f"S{number:05d}"
    people.set_ask_when(tx, taking_part(tx, desk, code, f"P{number}", _FIRST + number, city), "after")
    return code
