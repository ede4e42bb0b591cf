"""Runs commands of the command line as an operator does."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.clock import system_now
from bot.program import Program, configured, prepare
from bot.sandbox import Sandbox
from bot.settings import Settings
from forms.form import Form


def terugblik(*words: str) -> Result:
    """Run one command to its end; what it printed, and its exit code."""
    return CliRunner().invoke(app, list(words))


def init(folder: Path) -> None:
    """Write a configuration to start from."""
    assert terugblik("init", "--folder", str(folder)).exit_code == 0


def prepared_in(folder: Path) -> tuple[Program, Mapping[str, Form]]:
    """A study that has run before, for a Bot API server that is not there; its forms by hash."""
    init(folder)
    (folder / ".env").write_text(f"TELEGRAM_BOT_TOKEN={Sandbox(system_now).token}\nCONTACT=Noor\n")
    _, program = configured(folder)
    return program, prepare(program)


def forget_settings(patch: pytest.MonkeyPatch) -> None:
    """Take what is set on this machine out of the environment."""
    for name in Settings.model_fields:
        patch.delenv(name.upper(), raising=False)
