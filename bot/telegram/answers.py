"""What an answer of a Bot API server comes to, whichever server it is and however it words a refusal."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)

try:
    import orjson
except ImportError:
    orjson = None  # type: ignore[assignment]  # the standard library's reader does the same, slower

_CODE_BY_WORDS = {
    "bad request": 400,
    "unauthorized": 401,
    "forbidden": 403,
    "not found": 404,
    "conflict": 409,
    "too many requests": 429,
}
_RETRY_AFTER = re.compile(r"retry after (\d{1,6}(?:\.\d{1,6})?)", re.IGNORECASE)
_LONGEST_WAIT = timedelta(days=1)
_SEVERAL = 300
_SAYS_ENOUGH = (401, 404, 408, 409, 413, 429)
"""What these mean is clear from the number alone, whoever says it."""


class NotSent(NetworkError):
    """The request never left, or the server says that it did nothing with it."""


class MaybeSent(TimedOut):
    """The request went out and no answer came back."""


class SlowDown(TelegramError):
    """The server wants us to wait; `retry_after` is None where it does not say how long."""

    def __init__(self, retry_after: timedelta | None) -> None:
        super().__init__("flood control")
        self.retry_after = retry_after


class Unknown(InvalidToken):
    """The server does not know this method, or not this token."""


class Garbled(TelegramError):
    """The server took the request and answered with something that cannot be understood."""


class TooLong(Garbled):
    """The answer is longer than anything the Bot API says; `start` is how it begins."""

    def __init__(self, start: bytes) -> None:
        super().__init__("the answer is too long")
        self.start = start


def named(error: TelegramError) -> str:
    """What went wrong, in words that hold nothing of an address or a message."""
    return error.message if isinstance(error, NotSent | MaybeSent | Garbled) else type(error).__name__


def check(status: int, body: bytes, headers: Mapping[str, str]) -> None:
    """Raise for whatever is not a result, by its HTTP status, its `error_code` or, in need, its words.

    Raises NotSent, MaybeSent, SlowDown, Garbled, ChatMigrated, Forbidden, InvalidToken, Unknown, Conflict or
    BadRequest.
    """
    answer = _object(body)
    if answer is None and (_SEVERAL <= status < HTTPStatus.BAD_REQUEST or _is_a_strangers(status, body)):
        raise NotSent(f"HTTP {status}")
    refusal = answer or {}
    if status < _SEVERAL and refusal.get("ok") is not False:
        if "result" not in refusal:
            raise Garbled("the answer has no result")
        return
    _refuse(_code(status, refusal), refusal, headers)


def _is_a_strangers(status: int, body: bytes) -> bool:
    """A page of some machine in between says nothing about the message, the person or the token."""
    is_ours_to_read = HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR
    page = body.strip()
    return is_ours_to_read and bool(page) and (status not in _SAYS_ENOUGH or _is_web_page(status, page))


def _is_web_page(status: int, page: bytes) -> bool:
    """Whether it only refuses in the manner of a web server, where a bare word would be the Bot API server's."""
    return status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND) and page.startswith(b"<")


def _code(status: int, refusal: Mapping[str, Any]) -> int:
    code = _whole_number(refusal.get("error_code"))
    if code is not None and HTTPStatus.BAD_REQUEST <= code < 600:
        return code
    if status >= _SEVERAL:
        return status
    words = _words(refusal).casefold()
    return next((code for start, code in _CODE_BY_WORDS.items() if words.startswith(start)), 500)


def _refuse(code: int, refusal: Mapping[str, Any], headers: Mapping[str, str]) -> None:
    words = _words(refusal) or f"HTTP {code}"
    parameters = refusal.get("parameters")
    more: Mapping[str, Any] = parameters if isinstance(parameters, dict) else {}
    moved = _whole_number(more.get("migrate_to_chat_id"))
    if moved:
        raise ChatMigrated(moved)
    if code == HTTPStatus.TOO_MANY_REQUESTS or "retry_after" in more:
        raise SlowDown(_retry_after(more, words, headers))
    match code:
        case HTTPStatus.FORBIDDEN:
            raise Forbidden(words)
        case HTTPStatus.UNAUTHORIZED:
            raise InvalidToken(words)
        case HTTPStatus.NOT_FOUND:
            raise Unknown(words)
        case HTTPStatus.CONFLICT:
            raise Conflict(words)
        case HTTPStatus.GATEWAY_TIMEOUT:
            raise MaybeSent(f"HTTP {code}")
        case HTTPStatus.REQUEST_TIMEOUT:
            raise NotSent(f"HTTP {code}")
    if code >= HTTPStatus.INTERNAL_SERVER_ERROR or code < HTTPStatus.BAD_REQUEST:
        raise NotSent(f"HTTP {code}")
    raise BadRequest(words)


def _words(refusal: Mapping[str, Any]) -> str:
    words = refusal.get("description")
    return words if isinstance(words, str) else ""


def _whole_number(value: object) -> int | None:
    """A number, also where a server writes it as text."""
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,18}", value):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _retry_after(more: Mapping[str, Any], words: str, headers: Mapping[str, str]) -> timedelta | None:
    """From the parameters, the words or the header, wherever there is a number; a day at most."""
    in_words = _RETRY_AFTER.search(words)
    for found in (more.get("retry_after"), in_words and in_words[1], headers.get("Retry-After")):
        try:
            seconds = float(found)  # type: ignore[arg-type]  # None fails as words do
            return min(max(timedelta(seconds=seconds), timedelta()), _LONGEST_WAIT)
        except (TypeError, ValueError, OverflowError):
            continue
    return None


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        answer = read_json(body)
    except Garbled:
        return None
    return answer if isinstance(answer, dict) else None


def read_json(payload: bytes) -> Any:
    """JSON, tolerating broken UTF-8, lone surrogates and endless numbers. Raises Garbled."""
    try:
        if orjson is not None:
            return orjson.loads(payload)
    except ValueError:
        pass
    try:
        return json.loads(payload.decode("utf-8-sig", "replace"), parse_int=_whole)
    except (ValueError, RecursionError):
        raise Garbled("the answer is not JSON") from None


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) < 100 else float("inf")


@contextmanager
def readable() -> Iterator[None]:
    """A result that lacks what the library takes for granted is a result all the same. Raises Garbled."""
    try:
        yield
    except (LookupError, AttributeError, TypeError) as error:
        raise Garbled(f"the library cannot read the result ({type(error).__name__})") from None
