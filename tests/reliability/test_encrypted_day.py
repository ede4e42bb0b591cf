"""A whole day's work on an encrypted database is a day like any other, and its files say nothing."""

from pathlib import Path

import pytest

from bot.program import keep_copy
from storage.driver import CAN_ENCRYPT
from tests.drivers import KEY
from tests.e2e.town import local, town

pytestmark = pytest.mark.skipif(not CAN_ENCRYPT, reason="sqlcipher3 is not installed")

WORDS = "Zonder jullie was dit er niet geweest"


async def test_a_reflection_travels_to_the_workbook_over_an_encrypted_database(tmp_path: Path) -> None:
    async with town(tmp_path, key=KEY) as place:
        coordinator = await place.coordinator()
        amina = await place.fieldworker()
        await place.reflected(amina, "Amina", words=WORDS)
        assert WORDS in str(place.answers().values())
        keep_copy(place.play.program)
        assert readable(tmp_path, ".db*") == (True, [])
        await place.play.forward_to(local(23, 9))
        await coordinator.wait_for(lambda message: message.document is not None)
    assert readable(tmp_path / "exports", ".xlsx") == (True, [])


def readable(folder: Path, ending: str) -> tuple[bool, list[str]]:
    """Whether there are such files, and in which of them the words can be read by anybody."""
    found = [path for path in folder.rglob(f"*{ending}") if path.is_file()]
    return bool(found), [path.name for path in found if WORDS.encode() in path.read_bytes()]
