"""People at a keyboard who answer at once or after some thought, and how long they waited; pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from benchmarks.replies import (
    FIRST_PERSON,
    Later,
    Manner,
    Reply,
    Update,
    Updates,
    keys_of,
    mark_of,
    reply_to,
    says_sent,
    sentence,
)
from fieldwork.taps import About


@dataclass(slots=True)
class Person:
    """One chat: what they said, whether they wait, and since when."""

    chat: int
    left: int = 0
    """How often they still speak, where they echo."""
    said: int = 0
    since: float | None = None
    """When they last spoke; None while nothing is awaited."""
    answered: set[str] = field(default_factory=set)


class Crowd:
    """Everybody, and what is known of their turns. Times in seconds on one clock."""

    def __init__(
        self,
        people: int,
        turns: int,
        manner: Manner,
        put: Callable[[Update], None],
        date: Callable[[], int],
        later: Later | None = None,
    ) -> None:
        """Without `later` they answer at once."""
        self._people = {FIRST_PERSON + number: Person(FIRST_PERSON + number, turns) for number in range(people)}
        self._manner = manner
        self._put = put
        self._later = later
        self._updates = Updates(date)
        self._held: list[tuple[Person, Reply, int]] = []
        self._at_work = people
        self.waits: list[float] = []
        """Of every turn: from what somebody said to the reply."""
        self.started_at: float | None = None
        self.ended_at: float | None = None

    def begin(self, now: float) -> None:
        """Where they echo, everybody speaks at once; else they wait to be asked."""
        if self._manner is Manner.ECHO and self.started_at is None:
            self.started_at = now
            for person in self._people.values():
                self._echo(person, now)

    def shown(self, chat: int, message: int, buttons: Sequence[str], now: float, text: str, *, is_new: bool) -> None:
        """A message appears, or one changes, in a chat."""
        person = self._people[chat]
        if self._manner is Manner.ECHO:
            self._waited(person, now)
            self._echo(person, now) if person.left else self._end(now)
        elif is_new and says_sent(text):
            self._waited(person, now)
            self._end(now)
        elif keys := keys_of(buttons):
            mark = mark_of(keys)
            if mark in person.answered:
                return
            person.answered.add(mark)
            self._waited(person, now)
            reply = reply_to(self._manner, keys, text, person.said)
            if keys[0].about is About.PROMPT:
                self._speak(person, reply, message, now)
            elif self.started_at is not None:
                self._think(person, reply, message, now)
            else:
                self._hold(person, reply, message, now)

    def _hold(self, person: Person, reply: Reply, message: int, now: float) -> None:
        """Nobody answers before everybody has the first question."""
        self._held.append((person, reply, message))
        if len(self._held) == len(self._people):
            self.started_at = now
            for held in self._held:
                self._think(*held, now)

    def _think(self, person: Person, reply: Reply, message: int, now: float) -> None:
        if self._later is None:
            self._speak(person, reply, message, now)
        else:
            self._later(lambda at: self._speak(person, reply, message, at))

    def _waited(self, person: Person, now: float) -> None:
        if person.since is not None and self.started_at is not None:
            self.waits.append(now - person.since)
        person.since = None

    def _end(self, now: float) -> None:
        self._at_work -= 1
        if not self._at_work:
            self.ended_at = now

    def _echo(self, person: Person, now: float) -> None:
        person.left -= 1
        self._speak(person, sentence(person.said), 0, now)

    def _speak(self, person: Person, reply: Reply, message: int, now: float) -> None:
        person.said += 1
        person.since = now
        self._put(self._updates.said(person.chat, reply, message))
