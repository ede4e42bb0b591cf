"""What an error of SQLite or of the disk means: whether the work is to blame, and what can be done about it."""

import errno
import os
from enum import Enum, auto

from storage.driver import Code, DatabaseError

_FAULTS = {
    Code.BUSY,
    Code.LOCKED,
    Code.FULL,
    Code.IOERR,
    Code.READONLY,
    Code.CANTOPEN,
    Code.NOMEM,
    Code.CORRUPT,
    Code.NOTADB,
    Code.PROTOCOL,
}
_DISK_FAULTS = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EMFILE, errno.ENFILE}


class Trouble(Enum):
    """What an operator can do something about."""

    FULL = auto()
    LOCKED = auto()
    READ_ONLY = auto()
    UNREACHABLE = auto()
    DAMAGED = auto()
    """Some of it is not what SQLite wrote there."""
    FOREIGN = auto()
    """It is no database at all."""
    OTHER = auto()


_TROUBLES: dict[int, Trouble] = {
    Code.FULL: Trouble.FULL,
    Code.BUSY: Trouble.LOCKED,
    Code.LOCKED: Trouble.LOCKED,
    Code.READONLY: Trouble.READ_ONLY,
    Code.PERM: Trouble.READ_ONLY,
    Code.CANTOPEN: Trouble.UNREACHABLE,
    Code.CORRUPT: Trouble.DAMAGED,
    Code.NOTADB: Trouble.FOREIGN,
}


def is_storage_fault(error: BaseException) -> bool:
    """Whether the disk or a lock is to blame, not the work: worth doing again unchanged."""
    if isinstance(error, OSError):
        return error.errno in _DISK_FAULTS
    return isinstance(error, DatabaseError) and _code(error) in _FAULTS


def trouble_of(error: BaseException) -> Trouble:
    """What is the matter with the file, as far as SQLite tells."""
    return _TROUBLES.get(_code(error), Trouble.OTHER)


def fault_name(error: BaseException) -> str:
    """What SQLite or the system calls this storage fault; nothing of a statement or a row."""
    if isinstance(error, OSError) and error.errno is not None:
        return os.strerror(error.errno)
    return str(error) if is_storage_fault(error) else type(error).__name__


def _code(error: BaseException) -> int:
    """SQLite's number of the error without its details; 0 where it is none of SQLite's."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
