"""Any update that the Bot API's own types allow, drawn from the library's signatures: every kind there is."""

import datetime as dtm
import inspect
import types
from collections.abc import Sequence
from enum import Enum
from functools import cache
from random import Random
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import telegram
from telegram import TelegramObject, Update

KINDS = tuple(name for name in inspect.signature(Update.__init__).parameters if name not in ("self", "update_id"))[:-1]
"""What an update can hold; the last parameter is the library's own."""
_NAMES = {"from_user": "from"}
"""Where the library's word is not the Bot API's."""
_STATUS: dict[type[TelegramObject], str] = {
    telegram.ChatMemberOwner: "creator",
    telegram.ChatMemberAdministrator: "administrator",
    telegram.ChatMemberMember: "member",
    telegram.ChatMemberRestricted: "restricted",
    telegram.ChatMemberLeft: "left",
    telegram.ChatMemberBanned: "kicked",
}
_DEEPEST = 3


def any_update(random: Random, number: int) -> dict[str, Any]:
    """An update with one thing in it and right types all through."""
    kind = random.choice(KINDS)
    known = _parameters("Update")[kind][0]
    return {"update_id": number, kind: _value(known, random, 0)}


def an_object(random: Random, name: str) -> dict[str, Any]:
    """Any object of this type of the Bot API."""
    return _object(getattr(telegram, name), random, 0)


@cache
def _parameters(name: str) -> dict[str, tuple[Any, bool]]:
    """What such an object holds, by name in the Bot API: the type, and whether it is always there."""
    kind = getattr(telegram, name)
    known = {**vars(telegram), "Sequence": Sequence, "dtm": dtm, "JSONDict": dict, "TimePeriod": int, "Any": Any}
    hints = get_type_hints(kind.__init__, known)
    found = inspect.signature(kind.__init__).parameters.values()
    return {
        _NAMES.get(one.name, one.name): (hints[one.name], one.default is inspect.Parameter.empty)
        for one in found
        if one.name in hints and one.name not in ("api_kwargs", "return")
    }


def _object(kind: type[TelegramObject], random: Random, depth: int) -> dict[str, Any]:
    chosen = random.choice(kind.__subclasses__() or [kind])
    share = 0.25 if depth < _DEEPEST else 0.0
    made = {
        name: _value(known, random, depth + 1)
        for name, (known, is_needed) in _parameters(chosen.__name__).items()
        if is_needed or random.random() < share
    }
    return {**made, "status": _STATUS[chosen]} if chosen in _STATUS else made


def _value(known: Any, random: Random, depth: int) -> Any:
    origin = get_origin(known)
    if origin in (Union, types.UnionType):
        options = [one for one in get_args(known) if one is not type(None)]
        return _value(options[0], random, depth)
    if origin is Literal:
        return random.choice(get_args(known))
    if origin is not None and issubclass(origin, Sequence | tuple):
        count = random.choice((1, 1, 2)) if depth <= _DEEPEST else 1
        return [_value(get_args(known)[0], random, depth + 1) for _ in range(count)]
    if inspect.isclass(known) and issubclass(known, TelegramObject):
        return _object(known, random, depth)
    return _plain(known, random)


WORDS = (
    *(
        "4",
        "vier",
        "ja",
        "nee",
        "",
        " ",
        "/start",
        "/start x",
        "/export alles",
        "/plan",
        "/stop",
        "/taal",
        "/antwoorden",
    ),
    *("| | |", "x" * 4096, "\u202e", "\x00", "🙂" * 9, "private", "member", "kicked", "left", "group", "s:1:1:send:"),
    *(
        "/gewist Amina",
        "/people",
        "/remind",
        "/audit",
        "/forms",
        "https://example.org",
        "Ja, ik doe mee",
        "Later",
        "Start",
    ),
)


def _plain(known: Any, random: Random) -> Any:
    if known is bool:
        return random.random() < 0.5
    if known in (int, dtm.timedelta):
        return random.choice(
            (0, 1, -1, 3, 1001, random.getrandbits(31), -random.getrandbits(40), random.getrandbits(52))
        )
    if known is dtm.datetime:
        return random.choice((0, 1_795_000_000, 1_795_000_000 + random.randrange(10**6), 2**31 - 1))
    if known is float:
        return random.choice((0, 1.5, -90.0, 52.1, 180))
    if inspect.isclass(known) and issubclass(known, Enum):
        return random.choice(list(known)).value
    if known is dict or isinstance(known, TypeVar):
        return {}
    return random.choice(WORDS)
