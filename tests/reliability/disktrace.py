"""What a process does to the files of one folder, in order, as strace saw it."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[2]
_CALLS = "openat,write,pwrite64,ftruncate,fsync,fdatasync,unlink"
_CALL = re.compile(r"(?P<name>\w+)\((?P<args>.*)\)\s+= (?P<result>-?\d+)")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_OPENED = re.compile(r"<(?P<path>(?:\\x[0-9a-f]{2}|[^<>])*)>")


@dataclass(frozen=True, slots=True)
class Created:
    """A file came under this name."""

    name: str


@dataclass(frozen=True, slots=True)
class Removed:
    """The name went."""

    name: str


@dataclass(frozen=True, slots=True)
class Written:
    """Bytes were written at a place of the file, perhaps only in memory so far."""

    name: str
    offset: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Cut:
    """The file was given this length."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Synced:
    """What was done to this file, or with an empty name to the folder's names, is on disk."""

    name: str


@dataclass(frozen=True, slots=True)
class Told:
    """The process said this on standard output."""

    text: str


Event = Created | Removed | Written | Cut | Synced | Told


def may_trace() -> bool:
    """Whether strace is installed and may watch a process on this machine."""
    if shutil.which("strace") is None:
        return False
    return subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True, check=False).returncode == 0


def trace(folder: Path, module: str, words: Sequence[str], log: Path) -> list[Event]:
    """Run a module to its end and tell what it did in the folder."""
    watching = ["strace", "-f", "-y", "-xx", "--seccomp-bpf", "-s", "1000000", "-e", f"trace={_CALLS}", "-o", str(log)]
    program = [sys.executable, "-m", module, *words]
    ended = subprocess.run([*watching, *program], cwd=PROJECT, capture_output=True, check=False)
    assert ended.returncode == 0, ended.stderr.decode()
    with log.open(encoding="ascii") as lines:
        return list(_events(_whole(lines), folder))


def _whole(lines: Iterator[str]) -> Iterator[str]:
    """The calls, each where it ended, without the thread's number."""
    begun: dict[str, str] = {}
    for line in lines:
        thread, _, call = line.rstrip("\n").partition(" ")
        call = call.strip()
        if call.endswith("<unfinished ...>"):
            begun[thread] = call.removesuffix("<unfinished ...>").rstrip()
        elif call.startswith("<..."):
            yield begun.pop(thread) + call.partition("resumed>")[2].lstrip()
        else:
            yield call


def _events(calls: Iterator[str], folder: Path) -> Iterator[Event]:
    for call in calls:
        found = _CALL.match(call)
        if found is not None and int(found["result"]) >= 0:
            event = _event(found["name"], found["args"], found["result"], call, folder)
            if event is not None:
                yield event


def _event(name: str, args: str, result: str, call: str, folder: Path) -> Event | None:
    if name == "openat":
        place = _in_folder(_text(args).decode(), folder)
        return Created(place) if place and "O_CREAT" in args else None
    if name == "unlink":
        place = _in_folder(_text(args).decode(), folder)
        return Removed(place) if place else None
    opened = _OPENED.search(args)
    if name == "write":
        return Told(_text(args).decode()) if args.startswith("1<") else None
    place = _in_folder(_decoded(opened["path"]), folder) if opened else None
    if place is None:
        return None
    if name == "pwrite64":
        content = _text(args)
        assert len(content) == int(result), call[:200]
        return Written(place, int(args.rpartition(",")[2], 0), content)
    if name == "ftruncate":
        return Cut(place, int(args.rpartition(",")[2], 0))
    return Synced(place)


def _text(args: str) -> bytes:
    found = _TEXT.search(args)
    assert found is not None, args[:200]
    return bytes.fromhex(found[1].replace("\\x", ""))


def _decoded(path: str) -> str:
    return bytes.fromhex(path.replace("\\x", "")).decode() if path.startswith("\\x") else path


def _in_folder(path: str, folder: Path) -> str | None:
    """The name in the folder, empty for the folder itself; None for what lies elsewhere."""
    place = Path(path)
    if place == folder:
        return ""
    return place.name if place.parent == folder else None
