"""Disks as they may be after the power went: what was not synced may be there, torn, in another order, or not."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from random import Random

from tests.reliability.disktrace import Created, Cut, Event, Removed, Synced, Told, Written

SECTOR = 512
"""Bytes that a disk writes whole or not at all."""


@dataclass(slots=True)
class _File:
    """What is surely on disk of a file, and what was done to it since."""

    durable: bytes = b""
    pending: list[Written | Cut] = field(default_factory=list)

    def sync(self) -> None:
        """Everything reached the disk."""
        for content in self._states():
            self.durable = content
        self.pending.clear()

    def after_cut(self, chance: Random, reached: float) -> bytes:
        """The file as the disk may hold it; `reached` is how likely a change got there."""
        states = [self.durable, *self._states()]
        versions: dict[int, list[bytes]] = {}
        for before, after in pairwise(states):
            for sector in range(0, max(len(before), len(after)), SECTOR):
                new = after[sector : sector + SECTOR]
                if new != before[sector : sector + SECTOR]:
                    versions.setdefault(sector, []).append(new)
        size = len(chance.choice(states) if chance.random() < reached else self.durable)
        content = bytearray(self.durable.ljust(max(map(len, states)), b"\0"))
        for sector, news in versions.items():
            if chance.random() < reached:
                new = chance.choice(news) if chance.random() < 0.5 else news[-1]
                content[sector : sector + len(new)] = new
        return bytes(content[:size])

    def _states(self) -> Iterator[bytes]:
        """The whole content after each change."""
        content = bytearray(self.durable)
        for change in self.pending:
            if isinstance(change, Cut):
                content = content[: change.size].ljust(change.size, b"\0")
            else:
                end = change.offset + len(change.content)
                content = content.ljust(end, b"\0")
                content[change.offset : end] = change.content
            yield bytes(content)


class Disk:
    """The files of one folder while events happen to them."""

    def __init__(self, folder: Path) -> None:
        self._names = {path.name: _File(path.read_bytes()) for path in folder.iterdir()}
        self._durable_names = dict(self._names)
        self.told: list[str] = []

    def happen(self, event: Event) -> None:
        """One more thing was done."""
        match event:
            case Created(name):
                self._names.setdefault(name, _File())
            case Removed(name):
                self._names.pop(name, None)
            case Written(name) | Cut(name):
                self._names[name].pending.append(event)
            case Synced(""):
                self._durable_names = dict(self._names)
            case Synced(name):
                self._names[name].sync()
            case Told(text):
                self.told += text.split()

    def after_cut(self, folder: Path, chance: Random) -> None:
        """Lay the files down in an empty folder as they may be if the power goes now."""
        reached = chance.choice((0.0, 0.1, 0.5, 0.9, 1.0))
        for name in sorted(self._names.keys() | self._durable_names.keys()):
            old, new = self._durable_names.get(name), self._names.get(name)
            file = new if old is new or chance.random() < reached else old
            if file is not None:
                (folder / name).write_bytes(file.after_cut(chance, reached))
