"""What must hold whatever people do: a simple model beside the bot, told only what people did and what they saw."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot.sandbox import Phone
from bot.sandbox.entities import length_of
from bot.sandbox.messages import ChatMessage
from fieldwork.asking import in_words
from fieldwork.conversation import Stage
from fieldwork.people import Person
from fieldwork.study import LANGUAGES
from fieldwork.taps import About, Key, read_key
from forms.question import Kind
from handlers.desk import Desk
from handlers.reflecting.talks import Talk, talk_of
from storage import answers, people, sessions
from storage.tx import Tx

_SHOWN = ("✓ Jouw antwoord: ", "✓ Your answer: ")
_LONGEST_TEXT, _LONGEST_CAPTION, _LONGEST_DATA, _LONGEST_LABEL = 4096, 1024, 64, 40
Expectation = Callable[[Tx, Desk], str]
"""What is wrong after the step; '' where all is as it should be."""

_FAULTS = (
    "SELECT 'update: ' || error AS fault FROM inbox WHERE tries > 0 OR state = 'dead'",
    "SELECT 'prompt: ' || error AS fault FROM prompt WHERE error IS NOT NULL",
    "SELECT 'job: ' || kind || ' ' || error AS fault FROM job WHERE error IS NOT NULL",
    "SELECT 'message: ' || error AS fault FROM outbox WHERE state IN ('dead', 'uncertain') AND error IS NOT NULL",
)
_DOUBLED = (
    "SELECT 'answer to ' || path AS what FROM answer WHERE way = 'typed' AND source IS NOT NULL"
    " GROUP BY session_id, path, source HAVING count(*) > 1",
    "SELECT 'part of ' || path AS what FROM part"
    " GROUP BY session_id, path, coalesce(answer_id, 0), source HAVING count(*) > 1",
)
_KEPT = (
    "SELECT s.stage, s.path, s.state, (SELECT count(*) FROM answer a WHERE a.session_id = s.id) AS revisions,"
    " (SELECT group_concat(source || text) FROM part p WHERE p.session_id = s.id) AS parts,"
    " (SELECT group_concat(choices) FROM ticked t WHERE t.session_id = s.id) AS ticked"
    " FROM session s JOIN address a ON a.person_id = s.person_id WHERE a.urn = :urn ORDER BY s.id"
)


class Promises:
    """Looks before and after each step; `codes` are what the people are called, by name."""

    def __init__(self, phones: Sequence[Phone], codes: Mapping[str, str]) -> None:
        self.codes = codes
        self.is_hasty = False
        """Whether the last step was not waited for: what comes of the next one is then not foretold."""
        self._phones = phones
        self._tx: Tx | None = None
        self._desk: Desk | None = None
        self._expected: list[Expectation] = []
        self._checked: Counter[int] = Counter()
        """By phone, up to which change its messages were measured."""

    def look(self, tx: Tx, desk: Desk, *, is_calm: bool) -> None:
        """How things stand before a step; what is expected of it depends on that, where it is calm."""
        self._tx, self._desk = (tx, desk) if is_calm else (None, None)
        self._expected = []

    def expect_tap(self, phone: Phone, data: str) -> None:
        """A choice becomes the answer, a tick the draft; an old button changes nothing."""
        key, talk = read_key(data), self._talk_of_button(phone, data)
        if self._tx is None or key is None or key.about is not About.SESSION:
            return
        if talk is None or talk.now.asking != key.turn or not talk.is_open:
            self.expect_nothing_of(phone)
        elif key.act in ("choose", "on") and talk.now.stage is Stage.ASKING and talk.now.path is not None:
            code = _code(talk, key)
            wanted = _is_current if key.act == "choose" else _is_ticked
            session, path = talk.session.id, talk.now.path
            self._expected.append(lambda tx, desk: wanted(tx, session, path, code))

    def expect_words(self, phone: Phone, words: str) -> None:
        """Words to an open question become a part of its answer; whatever they are, the person hears something."""
        if self._tx is None or self._desk is None:
            return
        before = len([message for message in phone.messages if not message.mine])
        self._expected.append(
            lambda tx, desk: "" if _bot_said(phone) > before else f"{phone.person.first_name} hears nothing"
        )
        talk = _open_talk(self._tx, self._desk, phone)
        if talk is None or talk.now.stage is not Stage.ASKING or talk.now.path is None or talk.now.offered:
            return
        if talk.now.question.kind is Kind.TEXT:
            session, path = talk.session.id, talk.now.path
            self._expected.append(lambda tx, desk: _is_told(tx, session, path, words))

    def expect_edit(self, phone: Phone, message: int, words: str) -> None:
        """An edited message of an open answer that still counts has its new words in that answer."""
        source, person = f"telegram:{phone.id}#{message}", None if self._tx is None else _person(self._tx, phone)
        spoken = None if self._tx is None else answers.spoken_in(self._tx, source)
        session = None if self._tx is None or spoken is None else sessions.by_id(self._tx, spoken.session_id)
        if self._tx is None or self._desk is None or person is None or spoken is None or session is None:
            return
        talk, path = talk_of(self._tx, self._desk, person, session), spoken.path
        counts = any(part.source == source for part in talk.now.parts) or source in answers.sources(
            self._tx, session.id, path
        )
        if talk.is_open and counts and talk.now.walk.question(path).kind is Kind.TEXT:
            self._expected.append(lambda tx, desk: _is_told(tx, session.id, path, words))

    def expect_nothing_of(self, phone: Phone) -> None:
        """Nothing that is kept of this person changes."""
        if self._tx is not None:
            before = _kept(self._tx, phone)
            self._expected.append(
                lambda tx, desk: "" if _kept(tx, phone) == before else f"changed for {phone.person.first_name}"
            )

    def broken(self, tx: Tx, desk: Desk) -> list[str]:
        """What does not hold now."""
        wrong = [expected(tx, desk) for expected in self._expected]
        wrong += [row["fault"] for sql in _FAULTS for row in tx.all(sql)]
        wrong += [f"doubled: {row['what']}" for sql in _DOUBLED for row in tx.all(sql)]
        for phone in self._phones:
            wrong += self._of_phone(tx, desk, phone)
        self._expected = []
        return [one for one in wrong if one]

    def _of_phone(self, tx: Tx, desk: Desk, phone: Phone) -> list[str]:
        fresh = [one for one in phone.messages if not one.mine and one.revision > self._checked[phone.id]]
        self._checked[phone.id] = phone.chat.revision
        wrong = [f"beyond a limit: {message.text[:60]}" for message in fresh if not _is_within_limits(message)]
        return [*wrong, *_questions(tx, desk, phone), *_acknowledgements(tx, desk, phone)]

    def _talk_of_button(self, phone: Phone, data: str) -> Talk | None:
        if self._tx is None or self._desk is None:
            return None
        return _talk_of(self._tx, self._desk, phone, data)


def has_begun(tx: Tx, desk: Desk, phone: Phone) -> bool:
    """Whether questions wait for this person that they have begun."""
    return _open_talk(tx, desk, phone) is not None


def is_live(tx: Tx, desk: Desk, phone: Phone, data: str) -> bool:
    """Whether this button of a question would do something now."""
    key, talk = read_key(data), _talk_of(tx, desk, phone, data)
    if key is None or talk is None:
        return False
    return talk.is_open and talk.now.stage is not Stage.ENDED and key.turn == talk.now.asking


def _person(tx: Tx, phone: Phone) -> Person | None:
    return people.by_urn(tx, f"telegram:{phone.id}")


def _talk_of(tx: Tx, desk: Desk, phone: Phone, data: str) -> Talk | None:
    key, person = read_key(data), _person(tx, phone)
    if key is None or key.about is not About.SESSION or person is None:
        return None
    session = sessions.by_id(tx, key.id)
    return None if session is None or session.person_id != person.id else talk_of(tx, desk, person, session)


def _open_talk(tx: Tx, desk: Desk, phone: Phone) -> Talk | None:
    person = _person(tx, phone)
    found = [] if person is None else sessions.all_active_of(tx, person.id)
    return next((talk for one in found if person and (talk := talk_of(tx, desk, person, one)).is_open), None)


def _questions(tx: Tx, desk: Desk, phone: Phone) -> list[str]:
    """One question waits at most; it can be tapped in exactly one message."""
    person = _person(tx, phone)
    if person is None:
        return []
    talks = [talk_of(tx, desk, person, one) for one in sessions.all_active_of(tx, person.id)]
    waiting = [talk for talk in talks if talk.is_open]
    places = [
        message.id
        for message in phone.messages
        if not message.mine and any(is_live(tx, desk, phone, data) for data, _ in data_of(message))
    ]
    name = phone.person.first_name
    if len(waiting) > 1:
        return [f"{len(waiting)} questions wait for {name}"]
    if len(places) != len(waiting):
        return [f"{len(places)} messages of {name} can be tapped, {len(waiting)} questions wait"]
    return []


def _acknowledgements(tx: Tx, desk: Desk, phone: Phone) -> list[str]:
    """What a message shows as the answer, in either language, is what is kept, and the other way round."""
    person, wrong = _person(tx, phone), []
    if person is None:
        return []
    shown = {str(one.id): one.text for one in phone.messages if not one.mine}
    for row in tx.all("SELECT id FROM session WHERE person_id = :id AND is_test = 0", id=person.id):
        session = sessions.by_id(tx, row["id"])
        assert session is not None
        talk = talk_of(tx, desk, person, session)
        messages, unshown = _messages_of(tx, session.id), _never_shown(tx, session.id)
        for path, current in answers.current(tx, session.id).items():
            text = shown.get(messages.get(current.shown, ""), "")
            if current.outcome != "answered" or current.shown in unshown or not text:
                continue
            question = talk.now.walk.question(path)
            words = [in_words(talk.now, question, replace(talk.voice, language=one)) for one in LANGUAGES]
            told = next((text.partition(mark)[2] for mark in _SHOWN if mark in text), None)
            if told is not None and told not in words:
                wrong.append(f"{path} is kept as {words[0][:40]!r} and shown as {told[:40]!r}")
            if told is None and (session.stage == "ended" or talk.now.path != path):
                wrong.append(f"{path} is kept as {words[0][:40]!r} and not shown: {text[-60:]!r}")
    return wrong


def _messages_of(tx: Tx, session: int) -> dict[int, str]:
    rows = tx.all("SELECT asking, message FROM outbox WHERE session_id = :id AND message IS NOT NULL", id=session)
    return {row["asking"]: row["message"] for row in rows}


def _never_shown(tx: Tx, session: int) -> set[int]:
    """Whose answer could not be shown, since nobody was there to read it; 0 stands for no message at all."""
    rows = tx.all(
        "SELECT asked.asking FROM outbox e JOIN outbox asked ON asked.id = e.edit_of"
        " WHERE asked.session_id = :id AND e.state = 'dropped'",
        id=session,
    )
    return {0, *(row["asking"] for row in rows)}


def _code(talk: Talk, key: Key) -> str:
    choices = talk.now.question.choices
    return choices[int(key.arg)].name if choices else key.arg


def _is_current(tx: Tx, session: int, path: str, code: str) -> str:
    found = answers.current(tx, session).get(path)
    kept = None if found is None else found.value
    return "" if kept == code else f"tapped {code!r} at {path}, kept {kept!r}"


def _ticked(tx: Tx, session: int) -> tuple[str, ...]:
    found = sessions.by_id(tx, session)
    return () if found is None else found.ticked


def _is_ticked(tx: Tx, session: int, path: str, code: str) -> str:
    return "" if code in _ticked(tx, session) else f"ticked {code!r} at {path}, which is not kept"


def _is_told(tx: Tx, session: int, path: str, words: str) -> str:
    found = answers.current(tx, session).get(path)
    places = [found.value] if found is not None else []
    places += [part.text for part in answers.draft_parts(tx, session)]
    times = sum(words in place for place in places)
    return "" if times == 1 else f"told {words!r} at {path}, kept {times} times"


def _kept(tx: Tx, phone: Phone) -> list[tuple[object, ...]]:
    return [tuple(row) for row in tx.all(_KEPT, urn=f"telegram:{phone.id}")]


def _bot_said(phone: Phone) -> int:
    return sum(not message.mine for message in phone.messages)


def data_of(message: ChatMessage) -> list[tuple[str, int]]:
    """What the buttons of a message send, each with the message."""
    return [(one.data, message.id) for row in message.buttons for one in row if one.data is not None]


def _is_within_limits(message: ChatMessage) -> bool:
    longest = _LONGEST_TEXT if message.is_text else _LONGEST_CAPTION
    labels = [label for row in message.labels for label in row]
    return (
        length_of(message.text) <= longest
        and bool(message.text or message.file)
        and all(len(data.encode()) <= _LONGEST_DATA for data, _ in data_of(message))
        and all(label.strip() and len(label) <= _LONGEST_LABEL for label in labels)
    )
