"""Hostile files end in a sentence, soon and with little memory."""

import resource
import subprocess
import sys
from pathlib import Path

from forms.problems import Problems
from forms.xlsform import compile_workbook
from tests.yardstick import cpu_seconds

ROOT = Path(__file__).parents[2]
MOST_SECONDS = 2
MOST_BYTES = 256_000_000


def check_all() -> None:
    """Refuse every hostile file in a process that may take no more than so much memory."""
    from tests.forms.hostile_files import HOSTILE

    taken = Path("/proc/self/statm")
    if taken.exists():
        most = int(taken.read_text().split()[0]) * resource.getpagesize() + MOST_BYTES
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    faults = [f"{name}: {fault}" for name, content in HOSTILE.items() for fault in faults_with(content)]
    assert len(HOSTILE) > 30
    raise SystemExit("\n".join(faults) or 0)


def faults_with(content: bytes) -> list[str]:
    """What is wrong with how this file is refused."""
    refused: list[Problems] = []

    def refuse() -> None:
        try:
            compile_workbook(content)
        except Problems as problems:
            refused.append(problems)

    seconds = cpu_seconds(refuse, MOST_SECONDS)
    if not refused:
        return ["it was taken"]
    told = [problem.text(language) for problem in refused[0].problems for language in ("nl", "en")]
    faults = [f"{seconds:.1f} s"] if seconds > MOST_SECONDS else []
    return faults + (["nothing is told"] if not told or "" in told or "MemoryError" in " ".join(told) else [])


def test_every_hostile_file_ends_in_a_sentence_soon_and_with_little_memory() -> None:
    work = "from tests.forms.test_hostile_files import check_all as check; check()"
    done = subprocess.run([sys.executable, "-c", work], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
