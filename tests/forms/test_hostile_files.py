"""Hostile files end in a sentence, soon and with little memory."""

import resource
import subprocess
import sys
from pathlib import Path
from time import process_time

import pytest

from forms.problems import Problems
from forms.xlsform import check_workbook, compile_workbook
from tests.forms.hostile_files import HOSTILE

ROOT = Path(__file__).parents[2]
MOST_SECONDS = 2
MOST_BYTES = 256_000_000


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_ends_in_a_sentence(name: str) -> None:
    start = process_time()
    with pytest.raises(Problems) as refused:
        compile_workbook(HOSTILE[name])
    assert process_time() - start < MOST_SECONDS
    assert all(problem.text("nl") and problem.text("en") for problem in refused.value.problems)


def check_all_in_little_memory() -> None:
    """Check every hostile file in a process that may take no more than so much memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + MOST_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    for name, content in HOSTILE.items():
        told = " ".join(problem.text("en") for problem in check_workbook(content))
        if not told or "MemoryError" in told:
            raise SystemExit(f"{name}: {told}")


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the memory of a process is read from /proc")
def test_all_of_them_together_take_little_memory() -> None:
    work = "from tests.forms.test_hostile_files import check_all_in_little_memory as check; check()"
    done = subprocess.run([sys.executable, "-c", work], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
