"""Erases somebody for good: rows, files, and the bytes that deletion leaves behind."""

import asyncio
import json
import logging
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from bot.program import Program
from handlers.desk import Desk
from handlers.rights import erasures, forgetting, ownfiles
from handlers.work import Finish, NotYet
from storage import erasing, erasurelog, receipts
from storage.connection import Database
from storage.database import Busy, Writer, snapshot
from storage.erasing import Deleted
from storage.erasurelog import Line
from storage.jobs import Job
from storage.receipts import Erasure
from storage.tx import Tx

log = logging.getLogger(__name__)

_LOOK_AGAIN_AFTER = 0.2
_LOOKS = 50
"""How often it is looked whether the receipt has gone out before the job is put off."""


class Eraser:
    """Does the jobs that erase people."""

    def __init__(self, program: Program, writer: Writer) -> None:
        self._program = program
        self._writer = writer

    async def erase(self, desk: Desk, job: Job) -> Finish:
        """Everything that has to go; cut off anywhere, it goes on there. Raises NotYet."""
        database = self._program.place.database
        erasure = await asyncio.to_thread(_read, database, job.detail["erasure"])
        if erasure.deleted_on is None:
            await self._delete(desk, erasure)
        needles = await self._forget_traces(erasure)
        await self._compact()
        await self._look_through(erasure.id, needles)
        return lambda tx, desk: erasures.wiped(tx, desk, erasure.id)

    async def forget_old(self, desk: Callable[[], Desk]) -> Finish:
        """Everything that is too old, some at a time; then the bytes it leaves behind. Raises NotYet."""
        while True:
            if not await self._writer.run(lambda tx: self._forget_some(tx, desk())):
                break
        await self._compact()
        return lambda tx, desk: None

    def _forget_some(self, tx: Tx, desk: Desk) -> bool:
        """Whether anything was too old."""
        gone = forgetting.forget_some(tx, desk)
        self._delete_files(Deleted(0, tuple(gone.media), tuple(gone.exports)))
        return bool(gone.counts)

    async def _delete(self, desk: Desk, erasure: Erasure) -> None:
        """The rows, then the files; what was said to the person last says that it is done."""
        database = self._program.place.database
        needles = await asyncio.to_thread(_needles, database, erasure.person_id)
        line = Line(erasure.person_id, erasure.code, erasure.receipt, erasure.city)
        await asyncio.to_thread(erasurelog.append, erasurelog.beside(database.path), line)
        await self._writer.run(lambda tx: self._delete_rows(tx, desk, erasure))
        await self._compact()
        await self._look_through(erasure.id, needles)

    def _delete_rows(self, tx: Tx, desk: Desk, erasure: Erasure) -> None:
        self._delete_files(erasures.delete(tx, desk, erasure))
        ownfiles.delete(self._program.place.exports, erasure.person_id)

    def _delete_files(self, gone: Deleted) -> None:
        """Before the rows are gone for good: cut off in between, they still tell which files have to go."""
        erasures.delete_files(gone, self._program.media, self._program.place.exports)

    async def _forget_traces(self, erasure: Erasure) -> frozenset[bytes]:
        """Once the receipt has gone out the address goes, too; what must not be found afterwards."""
        for _ in range(_LOOKS):
            address = await self._writer.run(lambda tx: erasing.forget_traces(tx, erasure))
            if address is not None:
                return frozenset({address.encode()} if address else ())
            await asyncio.sleep(_LOOK_AGAIN_AFTER)
        raise NotYet(f"the receipt of erasure {erasure.id}")

    async def _compact(self) -> None:
        try:
            await self._writer.compact()
        except Busy:
            raise NotYet("somebody reads what was there before") from None

    async def _look_through(self, erasure_id: int, needles: frozenset[bytes]) -> None:
        """Look for the words in every byte; what is still found stands in what others said, and is counted."""
        program = self._program
        found = await asyncio.to_thread(passages_found, program.place.database.path, program.media, needles)
        if found:
            log.warning("erasure %d: %d passages also stand in what others said", erasure_id, found)
            await self._writer.run(lambda tx: receipts.found_elsewhere(tx, erasure_id, found))


def passages_found(database: Path, media: Path, needles: frozenset[bytes]) -> int:
    """How many of these stand in the bytes of the database, the log beside it, or a file that was sent.

    Another process looks: whoever opens and closes the database's file here lets go of all locks that SQLite holds
    on it in this one, and a short command beside it could then take away the log under the writer.
    """
    paths = [database, database.with_name(f"{database.name}-wal"), *sorted(media.glob("*"))]
    wanted = {"files": [str(path) for path in paths], "needles": [needle.hex() for needle in needles]}
    program = [sys.executable, "-m", "bot.scanning"]
    ended = subprocess.run(program, input=json.dumps(wanted), stdout=subprocess.PIPE, text=True, check=True)
    return int(ended.stdout)


def _read(database: Database, erasure_id: int) -> Erasure:
    with snapshot(database) as rows:
        return receipts.by_id(rows, erasure_id)


def _needles(database: Database, person_id: int) -> frozenset[bytes]:
    with snapshot(database) as rows:
        return erasing.needles(rows, person_id)
