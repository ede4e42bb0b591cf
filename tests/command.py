"""Runs commands of the command line as an operator does."""

from pathlib import Path

from typer.testing import CliRunner, Result

from bot.cli import app


def terugblik(*words: str) -> Result:
    """Run one command to its end; what it printed, and its exit code."""
    return CliRunner().invoke(app, list(words))


def init(folder: Path) -> None:
    """Write a configuration to start from."""
    assert terugblik("init", "--folder", str(folder)).exit_code == 0
