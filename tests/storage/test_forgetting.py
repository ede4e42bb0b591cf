"""What has to go goes wholly: all that hangs on a session, and of what is too old all that was counted."""

from dataclasses import replace

from fieldwork.messages import Say
from storage import albums, erasing, inbox, media, outbox, retention
from storage.inbox import Arrival
from storage.retention import Limits
from storage.tx import Tx
from tests.storage.rows import NOW, a_person, a_prompt, a_session, after

FAR = after(days=400)


def too_old_all() -> Limits:
    return Limits(FAR, FAR, FAR, FAR, False)


def test_every_table_that_hangs_on_a_session_is_emptied_with_it(tx: Tx) -> None:
    tables = [row["name"] for row in tx.all("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    hanging = {
        table
        for table in tables
        if any(row["table"] == "session" for row in tx.all(f"SELECT * FROM pragma_foreign_key_list('{table}')"))
    }
    assert hanging - {"outbox"} == set(erasing.OF_SESSIONS)
    session = a_session(tx)
    albums.came(tx, session.id, "a1", "/data/photo", True)
    erasing.delete_session(tx, session.id)
    assert tx.all("SELECT 1 FROM album") == []


def test_what_goes_in_many_steps_is_what_the_dry_run_counted(tx: Tx) -> None:
    for _ in range(3):
        person = a_person(tx)
        session = a_session(tx, person, a_prompt(tx, person))
        tx.run("UPDATE session SET state = 'completed' WHERE id = :id", id=session.id)
        for _ in range(3):
            media.add(tx, session.id, "photo", "ref", None, "jpg", NOW)
    tx.run("UPDATE media SET state = 'kept'")
    counted = retention.counts(tx, too_old_all())
    assert counted == {("answers", "leiden"): 3, ("contact", "leiden"): 3, ("media", "leiden"): 9}
    gone = [retention.forget(tx, too_old_all(), 2).counts for _ in range(12)]
    assert {kind: count for one in gone for kind in one if (count := sum(each[kind] for each in gone))} == counted
    assert tx.all("SELECT 1 FROM session") == []


def test_words_that_failed_are_kept_no_longer_than_answers(tx: Tx) -> None:
    inbox.store(tx, "telegram", [Arrival("1", "telegram:1", "words", fault="odd")], NOW)
    inbox.store(tx, "telegram", [Arrival("2", "telegram:1", "later words", fault="odd")], after(days=2))
    for _ in range(2):
        outbox.write(tx, "telegram:1", Say("words"), now=NOW)
    tx.run("UPDATE outbox SET state = 'dead'")
    limits = replace(too_old_all(), answers_before=after(days=1))
    assert retention.counts(tx, limits) == {("set_aside", ""): 3}
    assert retention.is_due(tx, limits)
    gone = [retention.forget(tx, limits, 2).counts["set_aside", ""] for _ in range(3)]
    assert [row["raw"] for row in tx.all("SELECT raw FROM inbox")] == ["later words"]
    assert tx.all("SELECT 1 FROM outbox") == [] and sum(gone) == 3
