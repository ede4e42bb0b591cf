"""Kills a bot at random moments while people answer it, and says what became of their answers."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from random import Random
from time import monotonic
from types import MappingProxyType

from tests.reliability.cradle import LOOKS_AFTER
from tests.reliability.scene import GRACE, Scene, scene
from tests.reliability.verdict import Verdict, judge

_SHORTEST_LIFE, _LONGEST_LIFE = 0.05, 0.8
"""Seconds; the shortest end before the bot has begun in earnest."""
_LOOK_AFTER = 3 * LOOKS_AFTER
"""Seconds in which the bot surely looked at its rows."""
_MOST_GRACES = 40
END_WITHIN = 10.0
"""Seconds the bot has to end when it is asked to."""


async def kill_again_and_again(
    folder: Path,
    crowd: int,
    kills: int,
    seed: int,
    *,
    politely: bool = False,
    hesitation: float = 0.8,
    orders: int = 0,
    settings: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Verdict, int]:
    """A closed loop of people under so many kills; the verdict, and how many kills there were."""
    chance = Random(seed)
    async with scene(folder, crowd, chance, hesitation, orders, **settings) as play, asyncio.TaskGroup() as tasks:
        answering = [tasks.create_task(person.run()) for person in play.everyone]
        patience, done = _Patience(play, hesitation + _LOOK_AFTER), 0
        while done < kills and not play.is_over:
            await play.lives.begin()
            await asyncio.sleep(chance.uniform(_SHORTEST_LIFE, _LONGEST_LIFE))
            if politely:
                assert await play.lives.stop() == 0
            else:
                await play.lives.kill()
            done += 1
            patience.look()
        await _let_finish(play, answering, patience)
        assert play.lives.slowest_stop < END_WITHIN
    return judge(play), done


class _Patience:
    """Puts the clock forward when nothing happens any more: whoever saw a question has answered it by then."""

    def __init__(self, play: Scene, quiet: float) -> None:
        self._play = play
        self._quiet = quiet
        self._revision = play.revision
        self._since = monotonic()
        self.times = 0

    def look(self) -> None:
        """Let the grace pass where all wait for the bot."""
        # What somebody did counts from when the bot could know of it.
        if self._play.revision != self._revision or len(self._play.sandbox.world.updates):
            self._revision, self._since = self._play.revision, monotonic()
        elif monotonic() - self._since > self._quiet:
            self._play.clock.forward(GRACE + 1)
            self._since = monotonic()
            self.times += 1


async def _let_finish(play: Scene, answering: list[asyncio.Task[None]], patience: _Patience) -> None:
    """One last life in which everybody may finish."""
    await play.lives.begin()
    left = set(answering)
    patience.times = 0
    while left and patience.times < _MOST_GRACES:
        _, left = await asyncio.wait(left, timeout=0.1)
        patience.look()
    for task in left:
        task.cancel()
    # What nobody waits for, such as a weekly file, comes too.
    for _ in range(_MOST_GRACES if play.coordinators else 0):
        play.clock.forward(GRACE + 1)
        await asyncio.sleep(_LOOK_AFTER)
        if not play.waiting:
            break
    assert await play.lives.stop() == 0
