"""The documents say what the code does: what is made from it is equal, what they name is there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import Settings
from handlers.commands import BY_NAME
from tests.docs_blocks import MAKERS, PROJECT, blocks, command_names, renewed

DOCUMENTS = (PROJECT / "README.md", PROJECT / "CHANGELOG.md", *sorted((PROJECT / "docs").glob("*.md")))
OPERATORS = PROJECT / "docs" / "operators.md"
BIGGEST_PICTURE = 250_000
"""Bytes."""
_CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_MACHINE = re.compile(r"/(?:home|root|tmp|work|Users)/|[A-Z]:\\")

each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)


@each_document
def test_what_is_made_from_the_code_is_as_the_code_makes_it_now(document: Path, update: bool) -> None:
    text = document.read_text(encoding="utf-8")
    if update:
        document.write_text(renewed(text), encoding="utf-8")
        text = document.read_text(encoding="utf-8")
    assert blocks(text) == {name: MAKERS[name]() for name in blocks(text)}


def test_every_part_that_can_be_made_is_in_a_document() -> None:
    assert {name for document in DOCUMENTS for name in blocks(read(document))} == set(MAKERS)


def test_the_settings_are_those_of_the_operators_table() -> None:
    named = re.findall(r"^\| `([A-Z_]+)` \|", blocks(read(OPERATORS))["settings"], re.MULTILINE)
    assert named == [name.upper() for name in Settings.model_fields]


@each_document
def test_every_command_that_is_named_exists(document: Path) -> None:
    groups = {name.partition(" ")[0] for name in command_names() if " " in name}
    for first, second in _commands_in(read(document)):
        assert (f"{first} {second}" if first in groups else first) in command_names()


@pytest.mark.parametrize("document", [PROJECT / "README.md", OPERATORS], ids=lambda path: path.name)
def test_every_command_is_documented(document: Path) -> None:
    groups = {name.partition(" ")[0] for name in command_names() if " " in name}
    found = {f"{first} {second}" if first in groups else first for first, second in _commands_in(read(document))}
    assert found >= set(command_names())


@each_document
def test_every_command_of_the_chat_that_is_named_exists(document: Path) -> None:
    assert _chat_commands_in(read(document)) <= set(BY_NAME)


def test_every_command_of_the_chat_is_documented_for_those_who_use_it() -> None:
    guides = ("veldwerkers.md", "coordinatoren.md", "onderzoekers.md", "databeheerder.md")
    found = {name for guide in guides for name in _chat_commands_in(read(PROJECT / "docs" / guide))}
    assert found == set(BY_NAME)


@each_document
def test_every_link_leads_somewhere(document: Path) -> None:
    for target in _links(read(document)):
        path, _, place = target.partition("#")
        page = (document.parent / path).resolve() if path else document
        assert page.exists(), target
        assert not place or place in _places(read(page)), target


def test_every_picture_is_shown_and_small() -> None:
    shown = {
        (page.parent / link).resolve()
        for page in DOCUMENTS
        for link in _links(read(page))
        if link.endswith((".png", ".svg"))
    }
    there = set((PROJECT / "docs" / "pictures").iterdir())
    assert there == shown
    assert max(picture.stat().st_size for picture in there) < BIGGEST_PICTURE


@each_document
def test_no_document_names_a_place_on_somebodys_machine(document: Path) -> None:
    assert _MACHINE.findall(read(document)) == []


@each_document
def test_what_make_is_asked_for_is_in_the_makefile(document: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", read(PROJECT / "Makefile"), re.MULTILINE))
    wanted = {
        name for code in _CODE.findall(read(document)) for name in re.findall(r"(?m)^`*make (?:-C \S+ )?([a-z]+)", code)
    }
    assert wanted <= targets


def test_the_readme_begins_with_the_two_commands_and_the_demos_pictures() -> None:
    beginning = read(PROJECT / "README.md").partition("\n## ")[0]
    assert "```\nmake demo\nmake test\n```" in beginning
    assert {"docs/pictures/demo-phone.png", "docs/pictures/demo-desktop.png"} <= set(_links(beginning))


def test_the_outbox_states_are_those_of_the_schema() -> None:
    schema = read(PROJECT / "storage" / "migrations" / "0001_first.sql").partition("CREATE TABLE outbox")[2]
    states = re.search(r"CHECK \(state IN \(([^)]+)\)\)", schema)
    assert states is not None
    section = read(PROJECT / "docs" / "architecture.md").partition("## The outbox")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == re.findall(r"'(\w+)'", states[1])


def read(path: Path) -> str:
    """The text of a file."""
    return path.read_text(encoding="utf-8")


def _commands_in(text: str) -> Iterator[tuple[str, str]]:
    """The two words behind every `terugblik` in code."""
    for code in _CODE.findall(text):
        yield from re.findall(r"(?:(?<![\w/=.-])|\.venv/bin/)terugblik ([a-z]+)(?: ([a-z]+))?", code)


def _chat_commands_in(text: str) -> set[str]:
    """Every `/name` that stands at the beginning of code."""
    return {name for code in _CODE.findall(text) for name in re.findall(r"^`+\s?/([a-z]+)(?![\w/])", code)}


def _links(text: str) -> Iterator[str]:
    """What the text links to inside the repository."""
    prose = _CODE.sub("", text)
    for link, picture in _LINK.findall(prose):
        if not re.match(r"[a-z]+:", link or picture):
            yield link or picture


def _places(text: str) -> set[str]:
    """The names under which a page's headings can be linked to."""
    headings = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in _HEADING.findall(text))
    return {heading.strip().replace(" ", "-") for heading in headings}
