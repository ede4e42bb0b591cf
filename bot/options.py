"""Options that several commands have, and how they are read."""

from pathlib import Path
from typing import Annotated

import typer

from bot.program import Program
from bot.telling import stop
from fieldwork.study import City, UnknownCity

Folder = Annotated[Path, typer.Option("--folder", help="Where .env and study.toml are.", file_okay=False)]
CityName = Annotated[str, typer.Option("--city", help="The city.")]
HERE = Path()
LANGUAGE = "en"
"""Of what the commands print."""


def city_named(program: Program, name: str) -> City:
    """The study's city of this name or code; of any other the operator reads which there are, and the command ends."""
    try:
        return program.study.city(name)
    except UnknownCity as error:
        stop(f"--city: {error}")
