"""The outbox keeps what is to be said in order, changes what has not left yet, and admits doubt."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

from pytest import raises

from fieldwork.envelope import load
from fieldwork.messages import Attachment, Button, Menu, MenuItem, Say
from storage import letters, outbox, sending
from storage.sending import Ready
from storage.tx import Tx
from tests.telegram.telegram_parts import ANNA, BRAM, Clock, Database, database

NOW = Clock().time
LATER = NOW + timedelta(minutes=2)


async def heads(kept: Database, after: timedelta = timedelta()) -> list[int]:
    return [row for row, _ in await sending.sendable(kept.reader, NOW + after, 10)]


async def take(kept: Database, row: int) -> Ready:
    marked = await kept.writer.run(lambda tx: sending.mark_sending(tx, [row]))
    return marked.ready[0]


async def deliver(kept: Database, row: int, message: str) -> None:
    await take(kept, row)
    await kept.writer.run(lambda tx: sending.record_sent(tx, row, message, NOW))


async def doubt(kept: Database, row: int) -> None:
    await take(kept, row)
    await kept.writer.run(lambda tx: sending.record_uncertain(tx, row, LATER))


async def text(kept: Database, row: int) -> str:
    say = load((await kept.row(row))["body"])
    assert isinstance(say, Say)
    return say.text


def a_session(tx: Tx) -> None:
    tx.run("INSERT INTO person (id, code, language, joined_on) VALUES (1, 'K7M4', 'nl', '')")
    tx.run("INSERT INTO form VALUES ('hash', 'form', '1', 'Form', '', x'', NULL, '')")
    tx.run(
        """
        INSERT INTO session (id, instance_id, person_id, form_hash, state, stage, hidden, language,
            consent_version, started_on, touched_on)
        VALUES (1, 'uuid:1', 1, 'hash', 'waiting', 'asking', '{}', 'nl', '1', '', '')
        """
    )


def button_of(asking: int) -> str:
    return f"s:1:{asking}:choose:0"


async def ask(kept: Database, asking: int) -> int:
    def put(tx: Tx) -> int:
        question = Say("Vraag", ((Button("Ja", button_of(asking)),),))
        return outbox.write(tx, ANNA, question, now=NOW, session_id=1, asking=asking)

    return await kept.writer.run(put)


async def tapped(kept: Database, message: str, asking: int) -> bool:
    return await kept.writer.run(lambda tx: outbox.proven_by_tap(tx, ANNA, message, button_of(asking), NOW))


# ---- order


async def test_only_the_first_row_of_each_chat_may_go(tmp_path: Path) -> None:
    async with database(tmp_path) as kept:
        first = await kept.say(ANNA, "een", NOW)
        await kept.say(ANNA, "twee", NOW)
        other = await kept.say(BRAM, "drie", NOW)
        assert await heads(kept) == [first, other]
        await take(kept, first)
        assert await heads(kept) == [other]


async def test_a_chat_with_a_reply_goes_before_broadcasts_and_keeps_its_own_order(tmp_path: Path) -> None:
    async with database(tmp_path) as kept:
        broadcast = await kept.say(BRAM, "herinnering", NOW, priority=1)
        own_broadcast = await kept.say(ANNA, "herinnering", NOW, priority=1)
        await kept.say(ANNA, "antwoord", NOW)
        assert await heads(kept) == [own_broadcast, broadcast]


async def test_what_is_planned_for_later_lets_a_reply_pass(tmp_path: Path) -> None:
    async with database(tmp_path) as kept:
        later = await kept.writer.run(
            lambda tx: outbox.write(tx, ANNA, Say("morgen"), now=NOW, priority=1, not_before_on=LATER)
        )
        reply = await kept.say(ANNA, "nu", NOW)
        assert await heads(kept) == [reply]
        await deliver(kept, reply, "10")
        assert await heads(kept, timedelta(minutes=3)) == [later]


async def test_a_row_that_is_retried_keeps_those_behind_it_waiting(tmp_path: Path) -> None:
    async with database(tmp_path) as kept:
        row = await kept.say(ANNA, "een", NOW)
        await kept.say(ANNA, "twee", NOW)
        ready = await take(kept, row)
        await kept.writer.run(lambda tx: sending.record_not_delivered(tx, ready, LATER))
        assert await heads(kept) == []
        assert await heads(kept, timedelta(minutes=2)) == [row]


async def test_a_clock_set_back_holds_no_reply_up(tmp_path: Path) -> None:
    async with database(tmp_path) as kept:
        row = await kept.say(ANNA, "nu", NOW)
        assert await heads(kept, timedelta(hours=-1)) == [row]


async def test_a_long_text_becomes_rows_and_the_last_one_is_the_question(tmp_path: Path) -> None:
    async with database(tmp_path) as kept:
        await kept.writer.run(a_session)
        say = Say("x" * 5000, ((Button("Ja", "yes"),),))
        last = await kept.writer.run(lambda tx: outbox.write(tx, ANNA, say, now=NOW, session_id=1, asking=1))
        [first] = await heads(kept)
        assert [((await kept.row(row))["session_id"], (await kept.row(row))["asking"]) for row in (first, last)] == [
            (1, None),
            (1, 1),
        ]
        assert load((await kept.row(last))["body"]) == Say("x" * 904, say.buttons)


# ---- edits


async def test_a_message_that_has_not_left_is_changed_in_the_queue(tmp_path: Path) -> None:
    async with database(tmp_path) as kept:
        row = await kept.say(ANNA, "een", NOW)
        assert await kept.change(row, "beter", NOW) == row
        assert (await take(kept, row)).outgoing == Say("beter")
        assert await kept.states() == ["sending"]


async def test_changes_of_one_message_that_wait_become_one(tmp_path: Path) -> None:
    async with database(tmp_path) as kept:
        row = await kept.say(ANNA, "een", NOW)
        await deliver(kept, row, "10")
        first = await kept.change(row, "twee", NOW)
        second = await kept.change(row, "drie", NOW)
        of_the_change = await kept.change(first, "vier", NOW)
        assert first == second == of_the_change
        ready = await take(kept, first)
        assert (ready.outgoing, ready.edit_message) == (Say("vier"), "10")


async def test_a_change_of_a_message_under_way_waits_for_it(tmp_path: Path) -> None:
    async with database(tmp_path) as kept:
        row = await kept.say(ANNA, "een", NOW)
        await take(kept, row)
        edit = await kept.change(row, "twee", NOW)
        assert await heads(kept) == []
        await kept.writer.run(lambda tx: sending.record_sent(tx, row, "10", NOW))
        assert await heads(kept) == [edit]
        assert (await take(kept, edit)).edit_message == "10"


async def test_changes_go_beside_the_message_that_follows_them_and_what_follows_it_waits(tmp_path: Path) -> None:
    async with database(tmp_path) as kept:
        asked, offered = await kept.say(ANNA, "vraag 1", NOW), await kept.say(ANNA, "bedoel je 12?", NOW)
        await deliver(kept, asked, "10")
        await deliver(kept, offered, "11")
        changes = [await kept.change(row, "beantwoord", NOW) for row in (asked, offered)]
        following = await kept.say(ANNA, "vraag 2", NOW)
        await kept.say(ANNA, "vraag 3", NOW)
        assert await heads(kept) == [*changes, following]
        for row in changes:
            await take(kept, row)
        assert await heads(kept) == [following]
        ready = await take(kept, following)
        assert await heads(kept) == []
        await kept.writer.run(lambda tx: sending.record_not_delivered(tx, ready, LATER))
        assert await heads(kept) == []


async def test_a_second_change_of_a_message_waits_for_the_first(tmp_path: Path) -> None:
    async with database(tmp_path) as kept:
        row = await kept.say(ANNA, "vraag", NOW)
        await deliver(kept, row, "10")
        first = await kept.change(row, "a", NOW)
        await take(kept, first)
        second = await kept.change(row, "ab", NOW)
        assert await heads(kept) == []
        await kept.writer.run(lambda tx: sending.record_sent(tx, first, "", NOW))
        assert await heads(kept) == [second]


async def test_the_newest_change_wins_after_a_failed_attempt(tmp_path: Path) -> None:
    async with database(tmp_path) as kept:
        row = await kept.say(ANNA, "een", NOW)
        on_its_way = await take(kept, row)
        edit = await kept.change(row, "twee", NOW)
        await kept.writer.run(lambda tx: sending.record_not_delivered(tx, on_its_way, NOW))
        assert await kept.change(row, "drie", NOW) == edit
        await deliver(kept, row, "10")
        assert (await take(kept, edit)).outgoing == Say("drie")


async def test_an_older_change_that_failed_gives_way_to_the_newer(tmp_path: Path) -> None:
    async with database(tmp_path) as kept:
        row = await kept.say(ANNA, "een", NOW)
        await deliver(kept, row, "10")
        older = await take(kept, await kept.change(row, "twee", NOW))
        newer = await kept.change(row, "drie", NOW)
        await kept.writer.run(lambda tx: sending.record_not_delivered(tx, older, LATER))
        assert await kept.states() == ["sent", "dropped", "queued"]
        assert await heads(kept) == [newer]


async def test_a_change_of_a_message_that_was_refused_is_dropped(tmp_path: Path) -> None:
    async with database(tmp_path) as kept:
        row = await kept.say(ANNA, "een", NOW)
        await take(kept, row)
        await kept.change(row, "twee", NOW)
        await kept.writer.run(lambda tx: sending.record_refused(tx, row, "message is too long"))
        await kept.change(row, "drie", NOW)
        assert await kept.states() == ["dead", "dropped", "dropped"]


async def test_a_change_keeps_the_file_and_is_cut_to_what_fits_under_it(tmp_path: Path) -> None:
    async with database(tmp_path) as kept:
        file = Attachment("/tmp/week.xlsx", "week.xlsx")
        row = await kept.writer.run(lambda tx: outbox.write(tx, ANNA, Say("week", (), file), now=NOW))
        await kept.change(row, "x" * 2000, NOW)
        assert (await take(kept, row)).outgoing == Say("x" * 1023 + "…", (), file)


async def test_a_menu_cannot_be_changed_nor_what_is_not_there(tmp_path: Path) -> None:
    menu = Menu((MenuItem("help", "Hulp"),))
    async with database(tmp_path) as kept:
        row = await kept.writer.run(lambda tx: outbox.write(tx, ANNA, menu, now=NOW))
        for target in (row, 999):
            with raises(ValueError, match=str(target)):
                await kept.change(target, "twee", NOW)


# ---- doubt


async def test_a_tap_proves_that_an_uncertain_question_arrived(tmp_path: Path) -> None:
    async with database(tmp_path) as kept:
        await kept.writer.run(a_session)
        row = await ask(kept, 4)
        await doubt(kept, row)
        assert not await tapped(kept, "77", asking=3)
        assert await tapped(kept, "77", asking=4)
        assert not await tapped(kept, "77", asking=4)
        assert ((await kept.row(row))["state"], (await kept.row(row))["message"]) == ("sent", "77")
        assert (await take(kept, await kept.change(row, "✓", NOW))).edit_message == "77"


async def test_a_tap_on_a_known_message_proves_nothing_about_its_repetition(tmp_path: Path) -> None:
    async with database(tmp_path) as kept:
        await kept.writer.run(a_session)
        await deliver(kept, await ask(kept, 4), "77")
        again = await ask(kept, 4)
        await doubt(kept, again)
        assert not await tapped(kept, "77", asking=4)
        assert (await kept.row(again))["state"] == "uncertain"


async def test_a_tap_while_sending_wins_from_what_the_sender_thinks_later(tmp_path: Path) -> None:
    async with database(tmp_path) as kept:
        await kept.writer.run(a_session)
        row = await ask(kept, 4)
        ready = await take(kept, row)
        assert await tapped(kept, "77", asking=4)
        await kept.writer.run(lambda tx: sending.record_uncertain(tx, row, LATER))
        await kept.writer.run(lambda tx: sending.record_not_delivered(tx, ready, LATER))
        await kept.writer.run(lambda tx: sending.record_sent(tx, row, "78", NOW))
        assert ((await kept.row(row))["state"], (await kept.row(row))["message"]) == ("sent", "77")


async def test_an_uncertain_message_is_not_changed_in_the_queue(tmp_path: Path) -> None:
    async with database(tmp_path) as kept:
        row = await kept.say(ANNA, "een", NOW)
        await doubt(kept, row)
        assert await kept.change(row, "twee", NOW) != row
        assert await text(kept, row) == "een"


async def test_what_was_in_doubt_stays_so_when_the_repetition_does_not_leave(tmp_path: Path) -> None:
    async with database(tmp_path) as kept:
        row = await kept.say(ANNA, "een", NOW)
        await doubt(kept, row)
        again = await take(kept, row)
        await kept.writer.run(lambda tx: sending.record_not_delivered(tx, again, LATER))
        assert again.in_doubt
        assert await kept.states() == ["uncertain"]


async def test_after_a_crash_messages_are_in_doubt_and_edits_go_again_at_once(tmp_path: Path) -> None:
    async with database(tmp_path) as kept:
        shown = await kept.say(ANNA, "een", NOW)
        await deliver(kept, shown, "10")
        edit = await kept.change(shown, "twee", NOW)
        await take(kept, edit)
        message = await kept.say(BRAM, "drie", NOW)
        await take(kept, message)
        assert await kept.writer.run(lambda tx: sending.recover(tx, LATER)) == 2
        assert await heads(kept) == [edit]
        assert await heads(kept, timedelta(minutes=2)) == [edit, message]
        assert await kept.states() == ["sent", "queued", "uncertain"]


# ---- ends


async def test_when_somebody_is_gone_nothing_waits_for_them(tmp_path: Path) -> None:
    async with database(tmp_path) as kept:
        for _ in range(2):
            await kept.say(ANNA, "een", NOW)
        await kept.say(BRAM, "twee", NOW)
        await kept.writer.run(lambda tx: sending.record_gone(tx, ANNA))
        assert await kept.states() == ["dropped", "dropped", "queued"]


async def test_a_chat_that_moved_takes_its_queue_along(tmp_path: Path) -> None:
    async with database(tmp_path) as kept:
        row = await kept.say(ANNA, "een", NOW)
        await kept.say(ANNA, "twee", NOW)
        ready = await take(kept, row)
        await kept.writer.run(lambda tx: sending.record_moved(tx, ready, "telegram:-100"))
        assert await sending.sendable(kept.reader, NOW, 10) == [(row, "telegram:-100")]


async def test_what_was_refused_is_listed_with_its_kind(tmp_path: Path) -> None:
    async with database(tmp_path) as kept:
        row = await kept.say(ANNA, "een", NOW)
        await take(kept, row)
        await kept.writer.run(lambda tx: sending.record_refused(tx, row, "bad request"))
        [dead] = await kept.writer.run(letters.dead)
        assert (dead.id, dead.urn, dead.error, dead.written_on) == (row, ANNA, "bad request", NOW)


# ---- forgetting


async def test_what_was_said_long_ago_is_forgotten_and_a_change_before_what_it_changed(tmp_path: Path) -> None:
    async with database(tmp_path) as kept:

        def write(urn: str, edit_of: int | None = None) -> Callable[[Tx], int]:
            return lambda tx: outbox.write(tx, urn, Say("Dag"), now=NOW, edit_of=edit_of)

        first = await kept.writer.run(write(ANNA))
        await deliver(kept, first, "7")
        await deliver(kept, await kept.writer.run(write(ANNA, first)), "7")
        await kept.writer.run(write(BRAM))
        await kept.writer.run(lambda tx: sending.record_gone(tx, BRAM))
        waits = await kept.writer.run(write(ANNA))
        forgotten = [
            await kept.writer.run(partial(letters.forget_words, before=before, most=most))
            for before, most in ((NOW, 10), (LATER, 1), (LATER, 10), (LATER, 10))
        ]
        assert forgotten == [0, 1, 2, 0], "nothing yet, then the change, then what it changed and what was dropped"
        assert [row["id"] for row in await kept.reader.all("SELECT id FROM outbox")] == [waits]
