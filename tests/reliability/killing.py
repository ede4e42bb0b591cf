"""Kills a bot at random moments while people answer it, and says what became of their answers."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from random import Random
from types import MappingProxyType

from tests.reliability.scene import Scene, scene
from tests.reliability.verdict import Verdict, judge

_SHORTEST_LIFE, _LONGEST_LIFE = 0.05, 0.9
"""Seconds; the shortest end before the bot has begun in earnest."""


async def kill_again_and_again(
    folder: Path,
    crowd: int,
    kills: int,
    seed: int,
    *,
    politely: bool = False,
    hesitation: float = 0.8,
    settings: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Verdict, int]:
    """A closed loop of people under so many kills; the verdict, and how many kills there were."""
    chance = Random(seed)
    async with scene(folder, crowd, chance, hesitation, **settings) as play, asyncio.TaskGroup() as tasks:
        answering = [tasks.create_task(person.run()) for person in play.crowd]
        done = 0
        while done < kills and not all(person.is_done for person in play.crowd):
            await play.lives.begin()
            await asyncio.sleep(chance.uniform(_SHORTEST_LIFE, _LONGEST_LIFE))
            if politely:
                assert await play.lives.stop() == 0
            else:
                await play.lives.kill()
            done += 1
        await _let_finish(play, answering)
    return judge(play), done


async def _let_finish(play: Scene, answering: list[asyncio.Task[None]], within: float = 20.0) -> None:
    """One last life in which everybody may finish."""
    await play.lives.begin()
    _, stuck = await asyncio.wait(answering, timeout=within)
    for task in stuck:
        task.cancel()
    assert await play.lives.stop() == 0
