"""Telegram's own limits are never met, however much is to be said, and a reply does not wait for a broadcast."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

from bot.channel import Delivered, NotDelivered
from bot.pace import Pace
from bot.sandbox.limits import Limits
from bot.sandbox.refusals import Refusal
from fieldwork.messages import Outgoing, Say
from tests.reliability.hurried import run_hurried
from tests.telegram.telegram_parts import Clock, Database, a_sender, database, sending

PEOPLE = 70
TALKATIVE = 5
REPLIES = 10


@dataclass
class StrictPost:
    """Telegram's flood control as the sandbox has it, on a line that is sometimes slow."""

    chance: Random
    limits: Limits = field(default_factory=Limits)
    refused: int = 0
    sent: list[tuple[float, str]] = field(default_factory=list)
    moved: asyncio.Event = field(default_factory=asyncio.Event)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Return once it holds; looked at whenever something is sent or refused."""
        async with asyncio.timeout(120):
            while not condition():
                self.moved.clear()
                await self.moved.wait()

    async def send(self, urn: str, outgoing: Outgoing, edit_message: str | None) -> Delivered:
        """Counted somewhere between leaving and being answered."""
        assert isinstance(outgoing, Say)
        await asyncio.sleep(self.chance.choice((0.0, 0.02, 0.4)))
        now = asyncio.get_running_loop().time()
        try:
            self.limits.spend(int(urn.rpartition(":")[2]), now)
        except Refusal as refusal:
            self.refused += 1
            self.moved.set()
            raise NotDelivered(timedelta(seconds=refusal.retry_after or 1)) from None
        self.sent.append((now, outgoing.text))
        self.moved.set()
        await asyncio.sleep(self.chance.choice((0.0, 0.02, 0.4)))
        return Delivered(str(len(self.sent)))


async def everybody_at_once(kept: Database, post: StrictPost) -> dict[str, float]:
    """Prompts to everybody, one chat with a dozen messages, and replies that come in between; when those came."""
    clock, loop, written = Clock(), asyncio.get_running_loop(), dict[str, float]()
    for person in range(PEOPLE):
        await kept.say(f"telegram:{person}", "prompt", clock(), priority=1)
    for number in range(TALKATIVE):
        await kept.say("telegram:7", f"more {number}", clock(), priority=1)
    async with sending(a_sender(kept, post, clock, Pace(clock=loop.time))) as sender:
        for number in range(REPLIES):
            await asyncio.sleep(0.2)
            await kept.say(f"telegram:{1000 + number}", f"reply {number}", clock())
            written[f"reply {number}"] = loop.time()
            sender.wake()
        await post.until(lambda: len(post.sent) == PEOPLE + TALKATIVE + REPLIES)
    return written


def test_a_burst_of_prompts_and_replies_never_meets_telegrams_limits(tmp_path: Path) -> None:
    post = StrictPost(Random(1))

    async def story() -> tuple[dict[str, float], list[str]]:
        async with database(tmp_path) as kept:
            return await everybody_at_once(kept, post), await kept.states()

    written, states = run_hurried(story())
    assert post.refused == 0
    assert set(states) == {"sent"}
    prompts = [at for at, text in post.sent if text == "prompt"]
    came = {text: at for at, text in post.sent}
    assert max(sum(written[reply] < at < came[reply] for at in prompts) for reply in written) < PEOPLE / 2
    assert [text for _, text in post.sent if text.startswith("more")] == [f"more {n}" for n in range(TALKATIVE)]


def test_a_pace_that_is_too_fast_is_caught_by_the_same_limits(tmp_path: Path) -> None:
    post = StrictPost(Random(1))

    async def story() -> None:
        async with database(tmp_path) as kept:
            for number in range(6):
                await kept.say("telegram:7", f"{number}", Clock()())
            hasty = Pace(clock=lambda: asyncio.get_running_loop().time() * 10)
            async with sending(a_sender(kept, post, Clock(), hasty)):
                await post.until(lambda: post.refused > 0)

    run_hurried(story())
