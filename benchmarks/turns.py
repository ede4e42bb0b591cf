"""Turns of a conversation a second, beside what other bots do when they echo and keep nothing.

Run with `python -m benchmarks.turns`; `--full` takes more rounds, longer ones and more loads, `--only typing` leaves
others out. Five hundred people answer the default questionnaire of a study on disk, by typing or by tapping, and the
same five hundred talk to an echo by python-telegram-bot and to one by aiogram, one bot after the other, round by round.
A turn is one update that is answered on the phone. The peers need an environment of their own, which `make bench`
installs; without it only Terugblik is measured.
"""

import argparse
import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from benchmarks.asked import Asked, judge
from benchmarks.bots import PEERS, RAISED, Contestant, Ours, Peer, Played, made, play
from benchmarks.figures import Figure, figure, tell, with_file
from benchmarks.replies import Manner
from benchmarks.server import Order

PEOPLE = 500
TIMES_ASKED = {"ptb": 2.5, "aiogram": 1.0}
"""How many of its turns a second each of ours has to make, at least."""
FAR, FAR_PEOPLE = 0.06, 256
"""Seconds until an answer of the server arrives, and how many people there are then."""
THOUGHT = 0.4
"""Seconds that they take for an answer where they do not answer at once."""
CALLS_ASKED, WAIT_ASKED = 1000.0, 300.0
"""With them: calls a second at least, and milliseconds that all but one in a hundred turns stay below."""
_ROUNDS, _FULL_ROUNDS = 2, 7
_ECHOES, _FULL_ECHOES = 4, 12
"""What each person says to an echo, to which every turn is the same."""

Rounds = Mapping[str, Sequence[Played]]
"""What each bot did, round by round."""


async def main() -> None:
    """Measure everybody in turns, print what came of it, and whether it is as asked."""
    given = _given()
    bots = {key: bot for key, bot in everybody(given.peers).items() if not given.only or key in given.only}
    near = Order(given.people, _FULL_ECHOES if given.full else _ECHOES, Manner.ECHO)
    rounds = given.rounds or (_FULL_ROUNDS if given.full else _ROUNDS)
    is_long = given.full or given.only or given.distance
    asked: list[Asked] = []
    with TemporaryDirectory(dir=given.folder) as folder:
        if given.distance in (None, "near"):
            found = await rounds_of(bots, near, rounds, Path(folder))
            tell(figures_of(bots, found), given.json)
            asked += asked_of(bots, found)
        for distance, order, words in _far_away(given):
            ours = {
                key: bot for key, bot in bots.items() if isinstance(bot, Ours) and (is_long or key == Manner.TYPING)
            }
            found = await rounds_of(ours, order, max(1, rounds // 2), made(folder, distance))
            tell(figures_of(ours, found, words), given.json)
            asked += asked_far_of(ours, found, words)
    judge(asked)


def _given() -> argparse.Namespace:
    words = with_file(argparse.ArgumentParser(description=__doc__))
    words.add_argument("--full", action="store_true", help="more and longer rounds")
    words.add_argument("--people", type=int, default=PEOPLE)
    words.add_argument("--rounds", type=int, help="how often each is measured")
    words.add_argument("--only", nargs="+", choices=("ptb", "aiogram", "typing", "tapping"), help="leave others out")
    words.add_argument("--distance", choices=("near", "far", "calm"), help="only one of the three loads")
    words.add_argument("--peers", type=Path, default=PEERS, help="the environment the other libraries are installed in")
    words.add_argument("--folder", type=Path, help="where the studies lie meanwhile")
    return words.parse_args()


def _far_away(given: argparse.Namespace) -> list[tuple[str, Order, str]]:
    """What is measured of ours alone, with what is said of it: people who answer at once, and people who do not."""
    people = min(given.people, FAR_PEOPLE)
    words = f", {people} people, {FAR * 1000:.0f} ms away"
    loads = [
        ("far", Order(people, 0, Manner.ECHO, FAR), words),
        ("calm", Order(people, 0, Manner.ECHO, FAR, thought=THOUGHT), f"{words}, who take {THOUGHT:g} s"),
    ]
    wanted = (given.distance,) if given.distance else ("far", "calm") if given.full else ("far",)
    return [load for load in loads if load[0] in wanted]


def everybody(peers: Path) -> dict[str, Contestant]:
    """Who is measured, in a fixed order; without other libraries where they are not installed."""
    python = peers / "bin" / "python"
    bots: dict[str, Contestant] = {}
    if python.exists():
        bots["ptb"] = Peer("python-telegram-bot's echo", "ptb_echo.py", python)
        bots["aiogram"] = Peer("aiogram's echo, tuned", "aiogram_echo.py", python)
    else:
        print(f"no other bots: {python} is not there", flush=True)
    for manner in (Manner.TYPING, Manner.TAPPING):
        bots[manner] = Ours(f"Terugblik, {manner}", manner, RAISED)
    return bots


async def rounds_of(bots: Mapping[str, Contestant], order: Order, rounds: int, folder: Path) -> dict[str, list[Played]]:
    """All bots one after the other, in a new order each round, so that what slows the machine slows them alike."""
    chance, found = Random(1), {key: list[Played]() for key in bots}
    for number in range(rounds):
        for key in chance.sample(list(bots), len(bots)):
            place = made(folder, f"{key}-{order.latency:g}-{number}")
            found[key].append(await play(bots[key], order, place))
    return found


def figures_of(bots: Mapping[str, Contestant], rounds: Rounds, where: str = "") -> list[Figure]:
    """Of each bot how fast it was and what it took; of ours beside each other bot's."""
    figures = []
    for key, bot in bots.items():
        figures += _figures_of(f"{bot.name}{where}: ", rounds[key])
    for key, bot in bots.items():
        if isinstance(bot, Ours):
            for peer, times in TIMES_ASKED.items():
                if peer in rounds:
                    figures += _beside(bot.name, rounds[key], bots[peer].name, rounds[peer], f"{times:g} is asked")
    return figures


def _beside(
    name: str, ours: Sequence[Played], other: str, theirs: Sequence[Played], note: str
) -> tuple[Figure, Figure]:
    """Turns, of which ours make several calls each, and calls."""
    return (
        figure(f"{name}, beside {other}", "turns/s", _speeds(ours), against=_speeds(theirs), note=note),
        figure(f"{name}, calls beside {other}", "calls/s", _calls(ours), against=_calls(theirs)),
    )


def _figures_of(name: str, rounds: Sequence[Played]) -> list[Figure]:
    waits = [_percentiles(one) for one in rounds]
    methods = sorted({method for one in rounds for method in one.seen.calls})
    return [
        figure(f"{name}turns", "turns/s", _speeds(rounds), note=f"of {rounds[0].turns:,} in {len(rounds)} rounds each"),
        figure(f"{name}calls", "calls/s", _calls(rounds), note="besides getUpdates"),
        figure(f"{name}calls a turn", "calls", [one.calls / one.turns for one in rounds], note="besides getUpdates"),
        *(
            figure(f"{name}{method} a turn", "calls", [one.seen.calls.get(method, 0) / one.turns for one in rounds])
            for method in methods
        ),
        figure(f"{name}median wait", "ms", [median_wait for median_wait, _ in waits]),
        figure(f"{name}wait of 99 in 100", "ms", [long_wait for _, long_wait in waits]),
        figure(f"{name}processor a turn", "ms", [1000 * one.processor / one.turns for one in rounds]),
        figure(f"{name}the server's share of a core", "%", [100 * one.seen.own / one.seen.seconds for one in rounds]),
        figure(f"{name}most memory", "MiB", [one.memory for one in rounds]),
    ]


def asked_of(bots: Mapping[str, Contestant], rounds: Rounds) -> list[Asked]:
    """How many times as fast as the others ours has to be."""
    return [
        Asked(
            f"{bot.name}, beside {bots[peer].name}",
            " times",
            median(ours / theirs for ours, theirs in zip(_speeds(rounds[key]), _speeds(rounds[peer]), strict=True)),
            at_least=times,
        )
        for key, bot in bots.items()
        for peer, times in TIMES_ASKED.items()
        if isinstance(bot, Ours) and peer in bots
    ]


def asked_far_of(bots: Mapping[str, Contestant], rounds: Rounds, words: str = "") -> list[Asked]:
    """What is asked of ours where the server is far away."""
    asked = []
    for key, bot in bots.items():
        calls = median(_calls(rounds[key]))
        wait = median(_percentiles(one)[1] for one in rounds[key])
        asked.append(Asked(f"{bot.name}{words}: calls", "/s", calls, at_least=CALLS_ASKED))
        asked.append(Asked(f"{bot.name}{words}: wait of 99 in 100", " ms", wait, below=WAIT_ASKED))
    return asked


def _speeds(rounds: Sequence[Played]) -> list[float]:
    return [one.turns / one.seen.seconds for one in rounds]


def _calls(rounds: Sequence[Played]) -> list[float]:
    return [one.calls / one.seen.seconds for one in rounds]


def _percentiles(played: Played) -> tuple[float, float]:
    """Milliseconds that half of the turns waited, and that one in a hundred waited longer than."""
    cuts = quantiles(played.seen.waits, n=100, method="inclusive")
    return 1000 * cuts[49], 1000 * cuts[98]


if __name__ == "__main__":
    asyncio.run(main())
