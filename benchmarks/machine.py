"""What a benchmark ran on: the machine, the versions, the commit."""

import os
import platform
import sqlite3
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.bots import PEERS, PROJECT

_LIBRARIES = ("python-telegram-bot", "aiohttp", "uvloop", "orjson")
_PEERS = ("python-telegram-bot", "httpx", "aiogram", "aiohttp", "uvloop", "orjson")


def facts(peers: Path = PEERS) -> dict[str, str]:
    """What to write beside the figures."""
    return {
        "measured": f"{datetime.now(UTC):%d %B %Y}, with a load of {os.getloadavg()[0]:.1f} on the machine before",
        "commit": _told("git", "-C", str(PROJECT), "describe", "--always", "--dirty"),
        "processor": f"{_line(Path('/proc/cpuinfo'), 'model name')}, {os.cpu_count()} cores",
        "memory": f"{int(_line(Path('/proc/meminfo'), 'MemTotal').split()[0]) / 2**20:.1f} GiB",
        "kernel": f"{platform.system()} {platform.release()}",
        "Python, SQLite": f"{platform.python_version()}, {sqlite3.sqlite_version}",
        "libraries": ", ".join(f"{name} {version(name)}" for name in _LIBRARIES),
        "the other bots'": _versions(peers),
    }


def _versions(peers: Path) -> str:
    wanted = f"from importlib.metadata import version; print(*(f'{{n}} {{version(n)}}' for n in {_PEERS}), sep=', ')"
    return _told(str(peers / "bin" / "python"), "-c", wanted)


def _told(*command: str) -> str:
    """What a command prints; a dash where it cannot be run."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() or "–"
    except (OSError, subprocess.CalledProcessError):
        return "–"


def _line(file: Path, name: str) -> str:
    """The value of a line such as `MemTotal: 8 kB`; a zero where there is none."""
    lines = file.read_text().splitlines() if file.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "0")
