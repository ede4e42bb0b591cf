"""Each rule of the conversation as a chat to read, in Dutch and in English; and typing keeps what tapping keeps."""

from pathlib import Path

import pytest

from tests.dialogues.cast import Actor, settled_in, staged
from tests.dialogues.rules import RULES, Rule

FOLDER = Path(__file__).parent


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return settled_in(tmp_path_factory.mktemp("settled"))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.number:02}_{rule.name}")
async def test_the_rule_reads_as_its_golden_dialogues_and_typing_keeps_the_same_answers(
    rule: Rule, tmp_path: Path, database: bytes, update: bool
) -> None:
    async with staged(tmp_path, database) as stage:
        await rule.play(stage)
        kept = {(actor.language, actor.types): stage.answers(actor) for actor in stage.people.actors}
        found = {path_of(rule, actor): heading(rule) + actor.record.text() for actor in read(rule, stage.people.actors)}
    assert kept["nl", True] == kept["nl", False]
    assert kept["en", True] == kept["en", False]
    assert kept["nl", True], "something is answered in every dialogue"
    for path, text in found.items():
        if update:
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8"), f"{path.name} reads differently"


def test_every_golden_dialogue_belongs_to_a_rule() -> None:
    names = {f"{rule.number:02}_{rule.name}.{language}.txt" for rule in RULES for language in ("nl", "en")}
    assert {path.name for path in FOLDER.glob("*.txt")} == names


def read(rule: Rule, actors: tuple[Actor, ...]) -> list[Actor]:
    """Those whose dialogues are kept to be read."""
    return [actor for actor in actors if actor.types is rule.shows_typing]


def path_of(rule: Rule, actor: Actor) -> Path:
    return FOLDER / f"{rule.number:02}_{rule.name}.{actor.language}.txt"


def heading(rule: Rule) -> str:
    return f"Rule {rule.number}. {rule.title}.\n\n"
