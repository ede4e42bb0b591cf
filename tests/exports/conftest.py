"""A city that the tests of every format read."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.exports.city import Place, fill
from tests.exports.seed import Seed


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Filled once; none of the tests writes to it."""
    folder = tmp_path_factory.mktemp("city")
    with closing(Seed(folder / "terugblik.db")) as seed:
        fill(seed, folder / "media")
        yield Place(seed, folder / "media")
