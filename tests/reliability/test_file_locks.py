"""SQLite's locks on the database hold in the bot's process, whatever the program does with the file beside SQLite."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from bot.erasing import passages_found
from storage.backup import back_up
from storage.connection import is_plain
from storage.database import Writer
from storage.migrate import migrate
from tests.reliability.disktrace import PROJECT
from tests.reliability.keeper import row_twice

SHORT_COMMAND = """
import sys
from pathlib import Path
from storage.database import transaction
with transaction(Path(sys.argv[1])) as tx:
    print(len(tx.all("SELECT 1 FROM audit")))
"""


def counted_by_a_short_command(path: Path) -> int:
    """The rows that another process sees, which opens the file and closes it."""
    words = [sys.executable, "-c", SHORT_COMMAND, str(path)]
    return int(subprocess.run(words, cwd=PROJECT, check=True, capture_output=True, text=True).stdout)


async def seen_after(path: Path, meddle: Callable[[], object]) -> tuple[int, int]:
    """What short commands see before and after a commit of a writer in whose process something meddled."""
    migrate(path)
    async with Writer(path) as writer:
        await writer.run(row_twice(1))
        meddle()
        before = counted_by_a_short_command(path)
        await writer.run(row_twice(2))
        return before, counted_by_a_short_command(path)


async def test_neither_looking_for_words_nor_copying_takes_the_log_from_under_the_writer(tmp_path: Path) -> None:
    path = tmp_path / "terugblik.db"

    def meddle() -> None:
        passages_found(path, tmp_path / "media", frozenset({b"Noor"}))
        back_up(path, tmp_path / "copies" / "copy.db")

    assert await seen_after(path, meddle) == (2, 4)


async def test_reading_the_file_in_the_writers_process_would_take_the_log(tmp_path: Path) -> None:
    # Why no module may do it: the row that was committed last is nowhere.
    path = tmp_path / "terugblik.db"
    assert await seen_after(path, lambda: is_plain(path)) == (2, 2)
