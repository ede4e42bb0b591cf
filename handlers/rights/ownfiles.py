"""Files made for one person only: where they lie until they were sent, and how they go again."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from shutil import rmtree

from handlers.delivery import course
from handlers.desk import Desk
from handlers.work import Finish, Place
from storage import files, jobs
from storage.jobs import Job
from storage.tx import Tx

FORGETTING = "forget_own_files"
FOLDER = "own"
"""In the exports folder; a file's name begins with the person's id and the job's."""
_FORGOTTEN_AFTER = timedelta(days=1)


def forget_later(tx: Tx, desk: Desk, names: Iterable[str]) -> None:
    """Have these files of the folder deleted when they were surely sent."""
    jobs.add(tx, FORGETTING, {"files": list(names)}, desk.now, due_on=desk.now + _FORGOTTEN_AFTER)


def forget(place: Place, desk: Desk, job: Job) -> Finish:
    """What was sent a day ago does not stay here."""
    for name in job.detail["files"]:
        (place.exports / FOLDER / name).unlink(missing_ok=True)
    return lambda tx, desk: None


def delete(exports: Path, person_id: int) -> None:
    """Delete every file that was made for this person and is still here."""
    files.delete((exports / FOLDER).glob(f"{person_id}-*"))


def clear(place: Place, job: Job) -> None:
    """Nobody waits for what this job made any more, perhaps since they were erased meanwhile: it goes."""
    if (person_id := job.detail.get("person")) is not None:
        for path in (place.exports / FOLDER).glob(f"{person_id}-{job.id}[-.]*"):
            path.unlink(missing_ok=True)
    rmtree(place.exports / course.folder(job.id), ignore_errors=True)
