"""Starts bot after bot, each in a process of its own that is there at once: everything is imported before it forks.

Run with `python -m tests.reliability.cradle`; every line on standard input is one life, as JSON: its folder and its
environment. It answers with the process's number, and with how that process ended.
"""

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import bot.app
import bot.jobs
import bot.run
import bot.sender
import bot.worker
from bot.channel import SecondPoller, TokenRevoked
from bot.program import configured
from tests.reliability.shared_clock import SharedClock

TOKEN_REVOKED = 3
SECOND_POLLER = 4
LOOKS_AFTER = 0.2
"""Seconds after which a bot here looks at its rows anew where nothing woke it; outside it takes a second."""
CLOCK = "clock"
"""The file in the folder that puts the time forward."""


def main() -> None:
    """One life for each line, until there are no more."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os._exit(_born(**json.loads(line)))
        _tell(child)
        _, status = os.waitpid(child, 0)
        _tell(os.waitstatus_to_exitcode(status))


def _born(folder: str, environment: dict[str, str]) -> int:
    """What it says goes to `bot.log` in the folder."""
    os.environ.clear()
    os.environ.update(environment)
    with Path(folder, "bot.log").open("ab", 0) as log:
        os.dup2(log.fileno(), 2)
    return _live(Path(folder))


def _live(folder: Path) -> int:
    bot.app.TICK_AFTER = float(os.environ.get("TICK_AFTER", bot.app.TICK_AFTER))  # type: ignore[assignment]
    bot.worker._LOOK_AGAIN_AFTER = bot.sender._LOOK_AGAIN_AFTER = bot.jobs._LOOK_AGAIN_AFTER = LOOKS_AFTER
    try:
        settings, program = configured(folder)
        bot.run.run(settings, replace(program, now=SharedClock(folder / CLOCK).now))
    except TokenRevoked:
        return TOKEN_REVOKED
    except SecondPoller:
        return SECOND_POLLER
    except BaseException as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return 1
    return 0


def _tell(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
