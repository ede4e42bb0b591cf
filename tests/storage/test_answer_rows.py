"""Sessions, and answers as revisions that are only added to; drafts until one is made; the files of both."""

import pytest

from fieldwork.conversation import Part, Record
from storage import answers, media, prompts, sessions
from storage.answers import Current, Spoken
from storage.driver import DatabaseError
from storage.sessions import Session
from storage.tx import Tx
from tests.storage.rows import NOW, a_person, a_prompt, a_session, a_workshop, after, only, read

PATH = "/data/moment"


def keep(tx: Tx, session: Session, record: Record, after_sending: bool = False) -> None:
    answers.add(tx, session.id, record, "nl", NOW, after_sending)


def typed(value: str, source: str, path: str = PATH) -> Record:
    return Record(path, "answered", value, "typed", source)


def test_a_session_begins_waiting_with_its_hidden_values(tx: Tx) -> None:
    session = a_session(tx)
    assert (session.state, session.stage, session.path, session.asking) == ("waiting", "asking", None, 0)
    assert session.hidden == {"completed_count": "3"}
    assert session.completed_on is None
    assert sessions.by_id(tx, 404) is None


def test_a_prompt_has_one_session(tx: Tx) -> None:
    person = a_person(tx)
    prompt = a_prompt(tx, person)
    session = a_session(tx, person, prompt)
    assert sessions.of_prompt(tx, prompt) == session
    with pytest.raises(DatabaseError, match="UNIQUE"):
        a_session(tx, person, prompt)


def test_where_a_talk_stands_is_kept_and_short_breaks_count_as_time_spent(tx: Tx) -> None:
    session = a_session(tx)
    for seconds, spent in ((60, 60), (300, 360), (301, 360), (-5, 360)):
        now = session.touched_on
        sessions.moved(tx, session, "summary", None, 4, 3, 1, after(seconds=(now - NOW).total_seconds() + seconds))
        session = read(tx, session.id)
        row = only(tx.all("SELECT active_seconds FROM session"))
        assert row["active_seconds"] == spent
    assert (session.stage, session.path, session.asking, session.shown, session.misses) == ("summary", None, 4, 3, 1)


def test_the_active_session_is_the_one_in_which_something_waits(tx: Tx) -> None:
    person = a_person(tx)
    sent, waiting = a_session(tx, person), a_session(tx, person)
    sessions.moved(tx, sent, "ended", None, 9, 9, 0, NOW)
    sessions.completed(tx, sent.id, NOW)
    assert sessions.all_active_of(tx, person) == [waiting]
    sessions.moved(tx, read(tx, sent.id), "asking", PATH, 10, 10, 0, NOW)
    assert [one.id for one in sessions.all_active_of(tx, person)] == [sent.id, waiting.id]
    assert sessions.all_active_of(tx, a_person(tx)) == []


def test_sending_again_keeps_the_first_time(tx: Tx) -> None:
    session = a_session(tx)
    sessions.completed(tx, session.id, NOW)
    sessions.completed(tx, session.id, after(days=1))
    assert read(tx, session.id).completed_on == NOW


def test_the_last_completed_session_is_the_one_sent_last(tx: Tx) -> None:
    person = a_person(tx)
    first, second, third = (a_session(tx, person) for _ in range(3))
    sessions.completed(tx, second.id, after(hours=1))
    sessions.completed(tx, first.id, after(hours=2))
    last = sessions.last_completed(tx, person)
    assert last is not None
    assert last.id == first.id
    sessions.expired(tx, third.id)


def test_only_what_was_told_of_a_workshop_with_this_form_counts_as_told(tx: Tx) -> None:
    person, form = a_person(tx), "wijkwerkplaats"
    asked = [a_prompt(tx, person, a_workshop(tx)) for _ in range(4)]
    told = [a_session(tx, person, prompt) for prompt in asked]
    for place, outcome in enumerate(("completed", "completed", "absent")):
        sessions.completed(tx, told[place].id, after(hours=place))
        prompts.ended(tx, asked[place], outcome, after(hours=place))
    last = sessions.last_told(tx, person, form)
    assert last is not None
    assert last.id == told[1].id
    assert sessions.count_told(tx, person, form) == 2
    assert sessions.count_told(tx, person, "another") == 0
    assert sessions.last_told(tx, a_person(tx), form) is None


def test_closing_and_stopping_leave_what_was_sent_alone(tx: Tx) -> None:
    person = a_person(tx)
    sent, closed, stopped = (a_session(tx, person) for _ in range(3))
    sessions.completed(tx, sent.id, NOW)
    sessions.expired(tx, closed.id)
    sessions.expired(tx, sent.id)
    for one in (sent, closed, stopped):
        sessions.leave(tx, one.id)
    assert [read(tx, one.id).state for one in (sent, closed, stopped)] == ["completed", "expired", "interrupted"]
    assert read(tx, stopped.id).stage == "ended"


def test_every_answer_is_a_revision_and_the_last_one_counts(tx: Tx) -> None:
    session = a_session(tx)
    keep(tx, session, typed("eerst", "m1"))
    keep(tx, session, typed("3", "m2", "/data/influence"))
    keep(tx, session, Record(PATH, "skipped", "", "tap"))
    keep(tx, session, typed("daarna", "m3"), after_sending=True)
    assert answers.current(tx, session.id) == {
        PATH: Current(PATH, "answered", "daarna", 0),
        "/data/influence": Current("/data/influence", "answered", "3", 0),
    }
    rows = tx.all(
        "SELECT revision, outcome, value, after_sending FROM answer WHERE path = :path ORDER BY id", path=PATH
    )
    assert [tuple(row) for row in rows] == [
        (1, "answered", "eerst", 0),
        (2, "skipped", "", 0),
        (3, "answered", "daarna", 1),
    ]


def test_sessions_do_not_share_answers(tx: Tx) -> None:
    first, second = a_session(tx), a_session(tx)
    keep(tx, first, typed("eerst", "m1"))
    keep(tx, second, typed("ander", "m2"))
    assert answers.current(tx, first.id)[PATH].value == "eerst"
    assert answers.current(tx, second.id)[PATH].value == "ander"


def test_an_unknown_stage_is_refused(tx: Tx) -> None:
    session = a_session(tx)
    with pytest.raises(DatabaseError, match="CHECK"):
        tx.run("UPDATE session SET stage = 'lost' WHERE id = :id", id=session.id)


def ticked(tx: Tx, session_id: int) -> tuple[str, ...]:
    found = sessions.by_id(tx, session_id)
    return () if found is None else found.ticked


def test_a_draft_is_kept_whole_and_replaced_whole(tx: Tx) -> None:
    session = a_session(tx)
    parts = (Part("text", "een", "m1"), Part("text", "twee", "m2"))
    answers.keep_draft(tx, session.id, PATH, (), parts, NOW)
    assert answers.draft_parts(tx, session.id) == parts
    answers.keep_draft(tx, session.id, "/data/present", ("police", "residents"), (), NOW)
    assert answers.draft_parts(tx, session.id) == ()
    assert ticked(tx, session.id) == ("police", "residents")
    answers.keep_draft(tx, session.id, None, ("police",), parts, NOW)
    assert (ticked(tx, session.id), answers.draft_parts(tx, session.id)) == ((), ())


def test_a_new_draft_leaves_the_parts_of_answers_and_other_sessions_alone(tx: Tx) -> None:
    first, second = a_session(tx), a_session(tx)
    part, other = Part("text", "een", "m1"), Part("text", "ander", "m9")
    keep(tx, first, Record(PATH, "answered", "een", "parts", "m1", (part,)))
    answers.keep_draft(tx, second.id, PATH, (), (other,), NOW)
    answers.keep_draft(tx, first.id, PATH, (), (), NOW)
    spoken = answers.spoken_in(tx, "m1")
    assert spoken is not None
    assert spoken.answer_id is not None
    assert answers.parts_of(tx, spoken.answer_id) == (part,)
    assert answers.draft_parts(tx, second.id) == (other,)


def test_a_message_is_known_by_what_was_last_made_of_it(tx: Tx) -> None:
    session = a_session(tx)
    assert answers.spoken_in(tx, "m1") is None
    answers.keep_draft(tx, session.id, PATH, (), (Part("text", "een", "m1"),), NOW)
    assert answers.spoken_in(tx, "m1") == Spoken(session.id, PATH, None, "een")
    answers.keep_draft(tx, session.id, None, (), (), NOW)
    keep(tx, session, Record(PATH, "answered", "een", "parts", "m1", (Part("text", "een", "m1"),)))
    first = answers.spoken_in(tx, "m1")
    keep(tx, session, Record(PATH, "answered", "twee", "edit", "m1", (Part("text", "twee", "m1"),)))
    last = answers.spoken_in(tx, "m1")
    assert first is not None
    assert last is not None
    assert (first.text, last.text) == ("een", "twee")
    assert first.answer_id != last.answer_id
    keep(tx, session, typed("4", "m5", "/data/influence"))
    assert answers.spoken_in(tx, "m5") == Spoken(session.id, "/data/influence", None, "4")


def test_an_answer_stands_on_the_messages_of_its_last_revision(tx: Tx) -> None:
    session = a_session(tx)
    assert answers.sources(tx, session.id, PATH) == frozenset()
    parts = (Part("text", "een", "m1"), Part("text", "twee", "m2"))
    keep(tx, session, Record(PATH, "answered", "een\ntwee", "parts", "m1", parts))
    assert answers.sources(tx, session.id, PATH) == {"m1", "m2"}
    keep(tx, session, Record(PATH, "skipped", "", "tap"))
    assert answers.sources(tx, session.id, PATH) == frozenset()


def test_a_file_has_a_name_of_ours_and_loses_the_channels_handle(tx: Tx) -> None:
    session = a_session(tx)
    voice = media.add(tx, session.id, "voice", "AwACAgQ", 12, "ogg", NOW)
    photo = media.add(tx, session.id, "photo", "AgACAgQ", None, "jpg", NOW)
    assert (voice.file, photo.file) == (f"voice-{voice.id}.ogg", f"photo-{photo.id}.jpg")
    media.kept(tx, voice.id, 4096, "0" * 64, "audio/ogg")
    media.lost(tx, photo.id)
    found = [media.read(tx.one(media.BY_ID, id=one.id)) for one in (voice, photo)]
    assert [(one.state, one.ref) for one in found if one] == [("kept", ""), ("lost", "")]
    assert media.read(tx.one(media.BY_ID, id=404)) is None


def test_a_part_knows_its_file(tx: Tx) -> None:
    session = a_session(tx)
    file = media.add(tx, session.id, "photo", "AgACAgQ", None, "jpg", NOW)
    answers.keep_draft(tx, session.id, PATH, (), (Part("photo", "de flap", "m1", file.id),), NOW)
    assert answers.draft_parts(tx, session.id) == (Part("photo", "de flap", "m1", file.id, file.file),)
