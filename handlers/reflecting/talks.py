"""A session's rows as a conversation, and what comes of a step as rows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from fieldwork import asking, attendance, dialogue, turns, wording
from fieldwork.conversation import Conversation, Event, Record, Speech, Stage, Turn, Voice
from fieldwork.messages import Attachment
from fieldwork.people import Person
from fieldwork.pointing import sorts_in, sorts_of
from fieldwork.turns import put_away
from forms.circumstances import Circumstances
from forms.form import Form
from forms.question import Kind
from forms.rebuilding import rebuilt
from forms.walk import Walk
from forms.walk import begin as begin_walk
from handlers.desk import Desk
from handlers.reflecting.lasttime import hidden_values
from handlers.reflecting.tidying import tidy, tidy_replaced
from handlers.workshops import disputes
from storage import answers, drafts, flags, formpictures, letters, outbox, people, prompts, sessions, workshops
from storage.answers import Current
from storage.prompts import Prompt
from storage.sessions import Beginning, Session
from storage.tx import Tx

_QUIET_AFTER = timedelta(minutes=3)
"""So long after a message of an open answer without Klaar the person is asked whether that was all."""


@dataclass(frozen=True, slots=True)
class Talk:
    """One person's session within one transaction: where it stands, and the words for it."""

    tx: Tx
    desk: Desk
    person: Person
    session: Session
    now: Conversation
    voice: Voice

    @property
    def zone(self) -> ZoneInfo:
        """The clocks that the person goes by: those of the workshop's city, else the study's."""
        return _zone(self.tx, self.desk, self.session)

    @property
    def is_open(self) -> bool:
        """Whether answers may still be given or changed."""
        if not self.session.is_test and not self.person.is_taking_part:
            return False
        sent_on = self.session.completed_on
        if sent_on is None:
            return self.session.state == "waiting"
        return self.desk.now <= sent_on + self.desk.study.rhythm.amend_after

    def take(self, event: Event, said_on: datetime) -> str:
        """Take a step and keep what comes of it; the word beside a tapped button."""
        turn = dialogue.step(self.now, event, self.voice)
        self.keep(turn, said_on)
        return turn.toast

    def keep(self, turn: Turn, said_on: datetime) -> None:
        """Keep what a step came to, and queue what is to be said about it."""
        tx, now, session_id = self.tx, turn.conversation, self.session.id
        if turn.record is not None:
            self._add(turn.record, said_on)
        if turn.record is None and now.parts and not self.session.is_test:
            tidy_replaced(tx, self.desk, self.person, self.now.parts, now.parts)
        drafted = now.ticked or now.parts or self.now.ticked or self.now.parts
        if drafted and (now.path, now.ticked, now.parts) != (self.now.path, self.now.ticked, self.now.parts):
            answers.keep_draft(tx, session_id, now.path, now.ticked, now.parts, self.desk.now)
        if now.walk.frozen != self.now.walk.frozen or not self.now.asking:
            sessions.froze(tx, session_id, now.walk.frozen)
        if (now.offered, now.stuck) != (self.now.offered, self.now.stuck):
            sessions.noted(tx, session_id, now.offered, now.stuck)
        self._keep_nudge(now)
        sessions.moved(tx, self.session, now.stage, now.path, now.asking, now.shown, now.misses, self.desk.now)
        if now.stage is Stage.ENDED and now.sent and not self.session.is_test:
            self._complete(now)
        if now.asking != self.now.asking:
            letters.settled(tx, session_id, self.now.asking)
        self._say(turn.speeches, stays=now.stage is Stage.ENDED)
        if now.stage is Stage.ENDED and now.sent and not self.session.is_test:
            tidy(tx, self.desk, self.person, session_id)
        if now.stage is Stage.ENDED and self.session.is_test:
            sessions.forget_test(tx, session_id)

    def _add(self, record: Record, said_on: datetime) -> None:
        """Keep an answer; what in it may tell of somebody else is noted, or taken out of the answers before it."""
        answer_id = answers.add(
            self.tx, self.session.id, record, self.person.language, said_on, after_sending=self.now.sent
        )
        if not self.voice.points_out or self.session.is_test:
            return
        is_text = self.now.walk.form.question(record.path).kind is Kind.TEXT
        found = sorts_in(record.parts) if record.parts or not is_text else sorts_of(record.value)
        if found:
            flags.add(self.tx, self.session.id, answer_id, found, self.desk.now if record.left else None)
        elif record.path in self.now.shown_at:
            flags.take_out(self.tx, self.session.id, record.path, answer_id, is_text=is_text, now=self.desk.now)

    def _keep_nudge(self, now: Conversation) -> None:
        """A new message of an open answer: some quiet minutes later the clock asks whether that was all."""
        if now.stage is not Stage.ASKING or not now.parts:
            if self.now.parts:
                drafts.ask_on(self.tx, self.session.id, None)
        elif now.parts != self.now.parts:
            drafts.ask_on(self.tx, self.session.id, self.desk.now + _QUIET_AFTER)

    def forget(self) -> None:
        """A test is put away before its end."""
        self._say(turns.without_buttons(self.now, self.voice))
        sessions.forget_test(self.tx, self.session.id)

    def send_unconfirmed(self) -> bool:
        """Keep as sent what was answered to the end and only lacked the last tap; whether it was."""
        kept, _, _ = put_away(self.now, self.voice)
        if kept.walk.following(None) is not None:
            return False
        self._put_down()
        self._complete(kept)
        sessions.leave(self.tx, self.session.id)
        return True

    def expire(self) -> tuple[int, int]:
        """Close what was not sent; how many questions were answered, of how many."""
        self._put_down()
        sessions.expired(self.tx, self.session.id)
        current = answers.current(self.tx, self.session.id)
        questions = self.now.walk.items()
        return sum(current[one.path].outcome == "answered" for one in questions if one.path in current), len(questions)

    def leave(self) -> None:
        """Nothing is waited for here any more; what was sent stays sent."""
        self._put_down()
        sessions.leave(self.tx, self.session.id)

    def _put_down(self) -> None:
        """Take the buttons away; what was told or ticked without Klaar is kept as an answer."""
        _, speeches, record = put_away(self.now, self.voice, for_good=True)
        self._say(speeches)
        if record is not None:
            self._add(record, self.desk.now)
        answers.keep_draft(self.tx, self.session.id, None, (), (), self.desk.now)
        drafts.ask_on(self.tx, self.session.id, None)

    def progress(self) -> tuple[int, int]:
        """Which question waits, counting from 1, and how many there are now."""
        return asking.progress(self.now, self.now.path)

    def _complete(self, now: Conversation) -> None:
        """The answers were sent: the prompt ends as they say, at the time of the first sending."""
        sessions.completed(self.tx, self.session.id, self.desk.now)
        if self.session.prompt_id is not None:
            ended_on = self.session.completed_on or self.desk.now
            prompts.ended(self.tx, self.session.prompt_id, attendance.outcome(now.walk.submission()), ended_on)
            told = prompts.by_id(self.tx, self.session.prompt_id)
            assert told is not None, "a session's prompt stays as long as the session"
            disputes.notice(self.tx, self.desk, told.workshop_id)
        following = prompts.oldest_asked(self.tx, self.person.id, self.desk.now)
        if self.session.completed_on is None and following is not None:
            prompts.ask_now(self.tx, following.id, self.desk.now)

    def _say(self, speeches: Sequence[Speech], *, stays: bool = False) -> None:
        """Say it; what stays in the chat, as a receipt does, is no message of the questionnaire."""
        urn = people.urn_of(self.tx, self.person.id)
        if urn is not None:
            for speech in speeches:
                self._write(urn, speech, None if stays and speech.asking is None else self.session.id)

    def _write(self, urn: str, speech: Speech, session: int | None) -> None:
        if speech.picture:
            self._show(urn, speech)
        elif speech.edits is None:
            outbox.write(self.tx, urn, speech.say, now=self.desk.now, session_id=session, asking=speech.asking)
        else:
            outbox.change_question(self.tx, self.session.id, speech.edits, speech.say, now=self.desk.now)

    def _show(self, urn: str, speech: Speech) -> None:
        """A picture of the form, in a message of its own: the question after it stays words that can be edited."""
        file = formpictures.file_of(self.tx, self.session.form_hash, speech.picture)
        if file:
            picture = Attachment(str(self.desk.media / file), speech.picture, "photo")
            said = replace(speech.say, attachment=picture)
            outbox.write(self.tx, urn, said, now=self.desk.now, session_id=self.session.id)


def talk_of(tx: Tx, desk: Desk, person: Person, session: Session) -> Talk:
    """The session as its rows tell it."""
    return Talk(tx, desk, person, session, _conversation(tx, desk, person, session), _voice(tx, desk, person, session))


def active_talk(tx: Tx, desk: Desk, person: Person) -> Talk | None:
    """The talk in which something waits for this person; one that can no longer be changed is put down."""
    for session in sessions.all_active_of(tx, person.id):
        talk = talk_of(tx, desk, person, session)
        if talk.is_open:
            return talk
        talk.leave()
    return None


def begin(tx: Tx, desk: Desk, person: Person, prompt: Prompt, form_hash: str) -> Talk:
    """A new session for a prompt, with nothing asked yet."""
    beginning = Beginning(
        instance_id=f"uuid:{_uuid(desk)}",
        person_id=person.id,
        form_hash=form_hash,
        language=person.language,
        prompt_id=prompt.id,
        consent_version=desk.study.consent.version,
        hidden=hidden_values(tx, desk, person, desk.forms[form_hash]),
        is_late=prompt.asked_on is not None and desk.now > prompt.asked_on + desk.study.rhythm.close_after,
    )
    return _begun(tx, desk, person, beginning)


def begin_test(tx: Tx, desk: Desk, person: Person, form_hash: str) -> Talk:
    """A session that counts nowhere, to try a form."""
    beginning = Beginning(f"uuid:{_uuid(desk)}", person.id, form_hash, person.language, is_test=True)
    return _begun(tx, desk, person, beginning)


def _begun(tx: Tx, desk: Desk, person: Person, beginning: Beginning) -> Talk:
    session = sessions.by_id(tx, sessions.begin(tx, beginning, desk.now))
    assert session is not None
    return talk_of(tx, desk, person, session)


def number_of_questions(form: Form) -> int:
    """How many questions there are before the first is answered."""
    return len(begin_walk(form, {}).items())


def _conversation(tx: Tx, desk: Desk, person: Person, session: Session) -> Conversation:
    current = answers.current(tx, session.id)
    return Conversation(
        session=session.id,
        walk=_walk(desk, person, session, current.values()),
        stage=Stage(session.stage),
        path=session.path,
        asking=session.asking,
        shown=session.shown,
        shown_at={path: answer.shown for path, answer in current.items()},
        ticked=session.ticked,
        parts=answers.draft_parts(tx, session.id) if session.has_draft else (),
        misses=session.misses,
        offered=session.offered,
        stuck=session.stuck,
        sent=session.completed_on is not None,
    )


def _walk(desk: Desk, person: Person, session: Session, current: Collection[Current]) -> Walk:
    """The walk rebuilt from what was answered and skipped, and from what the form set once."""
    form, zone = desk.forms[session.form_hash], desk.study.timezone
    around = Circumstances(session.started_on.astimezone(zone), person.code, session.instance_id, session.language)
    walk = rebuilt(form, session.hidden, session.frozen, current, around, desk.now.astimezone(zone))
    return turns.with_notes_read(walk, session.path) if session.asking else walk


def _voice(tx: Tx, desk: Desk, person: Person, session: Session) -> Voice:
    rhythm = desk.study.rhythm

    def said(moment: datetime) -> str:
        return wording.when(moment, _zone(tx, desk, session), person.language)

    def deadline() -> str:
        prompt = None if session.prompt_id is None else prompts.by_id(tx, session.prompt_id)
        return said((prompt.closes_on if prompt else None) or desk.now + rhythm.close_after)

    return Voice(
        texts=desk.texts,
        language=person.language,
        first_name=lambda: people.name_of(tx, person.id),
        deadline=deadline,
        amend_until=lambda: said((session.completed_on or desk.now) + rhythm.amend_after),
        media_allowed=bool(person.media_allowed) and not session.is_test,
        is_test=session.is_test,
        points_out=desk.study.points_out,
    )


def _zone(tx: Tx, desk: Desk, session: Session) -> ZoneInfo:
    prompt = None if session.prompt_id is None else prompts.by_id(tx, session.prompt_id)
    workshop = None if prompt is None else workshops.by_id(tx, prompt.workshop_id)
    return desk.study.timezone if workshop is None else desk.city(workshop.city).timezone


def _uuid(desk: Desk) -> str:
    return str(UUID(int=desk.random.getrandbits(128), version=4))
