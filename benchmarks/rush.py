"""People who are all asked at once, of whom one at a time answers; pure."""

from collections import deque
from collections.abc import Callable, Sequence

from benchmarks.crowd import Person
from benchmarks.replies import Later, Manner, Reply, Update, Updates, keys_of, mark_of, reply_to, says_sent
from fieldwork.taps import About


class Rush:
    """Everybody, and how long the one who answers waited. Times in seconds on one clock.

    It begins when the first is asked and is over when the last is.
    """

    def __init__(self, people: int, put: Callable[[Update], None], date: Callable[[], int], later: Later) -> None:
        self._unasked = people
        self._put = put
        self._updates = Updates(date)
        self._later = later
        self._ready: deque[tuple[int, Reply, int]] = deque()
        """Who was asked, with what they would say first to which message."""
        self._seen: set[int] = set()
        self._person: Person | None = None
        self.waits: list[float] = []
        self.started_at: float | None = None
        self.ended_at: float | None = None

    def begin(self, now: float) -> None:
        """They wait to be asked."""

    def shown(self, chat: int, message: int, buttons: Sequence[str], now: float, text: str, *, is_new: bool) -> None:
        """A message appears, or one changes, in a chat."""
        keys, person = keys_of(buttons), self._person
        if keys and keys[0].about is About.PROMPT and chat not in self._seen:
            self._seen.add(chat)
            self._ready.append((chat, reply_to(Manner.TAPPING, keys, text, 0), message))
            self._count(now)
            if person is None:
                self._let_next_answer()
        elif person is not None and person.chat == chat:
            self._heard(person, message, buttons, now, text)

    def _heard(self, person: Person, message: int, buttons: Sequence[str], now: float, text: str) -> None:
        keys = keys_of(buttons)
        if says_sent(text):
            self._waited(person, now)
            self._let_next_answer()
        elif keys and (mark := mark_of(keys)) not in person.answered and keys[0].about is not About.PROMPT:
            person.answered.add(mark)
            self._waited(person, now)
            reply = reply_to(Manner.TAPPING, keys, text, person.said)
            self._later(lambda at: self._speak(person, reply, message, at))

    def _count(self, now: float) -> None:
        if self.started_at is None:
            self.started_at = now
        self._unasked -= 1
        if not self._unasked:
            self.ended_at = now

    def _let_next_answer(self) -> None:
        self._person = None
        if self._ready:
            chat, reply, message = self._ready.popleft()
            person = self._person = Person(chat)
            self._later(lambda at: self._speak(person, reply, message, at))

    def _waited(self, person: Person, now: float) -> None:
        if person.since is not None and self.ended_at is None:
            self.waits.append(now - person.since)
        person.since = None

    def _speak(self, person: Person, reply: Reply, message: int, now: float) -> None:
        person.said += 1
        person.since = now
        self._put(self._updates.said(person.chat, reply, message))
