"""The figures of a bot's health, the same for a monitor and for `doctor`."""

import shutil
from datetime import datetime
from pathlib import Path

from storage import health
from storage.backup import kept
from storage.driver import Row

_SINCE = {
    "last_handled_on": "seconds_since_handled",
    "last_weekly_work_on": "seconds_since_weekly_work",
    "last_poll_on": "seconds_since_poll",
    "last_commit_on": "seconds_since_commit",
    "last_backup_on": "seconds_since_backup",
}


def figures_of(waiting: Row, totals: Row, backups: Path, now: datetime) -> dict[str, float]:
    """Every figure by its name, from rows that `storage.health` names; what never happened has none.

    What nothing waits for is 0 seconds old.
    """
    figures: dict[str, float] = {**health.counts(waiting), **health.counts(totals)}
    for name, moment in health.times(waiting).items():
        age = None if moment is None else max(0.0, (now - moment).total_seconds())
        if name in _SINCE:
            figures |= {} if age is None else {_SINCE[name]: age}
        else:
            figures[name.replace("_on", "_seconds")] = age or 0.0
    copies = kept(backups)
    if copies:
        figures["seconds_since_backup"] = max(0.0, now.timestamp() - copies[-1].stat().st_mtime)
    figures["disk_free_bytes"] = free_bytes(backups)
    return figures


def free_bytes(folder: Path) -> int:
    """What is left on the disk that this folder is on, or will be."""
    there = next(path for path in (folder, *folder.resolve().parents) if path.exists())
    return shutil.disk_usage(there).free
