"""A fresh town for every test; and whatever a bot carries out in one, no table is read that grows with the study."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from storage.database import snapshot
from storage.tx import Tx
from tests.e2e.town import Town, fresh_database
from tests.e2e.town import town as town_in
from tests.storage.queries import Statements, unexpected, watched


@pytest_asyncio.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with town_in(tmp_path) as place:
        yield place


@pytest.fixture(scope="session")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tx]:
    """A database to ask how SQLite goes about a statement."""
    path = tmp_path_factory.mktemp("plans") / "terugblik.db"
    path.write_bytes(fresh_database())
    with snapshot(path) as rows:
        yield rows


@pytest.fixture(scope="session")
def looked_at() -> Statements:
    """The statements of the tests before, which are right."""
    return Statements()


@pytest.fixture(autouse=True)
def nothing_that_grows_is_read_from_end_to_end(plans: Tx, looked_at: Statements) -> Iterator[None]:
    """Fails the test in which a handler, the clock, the worker or the sender does so for the first time."""
    statements = Statements()
    with watched(statements):
        yield
    fresh = Statements({sql: values for sql, values in statements.found.items() if sql not in looked_at.found})
    assert unexpected(plans, fresh) == {}
    looked_at.found.update(fresh.found)
