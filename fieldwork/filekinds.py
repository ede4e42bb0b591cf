"""What a file that somebody sends is to us, and which questions take it."""

from typing import Literal

from fieldwork.messages import File
from forms.question import Kind

Sort = Literal["photo", "voice", "video", "file"]

_ENDINGS: dict[Sort, tuple[str, ...]] = {
    "photo": ("jpg", "jpeg", "png", "webp"),
    "voice": ("ogg", "oga", "opus", "mp3", "m4a", "aac", "wav", "flac", "amr"),
    "video": ("mp4", "m4v", "mov", "webm", "mkv", "3gp", "avi"),
    "file": ("pdf", "docx", "doc", "xlsx", "xls", "pptx", "ppt", "odt", "ods", "odp", "rtf", "txt", "csv", "zip"),
}
_USUAL: dict[Sort, str] = {"photo": "jpg", "voice": "ogg", "video": "mp4", "file": "bin"}
_OF_KIND: dict[str, Sort] = {"photo": "photo", "voice": "voice", "audio": "voice", "video": "video"}
_OF_TYPE: dict[str, Sort] = {"image": "photo", "audio": "voice", "video": "video"}
_TAKEN: dict[Kind, tuple[Sort, ...]] = {
    Kind.TEXT: ("voice", "photo"),
    Kind.IMAGE: ("photo",),
    Kind.AUDIO: ("voice",),
    Kind.VIDEO: ("video",),
    Kind.FILE: ("photo", "voice", "video", "file"),
}


def sort_of(file: File) -> Sort:
    """What the file says it is, by its ending first: a picture, sound or film may come as a document."""
    if file.kind in _OF_KIND:
        return _OF_KIND[file.kind]
    ending = _ending(file)
    if ending:
        return next((sort for sort, endings in _ENDINGS.items() if ending in endings), "file")
    return _OF_TYPE.get((file.mime or "").partition("/")[0], "file")


def takes_sort(kind: Kind, sort: Sort) -> bool:
    """Whether a question of this kind takes such a file."""
    return sort in _TAKEN.get(kind, ())


def ending_of(file: File, sort: Sort) -> str:
    """The ending under which it is kept: its own where that is a usual one; a picture is always made a JPEG."""
    ending = _ending(file)
    return ending if sort != "photo" and ending in _ENDINGS[sort] else _USUAL[sort]


def _ending(file: File) -> str:
    _, dot, ending = (file.name or "").rpartition(".")
    return ending.casefold() if dot else ""
