"""What has to go goes wholly: all that hangs on a session, and of what is too old all that was counted."""

from dataclasses import replace

from fieldwork.envelope import load
from fieldwork.messages import Button, Say
from storage import (
    albums,
    audit,
    consents,
    enquiries,
    erasing,
    inbox,
    media,
    outbox,
    people,
    quoted,
    retention,
    traces,
)
from storage.inbox import Arrival
from storage.retention import Limits
from storage.tx import Tx
from tests.storage.rows import NOW, a_person, a_prompt, a_session, a_workshop, after

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


def test_words_may_be_with_others_once_somebody_who_decides_about_quotes_could_read_them(tx: Tx) -> None:
    said_yes, said_no = (a_person(tx, city="almere") for _ in range(2))
    place = a_workshop(tx, "almere")
    for person in (said_yes, said_no):
        a_prompt(tx, person, place)
    consents.add(tx, said_yes, "quotes", "yes", "1", "h", "nl", NOW)
    consents.add(tx, said_no, "quotes", "no", "1", "h", "nl", NOW)
    audit.note(tx, None, "quotes_seen", "leiden", "", NOW)
    assert not quoted.is_elsewhere(tx, said_yes), "in another city"
    audit.note(tx, None, "quotes_seen", "almere", "", NOW)
    # Also where the yes was taken back since, and nothing was decided.
    consents.add(tx, said_yes, "quotes", "no", "1", "h", "nl", NOW)
    assert quoted.is_elsewhere(tx, said_yes) and not quoted.is_elsewhere(tx, said_no)
    enquiries.add(tx, said_no, "almere", NOW)
    assert quoted.is_elsewhere(tx, said_no), "a question was passed on"


def test_a_quote_is_taken_out_of_summaries_and_its_words_stay_elsewhere(tx: Tx) -> None:
    for text in ("Citaten:\n‘say’ (Almere)", "Wat een mens say"):
        outbox.write(tx, "telegram:9", Say(text), now=NOW)
    quoted.take_out_words(tx, "say")
    told = [load(row["body"]) for row in tx.all("SELECT body FROM outbox ORDER BY id")]
    assert told == [Say("Citaten:\n‘[…]’ (Almere)"), Say("Wat een mens say")]


def test_a_name_is_taken_off_the_buttons_of_others_also_where_it_is_cut_off(tx: Tx) -> None:
    person = a_person(tx, "K7M4")
    people.name(tx, person, "Wilhelmina-Johanna")
    labels = ("✓ K7M4 Wilhelmina-Jo", "Wilhelmina-Johanna", "K7M3 Wil")
    outbox.write(tx, "telegram:9", Say("Wie?", (tuple(Button(label, "d:1") for label in labels),)), now=NOW)
    traces.delete_said(tx, person, "telegram:1")
    (row,) = tx.all("SELECT body FROM outbox")
    said = load(row["body"])
    assert isinstance(said, Say) and [one.label for one in said.buttons[0]] == ["✓ K7M4", "K7M4", "K7M3 Wil"]


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
