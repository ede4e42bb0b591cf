"""Brings files from the messenger: recordings and pictures to keep, questionnaires to check."""

import asyncio
import shutil
from pathlib import Path

from bot.channel import Messenger, Refused, TooBig
from handlers.desk import Desk
from handlers.publishing import awaitedpictures
from handlers.publishing.formchecks import Shelve, check, long_reports, report
from handlers.reflecting.filekeeping import lost
from handlers.work import Finish, Hopeless
from handlers.workshops import planchat
from storage import media
from storage.database import Reader
from storage.files import sha256_of, write_whole
from storage.filetypes import fits, type_of
from storage.formpictures import shelve as shelve_picture
from storage.jobs import Job
from storage.media import Media
from storage.pictures import NotAPicture, clean
from storage.tx import Tx


class OtherType(Exception):
    """A file's content is not of the kind it was sent as."""


async def fetch_media(messenger: Messenger, reader: Reader, folder: Path, job: Job) -> Finish:
    """Fetch one file; a picture is stripped of where and with what it was taken before it is kept.

    What turns out to be too big, gone, or another kind of thing than it was called is not kept, and who sent it
    reads so.
    """
    wanted = media.read(await reader.one(media.BY_ID, id=job.detail["media"]))
    if wanted is None or wanted.state != "wanted":
        return lambda tx, desk: None
    target = folder / wanted.file
    fetched = folder / f".{wanted.file}.fetched"
    try:
        await messenger.fetch_file(wanted.ref, fetched)
        await asyncio.to_thread(_keep, wanted, fetched, target)
    except (TooBig, Refused, NotAPicture, OtherType):
        return lambda tx, desk: lost(tx, desk, wanted.id)
    finally:
        fetched.unlink(missing_ok=True)
    size, sha256 = target.stat().st_size, await asyncio.to_thread(sha256_of, target)
    mime = await asyncio.to_thread(type_of, target)

    def finish(tx: Tx, desk: Desk) -> None:
        if not media.kept(tx, wanted.id, size, sha256, mime):
            # Erased while it was under way.
            target.unlink(missing_ok=True)

    return finish


def _keep(wanted: Media, fetched: Path, target: Path) -> None:
    if wanted.kind == "photo":
        write_whole(target, lambda aside: clean(fetched, aside))
    elif not fits(wanted.kind, found := type_of(fetched)):
        raise OtherType(f"{wanted.file} holds {found or 'something unknown'}")
    else:
        write_whole(target, lambda aside: shutil.copyfile(fetched, aside))


async def check_form(messenger: Messenger, folder: Path, exports: Path, shelve: Shelve, job: Job) -> Finish:
    """Fetch a questionnaire, check it in a thread, and report to who sent it. Raises Hopeless."""
    content = await _content(messenger, job, folder)
    if (plan := await asyncio.to_thread(planchat.plan_in, content)) is not None:
        return planchat.report(plan, job.detail["person"], "")
    try:
        checked = await asyncio.to_thread(check, content, folder)
    except OSError:
        raise
    except Exception as failure:
        # The same file comes to the same end: trying again would only keep who sent it waiting.
        raise Hopeless(type(failure).__name__) from None
    files = await asyncio.to_thread(long_reports, checked.problems, exports / "forms" / f"report-{job.id}")
    return report(checked, job.detail["person"], shelve, files)


async def read_plan(messenger: Messenger, folder: Path, job: Job) -> Finish:
    """Fetch a table of workshops, read it in a thread, and show to who sent it what was understood. Raises Hopeless."""
    content = await _content(messenger, job, folder)
    found = await asyncio.to_thread(planchat.read, content)
    return planchat.report(found, job.detail["person"], job.detail["city"])


async def keep_picture(messenger: Messenger, folder: Path, job: Job) -> Finish:
    """Fetch a picture that a questionnaire shows, and make it clean in a thread."""
    try:
        file = await asyncio.to_thread(shelve_picture, await _content(messenger, job, folder), folder)
    except (Hopeless, NotAPicture):
        file = None
    return awaitedpictures.kept(job.detail["name"], file, job.detail["person"])


async def _content(messenger: Messenger, job: Job, folder: Path) -> bytes:
    """What the file of this job holds. Raises Hopeless where the channel will never hand it over."""
    fetched = folder / f".{job.kind}-{job.id}"
    try:
        await messenger.fetch_file(job.detail["ref"], fetched)
        return await asyncio.to_thread(fetched.read_bytes)
    except (TooBig, Refused) as refusal:
        raise Hopeless(f"{type(refusal).__name__}: {refusal}") from None
    finally:
        fetched.unlink(missing_ok=True)
