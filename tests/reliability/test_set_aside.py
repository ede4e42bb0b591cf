"""What fails is set aside with its reason, the rest goes on, and a replay does what the person meant."""

from pathlib import Path

import pytest

from bot.sandbox import sample_photo
from handlers.reflecting.talks import Talk
from handlers.setaside import replay, set_aside
from storage import prompts
from storage.database import snapshot, transaction
from storage.migrate import migrate
from storage.tx import Tx
from tests.e2e.conftest import town
from tests.e2e.town import Town, local, tap

__all__ = ["town"]


class Stumbles(Exception):
    """What a bug in a handler raises in these tests."""


def fail(*_: object) -> None:
    raise Stumbles


def listed(town: Town) -> list[tuple[str, str]]:
    with snapshot(town.play.program.place.database) as rows:
        return [(one.id.partition("-")[0], one.reason) for one in set_aside(rows)]


def try_all_again(town: Town) -> None:
    with town.play.in_transaction() as tx:
        for one in set_aside(tx):
            assert replay(tx, one.id, town.play.clock.now())


async def at_the_scale(town: Town) -> None:
    await tap(town.play.sandbox.phones[0], "1", "Vraag 2 van 11")
    await tap(town.play.sandbox.phones[0], "Overslaan", "Vraag 3 van 11")


async def test_a_handlers_bug_sets_one_update_aside_and_others_go_on(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    amina, bram = await town.fieldworker(), await town.fieldworker("Bram")
    await town.asked(amina, "Amina")
    await at_the_scale(town)
    with monkeypatch.context() as broken:
        broken.setattr(Talk, "take", fail)
        amina.say("4")
        await amina.wait_for("iets mis")
        bram.say("/help")
        await bram.wait_for("/privacy")
    assert listed(town) == [("update", "Stumbles")]


async def test_a_replay_answers_the_question_that_waited_then(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    await at_the_scale(town)
    with monkeypatch.context() as broken:
        broken.setattr(Talk, "take", fail)
        amina.say("4")
        await amina.wait_for("iets mis")
    await tap(amina, "Overslaan", "Vraag 4 van 11")
    try_all_again(town)
    await amina.wait_for("Je antwoord op vraag 3 is nu: 4")
    assert town.answers()["influence"] == "4"
    assert "moment" not in town.answers()
    assert listed(town) == []


async def test_a_replay_leaves_an_answer_that_was_given_since(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    await at_the_scale(town)
    with monkeypatch.context() as broken:
        broken.setattr(Talk, "take", fail)
        amina.say("4")
        await amina.wait_for("iets mis")
    await tap(amina, "2", "Vraag 4 van 11")
    try_all_again(town)
    await amina.wait_for("Je laatste antwoord blijft staan")
    assert town.answers()["influence"] == "2"


async def test_a_prompt_that_fails_is_set_aside_and_the_others_are_asked(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    amina, bram = await town.fieldworker(), await town.fieldworker("Bram")
    town.workshop("Amina", "Bram", ends_on=local(18, 16))
    (unlucky,) = (row["person_id"] for row in town.rows("SELECT person_id FROM contact WHERE name = 'Amina'"))
    asked = prompts.asked

    def stumbling(tx: Tx, prompt_id: int, *rest: object) -> None:
        found = prompts.by_id(tx, prompt_id)
        if found is not None and found.person_id == unlucky:
            raise Stumbles
        asked(tx, prompt_id, *rest)  # type: ignore[arg-type]  # handed on as they came

    with monkeypatch.context() as broken:
        broken.setattr(prompts, "asked", stumbling)
        await town.play.forward_to(local(18, 16, 15))
        await bram.wait_for("Groen")
    assert listed(town) == [("prompt", "Stumbles")]
    try_all_again(town)
    await town.play.app.tick()
    await amina.wait_for("Groen")


def test_an_id_of_nothing_is_not_replayed(tmp_path: Path) -> None:
    migrate(tmp_path / "t.db")
    with transaction(tmp_path / "t.db") as tx:
        for id in ("update-1", "message-x", "job-", "", "prompt-99999999999999999999", "person-1"):
            assert not replay(tx, id, local(18, 12))


async def test_a_replayed_picture_answers_the_question_that_waited_then(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    await at_the_scale(town)
    await tap(amina, "5", "Vraag 4 van 11")
    with monkeypatch.context() as broken:
        broken.setattr(Talk, "take", fail)
        amina.send_photo(sample_photo(), "De flap")
        await amina.wait_for("iets mis")
    await tap(amina, "Overslaan", "Vraag 5 van 11")
    asked_now = amina.last.text
    try_all_again(town)
    await amina.wait_for("Je antwoord op vraag 4 is nu:")
    await town.settled()
    assert "De flap" in town.answers()["moment"]
    assert amina.last.text != asked_now
    assert [row["state"] for row in town.rows("SELECT state FROM media")] == ["kept"]
    await tap(amina, "Overslaan", "Vraag 6 van 11")


async def test_a_replayed_picture_that_the_question_of_then_cannot_take_is_refused(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    with monkeypatch.context() as broken:
        broken.setattr(Talk, "take", fail)
        amina.send_photo(sample_photo())
        await amina.wait_for("iets mis")
    await at_the_scale(town)
    await tap(amina, "5", "Vraag 4 van 11")
    before = town.count("media", "part", "answer")
    town.run("DELETE FROM answer WHERE path LIKE '%/held'")
    try_all_again(town)
    await amina.wait_for("past geen foto")
    assert town.count("media", "part") == before[:2]


class Odd(RuntimeError):
    """Not a kind of error that anybody foresaw."""


async def test_whatever_the_failure_and_wherever_the_update_is_set_aside_and_the_person_told(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def odd(*_: object) -> None:
        raise Odd

    amina = await town.fieldworker()
    await town.asked(amina, "Amina")
    with monkeypatch.context() as broken:
        # Reading where the talk stands fails too, so that not even the question it was about can be noted.
        broken.setattr("handlers.dispatch.active_talk", odd)
        amina.say("1")
        await amina.wait_for("iets mis")
        broken.setattr("handlers.dispatch.apologise", odd)
        amina.say("1")
        await town.settled()
    assert listed(town) == [("update", "Odd"), ("update", "Odd")]
    await tap(amina, "1", "Vraag 2 van 11")
