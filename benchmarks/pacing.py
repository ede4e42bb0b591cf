"""Two thousand people are asked at once: how much of the allowed rate is used, and how long one who answers waits.

Run with `python -m benchmarks.pacing`; `--full` goes at the rates that the bot has when nothing is set, which takes
over a minute, otherwise everything goes four times as fast. The server refuses more than 30 messages in any second,
and more than one a second to one chat with three at once. One person at a time answers the questionnaire, with some
seconds of thought before each answer.
"""

import argparse
import asyncio
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.asked import Asked, judge
from benchmarks.bots import Ours, Played, made, play
from benchmarks.figures import Figure, figure, tell, with_file
from benchmarks.replies import Manner
from benchmarks.server import Order
from bot.pace import OVERALL, PER_CHAT

PEOPLE = 2000
RATE_ASKED, WAIT_ASKED = 0.95, 300.0
"""Of the rate that the server takes, and milliseconds that no answer waits as long as."""
TELEGRAM, TELEGRAM_TO_ONE = 30.0, 1.0
_THOUGHT = 4.0
"""Seconds before an answer."""
_TIMES_AS_FAST = 5.0
_ROUNDS = 2


async def main() -> None:
    """Ask everybody, as often as is wanted, print what came of it, and whether it is as asked."""
    words = with_file(argparse.ArgumentParser(description=__doc__))
    words.add_argument("--full", action="store_true", help="at the real rates")
    words.add_argument("--people", type=int, default=PEOPLE)
    words.add_argument("--rounds", type=int)
    words.add_argument("--folder", type=Path, help="where the studies lie meanwhile")
    given = words.parse_args()
    speed = 1.0 if given.full else _TIMES_AS_FAST
    rounds = given.rounds or (_ROUNDS if given.full else 1)
    with TemporaryDirectory(dir=given.folder) as folder:
        found = [await rushed(given.people, speed, made(folder, number)) for number in range(rounds)]
    tell(figures_of(found, speed), given.json)
    judge(asked_of(found, speed))


async def rushed(people: int, speed: float, folder: Path) -> Played:
    """Ask everybody with the rates, the limits and the thought so many times as fast."""
    settings = {
        "MESSAGES_PER_SECOND": f"{OVERALL.per_second * speed:g}",
        "MESSAGES_PER_SECOND_TO_ONE": f"{PER_CHAT.per_second * speed:g}",
    }
    limits = {"most": TELEGRAM * speed, "most_to_one": TELEGRAM_TO_ONE * speed}
    order = Order(people, 0, Manner.RUSHED, thought=_THOUGHT / speed, **limits)
    return await play(Ours("Terugblik", Manner.RUSHED, settings), order, folder)


def figures_of(found: Sequence[Played], speed: float) -> list[Figure]:
    """How fast messages left, and what the one who answers waited."""
    allowed = OVERALL.per_second * speed
    waits = [1000 * wait for one in found for wait in one.seen.waits]
    rates = [rate_of(one) for one in found]
    ours, theirs = f"the {allowed:g} that the bot allows itself", f"the {TELEGRAM * speed:g} that the server takes"
    return [
        figure("messages that left", "msgs/s", rates, against=[allowed] * len(found), note=f"beside {ours}"),
        figure(
            "messages that left beside what is taken",
            "msgs/s",
            rates,
            against=[TELEGRAM * speed] * len(found),
            note=f"beside {theirs}",
        ),
        figure("refused as too many", "messages", [sum(one.seen.refused.values()) for one in found], note=_why(found)),
        figure("wait of who answers meanwhile", "ms", waits, note=f"{len(waits)} answers"),
        figure("the longest of them", "ms", [max(waits)], note=f"below {WAIT_ASKED:g} is asked"),
        figure("processor", "%", [100 * one.processor / one.seen.seconds for one in found], note="of a core"),
    ]


def asked_of(found: Sequence[Played], speed: float) -> list[Asked]:
    """What is asked of the rate, the refusals and the waits."""
    rate = median(rate_of(one) for one in found) / (TELEGRAM * speed)
    longest = max(1000 * wait for one in found for wait in one.seen.waits)
    return [
        Asked("messages that left, of those that the server takes", " times", rate, at_least=RATE_ASKED),
        Asked("refused as too many", "", sum(sum(one.seen.refused.values()) for one in found), below=1),
        Asked("longest wait of who answers meanwhile", " ms", longest, below=WAIT_ASKED),
    ]


def _why(found: Sequence[Played]) -> str:
    reasons = sorted({why for one in found for why in one.seen.refused})
    return ", ".join(f"{sum(one.seen.refused.get(why, 0) for one in found)} {why}" for why in reasons)


def rate_of(played: Played) -> float:
    """Messages a second, from the first that somebody was asked with to the last."""
    came = played.seen.messages
    return (len(came) - 1) / (came[-1] - came[0])


if __name__ == "__main__":
    asyncio.run(main())
