"""Every file that was sent, by its file id and by its download path."""

import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import PurePosixPath

DOWNLOAD_LIMIT = 20 * 1024 * 1024
UPLOAD_LIMIT = 50 * 1024 * 1024
PHOTO_LIMIT = 10 * 1024 * 1024
GENERIC = ("", "application/octet-stream")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as Telegram keeps it: `name` as the sender called it, `path` for the download address."""

    id: str
    unique_id: str
    path: str
    name: str
    content_type: str
    content: bytes

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.content)

    def as_json(self) -> dict[str, object]:
        """The fields that all file objects of the Bot API share."""
        return {"file_id": self.id, "file_unique_id": self.unique_id, "file_size": self.size}


class FileShelf:
    """Keeps files in memory for as long as the sandbox lives."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}

    def keep(self, content: bytes, folder: str, name: str, content_type: str) -> StoredFile:
        """Stores a file and gives it an id and a path under `folder`; guesses a generic type by name."""
        if content_type in GENERIC:
            content_type = mimetypes.guess_type(name)[0] or content_type
        number = len(self._by_id)
        digest = hashlib.sha256(content).hexdigest()
        file = StoredFile(
            id=f"AgACAgQAAxkBAAI{number:06d}{digest[:16]}",
            unique_id=f"AQAD{digest[:12]}",
            path=f"{folder}/file_{number}{PurePosixPath(name).suffix.lower()}",
            name=name,
            content_type=content_type,
            content=content,
        )
        self._by_id[file.id] = self._by_path[file.path] = file
        return file

    def by_id(self, file_id: str) -> StoredFile | None:
        """The file with that id, if there is one."""
        return self._by_id.get(file_id)

    def by_path(self, path: str) -> StoredFile | None:
        """The file with that download path, if there is one."""
        return self._by_path.get(path)
