"""What is put aside can be got back, leaves no name behind, and is nothing to read for who finds it on the disk."""

import sys
import tempfile
from pathlib import Path

import pytest

from storage.driver import CAN_ENCRYPT
from storage.pieces import pieces

WORDS = b"Een bewoner vertelde iets dat niemand anders hoort te lezen. "
LARGE = WORDS * 50_000
"""Three megabytes: four of them are more than stays in memory."""


def nameless(folder: Path) -> list[Path]:
    """The files without a name that this process has open in the folder."""
    leads = [(path, str(path.readlink())) for path in Path("/proc/self/fd").iterdir() if path.is_symlink()]
    return [path for path, lead in leads if lead.startswith(str(folder)) and lead.endswith("(deleted)")]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not show files without a name")
def test_what_is_put_aside_has_no_name_and_is_encrypted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pieces() as aside:
        numbers = [aside.add(LARGE + bytes([number])) for number in range(4)]
        assert list(tmp_path.iterdir()) == []
        (file,) = nameless(tmp_path)
        content = file.read_bytes()
        assert len(content) > len(LARGE)
        assert (WORDS in content) is not CAN_ENCRYPT
        assert [aside.get(number)[-1] for number in numbers] == [0, 1, 2, 3]
    assert nameless(tmp_path) == []


def test_a_number_that_was_not_given_gets_nothing() -> None:
    with pieces() as aside, pytest.raises(KeyError):
        aside.get(1)
