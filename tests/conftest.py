"""What every test can ask for."""

import asyncio
import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pytest

from exports import charts
from fieldwork.texts import read_texts
from forms.xform import read_xform
from forms.xlsform import compile_workbook

_MEMORY = Path("/dev/shm")
_ENOUGH = 2 * 1024**3
"""Bytes; a container often has 64 MB there, which is too little."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="Write anew what the documents take from the code.")


def pytest_configure() -> None:
    """Keep the tests' folders in memory where there is room: every commit of every bot waits for the disk otherwise."""
    if os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ENOUGH:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))
        tempfile.tempdir = str(_MEMORY)


def pytest_collection_finish() -> None:
    """What was imported stays to the end: it is not looked through for rubbish in every test again."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.hookimpl(optionalhook=True)
def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Tests run on the loop that the bot runs on, which also takes a tenth off their time."""
    from bot.run import loop_factory

    return {"loop": loop_factory()}


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
        patch.setattr("exports.request.read_xform", cache(read_xform))
        patch.setattr("forms.xlsform.compile_workbook", cache(compile_workbook))
        patch.setattr("bot.rehearsal.version", cache(version))
        # The same figures are drawn once; the test that they are drawn the same each time puts the real one back.
        patch.setattr(charts, "digest_charts", cache(charts.digest_charts))
        yield
