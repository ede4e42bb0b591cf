"""Locks a workbook with a password, as Excel does: AES-256 by the agile encryption of ECMA-376."""

from io import BytesIO
from pathlib import Path


def locked(workbook: Path, password: str) -> bytes:
    """The workbook as a file that opens with the password only; a new key each time."""
    from msoffcrypto.format.ooxml import OOXMLFile

    out = BytesIO()
    with workbook.open("rb") as file:
        OOXMLFile(file).encrypt(password, out)
    return out.getvalue()
