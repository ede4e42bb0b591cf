"""Every command by every role, in the own city and another; what is not in the table is refused, changing nothing."""

from collections.abc import Iterator

import pytest

from fieldwork.people import Role, Verb, may
from handlers.commands import BY_NAME, COMMANDS
from handlers.menus import OFFERS, offered
from storage import people
from tests.roles.scene import Scene, scene

NOT_YOUR_ROLE = "Dit commando hoort niet bij jouw rol. Stuur /help om te zien wat je kunt doen."
NOT_YOUR_CITY = "Dit mag alleen een coördinator van Leiden."
UNKNOWN = "Dat commando ken ik niet."
FORMS = ("", "Utrecht", "Leiden")

EVERYBODY, FIELDWORKERS, CITY, LOOKING = "yes yes yes yes yes", "yes - - - -", "- own - - -", "- - yes - -"
STEWARDS = "- - - yes -"
GRID: dict[str, str] = {
    "start": EVERYBODY,
    "help": EVERYBODY,
    "privacy": EVERYBODY,
    "mijngegevens": EVERYBODY,
    "taal": EVERYBODY,
    "stop": FIELDWORKERS,
    "vraag": FIELDWORKERS,
    "antwoorden": FIELDWORKERS,
    "mijnreflecties": FIELDWORKERS,
    "terug": FIELDWORKERS,
    "overslaan": FIELDWORKERS,
    "pauze": FIELDWORKERS,
    "plan": CITY,
    "workshops": CITY,
    "status": "- own yes - yes",
    "missing": CITY,
    "people": CITY,
    "remind": CITY,
    "invite": CITY,
    "uitnodigingen": CITY,
    "export": "- own yes - -",
    "quotes": CITY,
    "forms": "- yes - yes -",
    "digest": LOOKING,
    "email": LOOKING,
    "audit": STEWARDS,
    "consent": STEWARDS,
    "retention": STEWARDS,
    "flags": STEWARDS,
    "erasures": STEWARDS,
}
"""By the first name of each command, for each role in turn: `yes`, only for their `own` city, or not at all."""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with scene(tmp_path_factory.mktemp("town")) as place:
        yield place


def cells() -> Iterator[tuple[str, Role, str]]:
    for known in COMMANDS:
        yield from (
            (name, role, cell)
            for name in known.names
            for role, cell in zip(Role, GRID[known.names[0]].split(), strict=True)
        )


def test_the_grid_holds_every_command_there_is() -> None:
    assert [known.names[0] for known in COMMANDS] == list(GRID)


def test_what_a_role_may_not_changes_nothing_and_what_it_may_is_done(town: Scene) -> None:
    wrong = [
        f"/{name} {form} by {role}: {told}"
        for name, role, cell in cells()
        for form, told in _misfits(town, name, role, cell)
    ]
    assert wrong == []


def _misfits(town: Scene, name: str, role: Role, cell: str) -> Iterator[tuple[str, str]]:
    """The forms of a command whose answer is not what the grid says, with that answer."""
    for form in FORMS:
        before = town.rows()
        with town.taken_back():
            told = " ".join(town.type(role, f"/{name} {form}".strip()).texts)
            is_same = town.rows() == before
            expected = NOT_YOUR_ROLE if cell == "-" else NOT_YOUR_CITY if cell == "own" and form == "Leiden" else ""
            is_refused = told.startswith((NOT_YOUR_ROLE, "Dit mag alleen een coördinator van ", UNKNOWN))
            if (told != expected or not is_same) if expected else (is_refused or (not told and is_same)):
                yield form, f"{told!r}{'' if is_same else ', and rows changed'}"


def test_who_holds_no_role_may_only_what_everybody_may(town: Scene) -> None:
    for name in BY_NAME:
        with town.taken_back():
            told = town.type("nobody", f"/{name}").texts
            is_allowed = GRID[BY_NAME[name].names[0]] == EVERYBODY
            assert (NOT_YOUR_ROLE in told) is not is_allowed, name


def test_a_menu_shows_what_the_role_may_and_nothing_else(town: Scene) -> None:
    for role in Role:
        person = people.by_id(town.tx, town.people[role])
        shown = {offer.names["nl"] for offer in offered(person)}
        allowed = {known.names[0] for known in COMMANDS if any(may(person, verb) for verb in known.verbs)}
        assert shown <= allowed
        assert shown >= {offer.names["nl"] for offer in OFFERS if offer.names["nl"] in allowed}
        assert all(set(offer.names.values()) <= set(BY_NAME[offer.names["nl"]].names) for offer in OFFERS)


def test_every_verb_but_those_of_buttons_alone_is_needed_by_a_command() -> None:
    assert {verb for known in COMMANDS for verb in known.verbs} == set(Verb) - {Verb.ANSWER, Verb.EXPORT_FILES}
