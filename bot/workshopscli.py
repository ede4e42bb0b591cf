"""`terugblik workshops`: what is planned, and moving, cancelling and changing it as coordinators do in the chat."""

from collections.abc import Sequence
from typing import Annotated

import typer

from bot.options import HERE, LANGUAGE, Folder
from bot.program import Program, prepare
from bot.stewardcli import prepared
from bot.telling import BAD_CONFIGURATION, stop, tell, told, way_back
from fieldwork.planning import Unplanned, read_span
from fieldwork.study import City, UnknownCity
from handlers.desk import Desk
from handlers.workshops import replanning, teampicking
from handlers.workshops.planning import members
from storage import audit, people, prompts
from storage import workshops as workshop_rows
from storage.database import snapshot, transaction
from storage.tx import Rows, Tx
from storage.workshops import Workshop


def workshops(
    city: Annotated[str, typer.Option("--city", help="Only of this city.")] = "",
    number: Annotated[list[int] | None, typer.Option("--number", help="The workshop to change, by its number.")] = None,
    move: Annotated[str, typer.Option(help='Its new day and times, such as "12-03 19:00–21:00".')] = "",
    team: Annotated[str, typer.Option(help='Its whole new team, by code or name, such as "K7M4 Amina".')] = "",
    cancel: Annotated[bool, typer.Option("--cancel", help="Cancel it; who was asked reads so.")] = False,
    unplan: Annotated[
        bool, typer.Option("--unplan", help="Take it out of the planning, as long as nobody was asked about it.")
    ] = False,
    folder: Folder = HERE,
) -> None:
    """Print what is planned, one workshop a line with tabs between; or move, cancel or change those with a number."""
    program = prepared(folder)
    if sum(map(bool, (move, team, cancel, unplan))) != (1 if number else 0):
        stop(
            "--number: expected it with one change, and a change with it: --move, --team, --cancel or --unplan",
            BAD_CONFIGURATION,
        )
    with told(program):
        desk = program.desk(prepare(program), "")
        if not number:
            _print_planned(program, desk, _cities(desk, city))
            return
        with transaction(program.place.database) as tx:
            try:
                ways = [_change(tx, desk, _planned(tx, one), move, team, cancel) for one in number]
            except Unplanned as fault:
                stop(desk.texts.say(fault.key, LANGUAGE, **fault.values))
    for line, way in ways:
        typer.echo(line)
        way_back(folder, *way)


def _change(tx: Tx, desk: Desk, workshop: Workshop, move: str, team: str, cancel: bool) -> tuple[str, Sequence[str]]:
    """Change a workshop; how it stands now, and the command that takes it back. Raises Unplanned."""
    city, number = desk.city(workshop.city), ("workshops", "--number", str(workshop.id))
    before, codes = _times(workshop, city), _codes(tx, workshop)
    again = f"{before} | {workshop.neighbourhood} | {workshop.title} | {codes}"
    planned_again = ("plan", "--city", city.name, "--line", again)
    if move:
        to = read_span(move, city.timezone, desk.now)
        replanning.move(tx, desk, workshop.id, to.starts_on, to.ends_on)
        verb, way = "workshop_moved", (*number, "--move", before)
    elif team:
        replanning.change_team(tx, desk, workshop, _team(tx, workshop, city, team))
        verb, way = "team_changed", (*number, "--team", codes)
    elif cancel:
        replanning.cancel(tx, desk, workshop)
        verb, way = "workshop_cancelled", planned_again
    else:
        _unplan(tx, desk, workshop)
        verb, way = "undone", planned_again
    subject = f"workshop_planned {workshop.id}" if verb == "undone" else str(workshop.id)
    audit.note(tx, None, verb, city.code, subject, desk.now)
    now = workshop_rows.by_id(tx, workshop.id)
    assert now is not None, "a workshop is never deleted"
    return _line(tx, desk, now), way


def _unplan(tx: Tx, desk: Desk, workshop: Workshop) -> None:
    if any(one.state not in ("planned", "cancelled") for one in prompts.of_workshop(tx, workshop.id)):
        stop(f"--unplan: somebody was asked about workshop {workshop.id}; --cancel tells them that it is off")
    workshop_rows.unplan(tx, workshop.id, desk.now)


def _team(tx: Tx, workshop: Workshop, city: City, words: str) -> list[int]:
    """Who is wanted, and who has begun and stays. Raises Unplanned."""
    codes = teampicking.read_people(words, teampicking.candidates(tx, city), city)
    return [*replanning.staying(tx, workshop.id), *(one.id for one in members(tx, city, codes))]


def _planned(rows: Rows, number: int) -> Workshop:
    found = workshop_rows.by_id(rows, number)
    if found is None or found.state != "planned":
        stop(f"--number: found {number}, expected the number of a workshop that is planned")
    return found


def _print_planned(program: Program, desk: Desk, cities: Sequence[City]) -> None:
    with snapshot(program.place.database) as rows:
        found = [one for city in cities for one in workshop_rows.of_city(rows, city.code, desk.now)]
        for one in found:
            typer.echo(_line(rows, desk, one))
    if not found:
        tell("Nothing is planned.")


def _line(rows: Rows, desk: Desk, workshop: Workshop) -> str:
    """Number, city, day and times, neighbourhood, title, codes and state, with tabs between."""
    city = desk.city(workshop.city)
    pieces = (str(workshop.id), city.name, _times(workshop, city), workshop.neighbourhood, workshop.title)
    return "\t".join((*pieces, _codes(rows, workshop), workshop.state))


def _times(workshop: Workshop, city: City) -> str:
    """As they can be typed: `2026-11-20 19:00–20:30`."""
    start, end = workshop.starts_on.astimezone(city.timezone), workshop.ends_on.astimezone(city.timezone)
    return f"{start:%Y-%m-%d %H:%M}–{end:%H:%M}"


def _codes(rows: Rows, workshop: Workshop) -> str:
    return " ".join(people.by_id(rows, person_id).code for person_id in workshop_rows.team(rows, workshop.id))


def _cities(desk: Desk, name: str) -> Sequence[City]:
    try:
        return [desk.study.city(name)] if name else desk.study.cities
    except UnknownCity as error:
        stop(f"--city: {error}", BAD_CONFIGURATION)
