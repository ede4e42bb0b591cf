"""A city's week on the command line: how far people are, and reminding them."""

from typing import Annotated

import typer

from bot.options import HERE, LANGUAGE, CityName, Folder, city_named
from bot.program import prepare
from bot.telling import BAD_CONFIGURATION, configured_or_told, stop, tell, told
from fieldwork.schedule import Week
from handlers.people import reminding, status
from storage.database import transaction


def figures(
    city: CityName,
    week: Annotated[str, typer.Option(help="The ISO week, such as 2026-W47; left out: this week.")] = "",
    folder: Folder = HERE,
) -> None:
    """Print a city's week: of each workshop how many people are how far, in the words of the workbook."""
    _, program = configured_or_told(folder)
    place = city_named(program, city)
    try:
        wanted = Week.parse(week) if week else Week.of(program.now(), program.study.timezone)
    except ValueError as error:
        stop(f"--week: {error}", BAD_CONFIGURATION)
    with told(program):
        forms = prepare(program)
        with transaction(program.place.database) as tx:
            found = status.read(tx, program.desk(forms, ""), place, wanted)
    typer.echo(f"{place.name}\t{found.week}\t{found.total.done} of {found.total.due}")
    for workshop in found.workshops:
        day = workshop.starts_on.astimezone(place.timezone)
        told_of = status.in_words(found.counts[workshop.id], LANGUAGE)
        typer.echo(f"{workshop.id}\t{day:%Y-%m-%d}\t{workshop.title}\t{told_of}")


def remind(
    city: CityName,
    yes: Annotated[bool, typer.Option("--yes", help="Send them; without it you only see who would get one.")] = False,
    folder: Folder = HERE,
) -> None:
    """Remind who has not finished, as coordinators do; without --yes nothing is sent."""
    _, program = configured_or_told(folder)
    place = city_named(program, city)
    with told(program):
        desk = program.desk(prepare(program), "")
        with transaction(program.place.database) as tx:
            found = reminding.remind_all(tx, desk, place, None) if yes else reminding.would_get(tx, desk, place)
            shown = reminding.told(tx, desk, place, found, LANGUAGE)
    if not found.wanted:
        stop(f"Nobody in {place.name} would get a reminder.")
    if yes:
        typer.echo(shown)
        tell(reminding.result(desk, place, found, LANGUAGE))
        if found.now:
            tell("What was sent cannot be taken back.")
        if found.held:
            tell("What comes in the morning cannot be taken back either; who has finished by then gets none.")
    else:
        typer.echo(shown)
        tell("Nothing was sent; --yes sends them.")
