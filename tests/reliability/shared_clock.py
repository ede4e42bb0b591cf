"""One clock for two processes: the system's, put forward by so many seconds that stand in a file."""

import mmap
import struct
from datetime import datetime, timedelta
from pathlib import Path

from bot.clock import system_now

_SECONDS = struct.Struct("d")


class SharedClock:
    """Every process that opens the same file sees the same time."""

    def __init__(self, file: Path) -> None:
        if not file.exists():
            file.write_bytes(_SECONDS.pack(0.0))
        with file.open("r+b") as handle:
            self._ahead = mmap.mmap(handle.fileno(), _SECONDS.size)

    def now(self) -> datetime:
        """The time on this clock."""
        (seconds,) = _SECONDS.unpack(self._ahead[:])
        return system_now() + timedelta(seconds=seconds)

    def forward(self, seconds: float) -> None:
        """Put it forward, for everyone."""
        (ahead,) = _SECONDS.unpack(self._ahead[:])
        self._ahead[:] = _SECONDS.pack(ahead + seconds)
