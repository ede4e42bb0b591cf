"""What every test can ask for."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="Write anew what the documents take from the code.")


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Whether what is generated is to be written anew."""
    return bool(request.config.getoption("--update"))
