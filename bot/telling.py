"""How a command speaks to the operator: sentences on standard error, and exit codes."""

import errno
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import typer

from bot.channel import SecondPoller, TokenRevoked
from bot.doctor import NoAnswer
from bot.lock import AlreadyRunning
from bot.problems import BadConfiguration
from bot.program import Program, configured
from bot.settings import Settings, without_effect
from bot.startup import Damaged, NearlyFull
from storage.connection import WrongKey
from storage.driver import DatabaseError
from storage.migrate import NotOurs, TooNew
from storage.troubles import Trouble, trouble_of

BAD_CONFIGURATION = 2
TOKEN_REVOKED = 3
SECOND_POLLER = 4
ALREADY_RUNNING = 5
BAD_DATABASE = 6
WRONG_KEY = 7
NO_ROOM = 8
READ_ONLY = 9
LOCKED = 10
DAMAGED = 11
STOPPED_BY_HAND = 130
_TROUBLES = {
    Trouble.FULL: (NO_ROOM, "the disk is full; make room, and try again"),
    Trouble.READ_ONLY: (READ_ONLY, "it can be read only; let this account write the file and its folder"),
    Trouble.LOCKED: (LOCKED, "another program holds it locked; end that program, and try again"),
    Trouble.DAMAGED: (DAMAGED, "it is damaged; keep it aside and put a copy back: terugblik restore COPY --overwrite"),
}


def tell(text: str) -> None:
    """A word to the operator; what a command gives goes to standard output."""
    _print(text)


def way_back(folder: Path, *words: str) -> None:
    """Which command takes back what was done."""
    where = () if folder == Path() else ("--folder", str(folder))
    tell(f"To take it back: {shlex.join(('terugblik', *words, *where))}")


def stop(text: str, code: int = 1) -> NoReturn:
    """Tell the operator and end."""
    _print(text, style="red")
    raise typer.Exit(code)


def _print(text: str, style: str | None = None) -> None:
    # Loaded where it is needed: a bot that runs for weeks tells the operator nothing in colour.
    from rich.console import Console

    Console(stderr=True, highlight=False, soft_wrap=True).print(text, style=style, markup=False)


def configured_or_told(folder: Path) -> tuple[Settings, Program]:
    """The program as its files describe it; where they cannot be used every problem is told."""
    try:
        found = configured(folder)
    except BadConfiguration as error:
        tell("The configuration cannot be used:")
        stop("\n".join(f"  {problem}" for problem in error.problems), BAD_CONFIGURATION)
    for sentence in without_effect(folder / ".env"):
        tell(sentence)
    return found


@contextmanager
def told(program: Program | None = None) -> Iterator[None]:
    """What goes wrong as expected is told in a sentence, with an exit code of its own."""
    codes: dict[type[Exception], int] = {
        TokenRevoked: TOKEN_REVOKED,
        SecondPoller: SECOND_POLLER,
        AlreadyRunning: ALREADY_RUNNING,
        BadConfiguration: BAD_CONFIGURATION,
        NotOurs: BAD_DATABASE,
        TooNew: BAD_DATABASE,
        WrongKey: WRONG_KEY,
        NearlyFull: NO_ROOM,
        Damaged: DAMAGED,
        NoAnswer: 1,
    }
    try:
        yield
    except tuple(codes) as error:
        stop(str(error), codes[type(error)])
    except DatabaseError as error:
        named = f"DATABASE: {program.place.database}" if program else "the database"
        code, reason = _TROUBLES.get(
            trouble_of(error), (BAD_DATABASE, "see to the disk and the file, or put a backup back")
        )
        stop(f"{named} cannot be used ({error}): {reason}", code)
    except OSError as error:
        named = error.filename or "the system"
        stop(f"{named}: {error.strerror or error}; see to it that it is there and that this account may use it")


@contextmanager
def stopped_by_hand(left: str) -> Iterator[None]:
    """Ctrl+C ends the command with a sentence about what it leaves."""
    try:
        yield
    except KeyboardInterrupt:
        stop(f"stopped: {left}", STOPPED_BY_HAND)


@contextmanager
def port_told(port: int) -> Iterator[None]:
    """A port that cannot be listened on is told by its option."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES) or error.filename is not None:
            raise
        reason = "used by another program" if error.errno == errno.EADDRINUSE else "not for this account"
        stop(f"--port: found {port}, which is {reason}; choose another, or 0 for any that is free")


@contextmanager
def file_told(option: str, file: Path, expected: str) -> Iterator[None]:
    """A file that cannot be read is told by its option."""
    try:
        yield
    except UnicodeDecodeError:
        stop(f"{option}: {file} is no text in UTF-8; expected {expected}", BAD_CONFIGURATION)
    except OSError as error:
        stop(f"{option}: {file} cannot be read ({error.strerror or error}); expected {expected}", BAD_CONFIGURATION)


@contextmanager
def folder_told(option: str, folder: Path) -> Iterator[None]:
    """A folder that cannot be written in is told by its option."""
    try:
        yield
    except OSError as error:
        found = error.strerror or error
        stop(f"{option}: {folder} cannot be used ({found}); choose a folder to write in", BAD_CONFIGURATION)
