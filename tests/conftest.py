"""What every test can ask for."""

from collections.abc import Iterator
from functools import cache

import pytest

from fieldwork.texts import read_texts
from forms.xform import read_xform
from forms.xlsform import compile_workbook


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="Write anew what the documents take from the code.")


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Whether what is generated is to be written anew."""
    return bool(request.config.getoption("--update"))


@pytest.fixture(scope="session", autouse=True)
def what_every_start_reads_is_read_once() -> Iterator[None]:
    """The catalogue and the questionnaire are the same for a thousand bots, and reading them was half of a start."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.program.read_texts", cache(read_texts))
        patch.setattr("bot.program.read_xform", cache(read_xform))
        patch.setattr("forms.xlsform.compile_workbook", cache(compile_workbook))
        yield
