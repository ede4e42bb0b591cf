"""A migrated database for each test, and a transaction on it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.connection import Tx
from storage.database import transaction
from storage.migrate import migrate


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh database, made once."""
    path = tmp_path_factory.mktemp("template") / "terugblik.db"
    migrate(path)
    return path


@pytest.fixture
def path(template: Path, tmp_path: Path) -> Path:
    """A fresh database of the test's own."""
    return Path(shutil.copy(template, tmp_path / "terugblik.db"))


@pytest.fixture
def tx(path: Path) -> Iterator[Tx]:
    """A transaction that is open for as long as the test runs."""
    with transaction(path) as tx:
        yield tx
