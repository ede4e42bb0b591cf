"""The pictures that forms show: rows by form and name here, the bytes under their hash in the media folder."""

import shutil
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from storage.files import sha256_of, write_whole
from storage.pictures import clean
from storage.tx import Rows, Tx

FOLDER = "forms"
"""Beside what people sent, within the media folder."""


def shelve(content: bytes, media: Path) -> str:
    """Put a picture, made clean, under its hash into the media folder; its name there. Raises NotAPicture."""
    folder = media / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    with TemporaryDirectory(dir=folder, prefix=".") as aside:
        sent, made = Path(aside, "sent"), Path(aside, "made")
        sent.write_bytes(content)
        clean(sent, made)
        name = f"{FOLDER}/{sha256_of(made)[:32]}.jpg"
        write_whole(media / name, lambda target: shutil.copyfile(made, target))
    return name


def want(tx: Tx, form_hash: str, names: Iterable[str]) -> None:
    """Note the pictures that a form shows; those that came already stay."""
    for name in names:
        tx.run(
            "INSERT INTO form_picture (form_hash, name) VALUES (:form, :name) ON CONFLICT (form_hash, name) DO NOTHING",
            form=form_hash,
            name=name,
        )


def came(tx: Tx, form_hash: str, name: str, file: str) -> None:
    """A form's picture lies in the media folder; one that came before is no longer shown."""
    tx.run(
        "UPDATE form_picture SET file = :file WHERE form_hash = :form AND lower(name) = lower(:name)",
        form=form_hash,
        name=name,
        file=file,
    )


def file_of(rows: Rows, form_hash: str, name: str) -> str:
    """Where a picture lies within the media folder; "" while it has not come."""
    row = rows.one("SELECT file FROM form_picture WHERE form_hash = :form AND name = :name", form=form_hash, name=name)
    return "" if row is None else str(row["file"])


def missing(rows: Rows, form_hash: str) -> tuple[str, ...]:
    """The names of a form's pictures that have not come, in alphabetical order."""
    found = rows.all(
        "SELECT name FROM form_picture WHERE form_hash = :form AND file = '' ORDER BY name", form=form_hash
    )
    return tuple(row["name"] for row in found)


def awaiting(rows: Rows, name: str) -> tuple[str, ...]:
    """The hashes of the forms that wait for a picture of this name, whatever its capitals."""
    found = rows.all(
        "SELECT form_hash FROM form_picture WHERE file = '' AND lower(name) = lower(:name) ORDER BY form_hash",
        name=name,
    )
    return tuple(row["form_hash"] for row in found)
