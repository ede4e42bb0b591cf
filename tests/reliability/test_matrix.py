"""Whatever goes wrong in whatever phase, everything ends as if nothing had; `benchmarks.faults` plays every cell."""

import os
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from tests.reliability.besides import BESIDES
from tests.reliability.matrix import CHANNEL_FAULTS, DISK_FAULTS, STORAGE_FAULTS, Cell, cells, differences, played

_CELLS = int(os.environ.get("FAULT_CELLS", "2"))
"""How many cells are drawn, others every day."""
EVERY_METHOD = {
    *("getMe", "getUpdates", "setWebhook", "getWebhookInfo", "deleteWebhook", "getFile", "download"),
    *("sendMessage", "sendDocument", "sendPhoto", "sendVoice", "editMessageText", "editMessageCaption"),
    *("answerCallbackQuery", "setMyCommands", "deleteMyCommands", "leaveChat", "deleteMessages"),
    *("database", "files"),
}
"""Whatever the bot calls, and the disk."""


async def test_a_fault_in_any_phase_changes_nothing_in_the_end(tmp_path: Path) -> None:
    usual, besides = await played(_fresh(tmp_path, "usual")), await played(_fresh(tmp_path, "besides"), pushed=True)
    assert (usual.nudges, besides.nudges) == (0, 0)
    every = [*cells(usual.calls), *cells(besides.calls)]
    assert {cell.method for cell in every} == EVERY_METHOD
    assert {cell.fault for cell in every} == {*CHANNEL_FAULTS, *STORAGE_FAULTS, *DISK_FAULTS}
    for cell in _drawn(every):
        found = await played(_fresh(tmp_path, str(cell).replace("/", "")), cell)
        assert differences(besides if cell.phase in BESIDES else usual, found, cell) == [], cell
    # What the comparison cannot see, the matrix could not either.
    refused = await played(_fresh(tmp_path, "refused"), Cell("sent", "sendMessage", "403"))
    assert differences(usual, refused, Cell("sent", "sendMessage", "500"))


def _fresh(folder: Path, name: str) -> Path:
    (folder / name).mkdir()
    return folder / name


def _drawn(every: list[Cell]) -> list[Cell]:
    return Random(datetime.now(UTC).toordinal()).sample(every, min(_CELLS, len(every)))
