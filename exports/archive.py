"""A zip that is the same whenever it is made from the same content."""

import zipfile
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import SizedBuffer

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The oldest time a zip can hold: every entry has it."""
_CHUNK = 1 << 20


class Archive(zipfile.ZipFile):
    """A zip without the time of day in it, whoever of its libraries writes an entry; half of one is not finished."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            # Stopped at whatever point, the library would complain of an entry that is open, and hide the reason.
            self._writing = self._didModify = False
        super().__exit__(kind, error, trace)

    def entry(self, name: str) -> IO[bytes]:
        """An entry to write to, of any size; only one can be open at a time."""
        return self.open(_entry(name), "w", force_zip64=True)

    def writestr(
        self,
        zinfo_or_arcname: str | zipfile.ZipInfo,
        data: "SizedBuffer | str",
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        name = zinfo_or_arcname if isinstance(zinfo_or_arcname, str) else zinfo_or_arcname.filename
        super().writestr(_entry(name), data)

    def enclose(self, file: Path, name: str) -> None:
        """Put in a file of its own that does not get smaller, such as a photo."""
        with file.open("rb") as source, self.open(_entry(name, zipfile.ZIP_STORED), "w", force_zip64=True) as end:
            while chunk := source.read(_CHUNK):
                end.write(chunk)

    def write(
        self,
        filename: str | PathLike[str],
        arcname: str | PathLike[str] | None = None,
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        with Path(filename).open("rb") as source, self.entry(str(arcname)) as end:
            while chunk := source.read(_CHUNK):
                end.write(chunk)


def _entry(name: str, compress_type: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = compress_type
    entry.external_attr = 0o600 << 16
    return entry
