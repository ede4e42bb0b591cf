"""Deletes the files it is told for good: `python -m tests.reliability.removing FILE…`."""

import sys
from pathlib import Path

from storage.files import delete

if __name__ == "__main__":
    delete(map(Path, sys.argv[1:]))
