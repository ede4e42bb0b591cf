"""A migrated database for each test, plain and encrypted, and a transaction on it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.connection import Database
from storage.database import transaction
from storage.migrate import migrate
from storage.tx import Tx
from tests.drivers import DRIVERS, key_for


@pytest.fixture(scope="session", params=DRIVERS)
def key(request: pytest.FixtureRequest) -> str | None:
    """None, and where sqlcipher3 is installed also a key."""
    return key_for(request.param)


@pytest.fixture(scope="session")
def template(key: str | None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh database, made once."""
    path = tmp_path_factory.mktemp("template") / "terugblik.db"
    migrate(Database(path, key))
    return path


@pytest.fixture
def path(template: Path, key: str | None, tmp_path: Path) -> Database:
    """A fresh database of the test's own."""
    return Database(Path(shutil.copy(template, tmp_path / "terugblik.db")), key)


@pytest.fixture
def tx(path: Database) -> Iterator[Tx]:
    """A transaction that is open for as long as the test runs."""
    with transaction(path) as tx:
        yield tx
