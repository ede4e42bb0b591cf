"""Files that appear under their name only when they are whole."""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

_ENDING = ".part"


def write_whole(target: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a file beside the target, make sure of it on disk, and give it its name. Mode 0600."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = target.with_name(f".{target.name}{_ENDING}")
    try:
        write(aside)
        aside.chmod(0o600)
        sync(aside)
        aside.replace(target)
        sync(target.parent)
    finally:
        aside.unlink(missing_ok=True)


@contextmanager
def aside_of(target: Path) -> Iterator[Path]:
    """An empty folder beside the target, for the pieces it is made of; gone with the block. Mode 0700.

    Its name is always the same: what a crash left is gone when the file is made again.
    """
    aside = target.with_name(f".{target.name.lstrip('.')}{_ENDING}s")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(mode=0o700)
    try:
        yield aside
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def sweep(folder: Path, before: datetime) -> None:
    """Delete what crashes left half made in this folder and those in it, if nothing was written to it since."""
    for aside in [*folder.rglob(f".*{_ENDING}"), *folder.rglob(f".*{_ENDING}s")]:
        # Another program may finish its own meanwhile.
        with suppress(FileNotFoundError):
            if aside.stat().st_mtime >= before.timestamp():
                continue
            if aside.is_dir():
                shutil.rmtree(aside)
            else:
                aside.unlink()


def delete(paths: Iterable[Path]) -> None:
    """Delete files, and folders with what is in them, for good: a power cut brings none of the names back.

    What is not there is passed over.
    """
    folders = set()
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path)
        elif path.exists():
            path.unlink()
        else:
            continue
        folders.add(path.parent)
    for folder in folders:
        sync(folder)


def sha256_of(path: Path) -> str:
    """The file's SHA-256, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_of_folder(folder: Path) -> str:
    """SHA-256 (hex) over the names and hashes of the folder's files, as `sha256sum *` writes them."""
    lines = "".join(f"{sha256_of(path)}  {path.name}\n" for path in sorted(folder.iterdir()) if path.is_file())
    return hashlib.sha256(lines.encode()).hexdigest()


def sync(path: Path) -> None:
    """Make sure of a file, or of the names in a folder, on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
