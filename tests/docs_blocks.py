"""The parts of the documents that are made from the code."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from pydantic.fields import FieldInfo
from typer.core import TyperGroup
from typer.main import get_command

from bot import cli, telling
from bot.settings import Settings
from fieldwork.people import MAY, Role, Where
from forms.xpath.functions import FUNCTIONS
from handlers.commands import COMMANDS, Known
from tests.docs_dialogue import dialogue_diagram, dialogue_table
from tests.fieldwork.marked import OTHER, measured, sentences
from tests.forms.reference_walks import CANNOT_AGREE

PROJECT = Path(__file__).parents[1]
_BLOCK = re.compile(r"(<!-- made from the code: (?P<name>[a-z ]+) -->\n)(?P<text>.*?)(<!-- end -->)", re.DOTALL)
_EXIT_CODES = (
    ("0", "All went well."),
    ("1", "Something is wrong that the message names: a wrong row, an unknown city, a finding of `doctor`."),
    (
        str(telling.BAD_CONFIGURATION),
        "`.env`, `study.toml` or a folder they name cannot be used, or the command was typed wrong.",
    ),
    (str(telling.TOKEN_REVOKED), "Telegram refuses the token."),
    (str(telling.SECOND_POLLER), "Another program fetches updates with the same token."),
    (str(telling.ALREADY_RUNNING), "Another bot runs on this database."),
    (str(telling.BAD_DATABASE), "The database cannot be opened, is none of Terugblik, or a newer version wrote it."),
    (str(telling.WRONG_KEY), "The database and its key do not fit: another key, none, or one for a plain database."),
    (str(telling.NO_ROOM), "The disk is full or nearly so."),
    (str(telling.READ_ONLY), "The database can be read but not written."),
    (str(telling.LOCKED), "Another program holds the database locked."),
    (str(telling.DAMAGED), "The database is damaged; a copy has to be put back."),
    (str(telling.STOPPED_BY_HAND), "Stopped with Ctrl+C."),
)


def blocks(text: str) -> dict[str, str]:
    """The made parts of a document, by name."""
    return {found["name"]: found["text"] for found in _BLOCK.finditer(text)}


def renewed(text: str) -> str:
    """The document with every made part made anew."""
    return _BLOCK.sub(lambda found: found[1] + MAKERS[found["name"]]() + found[4], text)


def command_names() -> tuple[str, ...]:
    """Every command of the command line, such as `export` and `forms check`."""
    return tuple(name for name, _ in _commands())


def _commands() -> Iterator[tuple[str, str]]:
    """Every command with the sentence its help begins with."""
    group = get_command(cli.app)
    assert isinstance(group, TyperGroup)
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from ((f"{name} {inner}", one.help or "") for inner, one in command.commands.items())
        else:
            yield name, command.help or ""


def _command_table() -> str:
    return _table(("Command", "What it does"), ((f"`terugblik {name}`", text) for name, text in _commands()))


def _settings_table() -> str:
    rows = ((f"`{name.upper()}`", _default(field), field.description or "") for name, field in _fields())
    return _table(("Setting", "When left out", "Meaning"), rows)


def _fields() -> Iterable[tuple[str, FieldInfo]]:
    return Settings.model_fields.items()


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    return "–" if field.default is None else f"`{field.default}`"


def _exit_code_table() -> str:
    return _table(("Code", "Meaning"), _EXIT_CODES)


def _chat_command_table() -> str:
    """The role × verb × city table, by command."""
    rows = (
        (", ".join(f"`/{name}`" for name in known.names), *(_where(known, role) for role in (None, *Role)))
        for known in COMMANDS
    )
    return _table(("Command", "everyone known", *Role), rows)


def _where(known: Known, role: Role | None) -> str:
    """For which cities a role may use a command; '–' for none."""
    places = [MAY[role][verb] for verb in known.verbs if verb in MAY[role]]
    return max(places, key=tuple(Where).index) if places else "–"


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


def _differing_walks() -> str:
    return _table(("Form", "Reason"), ((f"`{form}`", reason) for form, reason in CANNOT_AGREE.items()))


def _functions() -> str:
    names = sorted(FUNCTIONS, key=str.casefold)
    return ", ".join(f"`{name}()`" for name in names) + ".\n"


_SORTS = {
    "iban": "rekeningnummer (IBAN, met controlegetal)",
    "email": "e-mailadres",
    "phone": "telefoonnummer",
    "address": "postcode met huisnummer",
    "bsn": "burgerservicenummer (elfproef)",
    "name": "naam achter meneer, mevrouw, dhr., mw., Mr, Mrs, Ms",
    OTHER: "iets anders: een voornaam, een straat, een functie met naam",
}


def _third_parties() -> str:
    """How the search fares on the half of the sentences that was not looked at while it was made."""
    scores = measured(sentences("test"))
    rows = (
        (
            _SORTS[sort],
            str(score.marked),
            f"{score.found} ({100 * score.recall:.0f}%)",
            f"{score.right} van {score.findings} ({100 * score.precision:.0f}%)"
            if sort != OTHER
            else "zoekt de bot niet",
        )
        for sort, score in scores.items()
    )
    return _table(("Soort", "In de zinnen", "Gevonden", "Terecht aangewezen"), rows)


MAKERS: dict[str, Callable[[], str]] = {
    "commands": _command_table,
    "settings": _settings_table,
    "exit codes": _exit_code_table,
    "functions": _functions,
    "walks that differ": _differing_walks,
    "chat commands": _chat_command_table,
    "third parties": _third_parties,
    "dialogue diagram": lambda: dialogue_diagram(PROJECT),
    "dialogue table": lambda: _table(
        ("Waits", "What happens", "What it comes to", "Waits next"), dialogue_table(PROJECT)
    ),
}
