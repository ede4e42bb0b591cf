"""What a tapped button means for what waits."""

from collections.abc import Callable

from fieldwork.conversation import Chose, Confirmed, Conversation, Doubted, Event, Jumped, Ticked, Went, spot
from fieldwork.recognise import Way
from fieldwork.taps import Key
from fieldwork.typed import this_moment

_Reader = Callable[[Conversation, str], Event | None]
_ACTS = {
    "back": Way.BACK,
    "skip": Way.SKIP,
    "pause": Way.PAUSE,
    "done": Way.DONE,
    "continue": Way.CONTINUE,
    "explain": Way.EXPLAIN,
    "list": Way.OVERVIEW,
    "more": Way.MORE,
    "unknown": Way.UNKNOWN,
    "reword": Way.REWORD,
    "leave": Way.LEAVE,
}


def event_of(talk: Conversation, key: Key) -> Event | None:
    """What a button's act means for what waits; None for what its form does not know."""
    if key.act in _ACTS:
        return Went(_ACTS[key.act])
    read = _READERS.get(key.act)
    return None if read is None else read(talk, key.arg)


def _code(talk: Conversation, arg: str) -> str | None:
    """The code a choice button stands for; None where there is no such choice."""
    if talk.path is None or len(arg) > 40:
        return None
    choices = talk.question.choices
    if not choices:
        return arg
    return choices[int(arg)].name if arg.isascii() and arg.isdigit() and int(arg) < len(choices) else None


def _chose(talk: Conversation, arg: str) -> Event | None:
    code = _code(talk, arg)
    return None if code is None else Chose(code)


def _ticked(on: bool) -> _Reader:
    def read(talk: Conversation, arg: str) -> Event | None:
        code = _code(talk, arg)
        return None if code is None else Ticked(code, on)

    return read


def _jumped(talk: Conversation, arg: str) -> Event | None:
    found = (question for question in talk.walk.items() if spot(talk.walk, question) == arg)
    question = next(found, None)
    return Jumped(question.path) if question is not None and talk.walk.is_done(question.path) else None


def _now(talk: Conversation, arg: str) -> Event | None:
    """The moment of the tap, not that of the question."""
    moment = None if talk.path is None else this_moment(talk, talk.question)
    return None if moment is None else Chose(moment)


_READERS: dict[str, _Reader] = {
    "choose": _chose,
    "on": _ticked(True),
    "off": _ticked(False),
    "jump": _jumped,
    "now": _now,
    "keep": lambda talk, arg: Went(Way.KEEP),
    "send": lambda talk, arg: Confirmed(),
    "change": lambda talk, arg: Doubted(),
}
