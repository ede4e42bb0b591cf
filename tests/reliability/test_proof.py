"""A message that may have arrived is proven by a tap on it or by words after it, and then is not said again."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fieldwork.messages import Button, Say
from storage import letters, outbox, sending
from storage.database import transaction
from storage.migrate import migrate
from storage.stamps import stamp
from storage.tx import Tx

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
ANNA = "telegram:1001"


def in_doubt(tx: Tx, data: str) -> int:
    """A message with one button of which nobody knows whether it arrived."""
    row = outbox.write(tx, ANNA, Say("Nu invullen?", ((Button("Nu", data),),)), now=NOW)
    sending.mark_sending(tx, [row])
    sending.record_uncertain(tx, row, NOW)
    return row


def state(tx: Tx, row: int) -> tuple[str, str | None]:
    found = tx.one("SELECT state, message FROM outbox WHERE id = :id", id=row)
    assert found is not None
    return found["state"], found["message"]


@pytest.mark.parametrize("data", ["p:7:0:start:", "u:1:0:consent:yes", "d:1:0:city:export", "s:3:4:choose:0"])
def test_a_tap_on_any_button_proves_its_message(tmp_path: Path, data: str) -> None:
    migrate(tmp_path / "t.db")
    with transaction(tmp_path / "t.db") as tx:
        row = in_doubt(tx, data)
        assert outbox.proven_by_tap(tx, ANNA, "99", data, NOW)
        assert state(tx, row) == ("sent", "99")


def test_a_tap_on_another_button_or_a_known_message_proves_nothing(tmp_path: Path) -> None:
    migrate(tmp_path / "t.db")
    with transaction(tmp_path / "t.db") as tx:
        first = outbox.write(tx, ANNA, Say("Nu invullen?", ((Button("Nu", "p:7:0:start:"),),)), now=NOW)
        sending.mark_sending(tx, [first])
        sending.record_sent(tx, first, "98", NOW)
        reminder = in_doubt(tx, "p:7:0:start:")
        assert not outbox.proven_by_tap(tx, ANNA, "98", "p:7:0:start:", NOW)
        assert not outbox.proven_by_tap(tx, ANNA, "99", "p:70:0:start:", NOW)
        assert not outbox.proven_by_tap(tx, "telegram:1002", "99", "p:7:0:start:", NOW)
        assert state(tx, reminder) == ("uncertain", None)


def asked(tx: Tx, asking: int) -> int:
    """A question of which nobody knows whether it arrived."""
    row = outbox.write(tx, ANNA, Say(f"Vraag {asking}"), now=NOW, session_id=1, asking=asking)
    sending.mark_sending(tx, [row])
    sending.record_uncertain(tx, row, NOW + timedelta(minutes=2))
    return row


def test_words_after_a_question_went_out_answer_it_and_words_before_do_not(tmp_path: Path) -> None:
    migrate(tmp_path / "t.db")
    with transaction(tmp_path / "t.db") as tx:
        tx.run("PRAGMA defer_foreign_keys=ON")
        asked(tx, 1)
        assert outbox.was_there(tx, 1, 1, NOW + timedelta(seconds=5))
        assert not outbox.was_there(tx, 1, 1, NOW - timedelta(seconds=5))
        assert not outbox.was_there(tx, 1, 2, NOW + timedelta(seconds=5))
        tx.run("DELETE FROM outbox")


def test_a_question_in_doubt_is_not_said_again_once_another_is_put(tmp_path: Path) -> None:
    migrate(tmp_path / "t.db")
    with transaction(tmp_path / "t.db") as tx:
        tx.run("PRAGMA defer_foreign_keys=ON")
        first, second = asked(tx, 1), asked(tx, 2)
        letters.settled(tx, 1, 1)
        assert [state(tx, row)[0] for row in (first, second)] == ["dropped", "uncertain"]
        tx.run("DELETE FROM outbox")


def test_after_a_start_answers_may_come_before_anything_is_said_again(tmp_path: Path) -> None:
    migrate(tmp_path / "t.db")
    with transaction(tmp_path / "t.db") as tx:
        row = in_doubt(tx, "p:7:0:start:")
        letters.listen_first(tx, NOW + timedelta(seconds=10))
        assert tx.one("SELECT 1 FROM outbox WHERE not_before_on > :now", now=stamp(NOW + timedelta(seconds=9)))
        letters.listen_first(tx, NOW)
        assert state(tx, row) == ("uncertain", None)
        assert tx.one("SELECT 1 FROM outbox WHERE not_before_on > :now", now=stamp(NOW + timedelta(seconds=9)))
