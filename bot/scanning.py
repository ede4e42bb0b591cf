"""Looks for bytes in files, as a process of its own: `python -m bot.scanning`, with what to look for on its input."""

import json
import sys
from collections.abc import Iterable
from mmap import ACCESS_READ, mmap
from pathlib import Path


def passages_in(files: Iterable[Path], needles: frozenset[bytes]) -> int:
    """How many of these stand in any of the files; a file that is not there holds none."""
    found: set[bytes] = set()
    for path in files:
        if path.is_file() and path.stat().st_size:
            with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content:
                found |= {needle for needle in needles if content.find(needle) >= 0}
    return len(found)


def main() -> None:
    """Read the names of the files and the bytes, as JSON, and print how many were found."""
    wanted = json.load(sys.stdin)
    needles = frozenset(bytes.fromhex(needle) for needle in wanted["needles"])
    sys.stdout.write(str(passages_in(map(Path, wanted["files"]), needles)))


if __name__ == "__main__":
    main()
