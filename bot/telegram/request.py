"""HTTP for python-telegram-bot by aiohttp, which says whether a failed request can have arrived."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import aiohttp
from telegram.error import BadRequest, NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

try:
    import orjson
except ImportError:
    orjson = None  # type: ignore[assignment]  # the standard library's reader does the same, slower

CONNECT_AFTER = 10.0
READ_AFTER = 20.0
UPLOAD_AFTER = 60.0
_HANDLED_BY_LIBRARY = {
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
}


class NotSent(NetworkError):
    """The request never left, or the server says that it did nothing with it."""


class MaybeSent(TimedOut):
    """The request went out and no answer came back."""


class SlowDown(TelegramError):
    """The server wants us to wait."""

    def __init__(self, retry_after: timedelta) -> None:
        super().__init__("flood control")
        self.retry_after = retry_after


class Garbled(TelegramError):
    """The server took the request and answered with something that cannot be understood."""


class AiohttpRequest(BaseRequest):
    """One session for all requests of a bot; time-outs in seconds."""

    def __init__(self, connections: int = 64, answer_after: float = READ_AFTER) -> None:
        self._connections = connections
        self._answer_after = answer_after
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """How long an answer may take where the call does not say."""
        return self._answer_after

    async def initialize(self) -> None:
        """Open the session, if it is not open."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        """Close the session and its connections."""
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Status and body. Raises NotSent, MaybeSent, SlowDown, Garbled or BadRequest.

        Sent as a form, because every Bot API server reads that.
        """
        has_files = bool(request_data and request_data.contains_files)
        limits = _limits(
            connect=_given(connect_timeout, CONNECT_AFTER),
            write=_given(write_timeout, UPLOAD_AFTER if has_files else READ_AFTER),
            read=_given(read_timeout, self._answer_after),
        )
        try:
            async with self._open().request(
                method, url, data=_form(request_data), timeout=limits, allow_redirects=False
            ) as response:
                status, body = response.status, await response.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise _what_became_of_it(error) from None
        except ValueError as error:
            raise BadRequest(f"cannot be put in a request ({type(error).__name__})") from None
        _check(status, body)
        return status, body

    @asynccontextmanager
    async def download(self, url: str) -> AsyncIterator[aiohttp.ClientResponse]:
        """A response whose body is still to be read. Raises NotSent while it cannot be."""
        try:
            async with self._open().get(
                url, timeout=_limits(CONNECT_AFTER, READ_AFTER, UPLOAD_AFTER), allow_redirects=False
            ) as response:
                if response.status != HTTPStatus.OK:
                    raise NotSent(f"HTTP {response.status}")
                yield response
        except (aiohttp.ClientError, TimeoutError) as error:
            raise NotSent(type(error).__name__) from None

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer's JSON, however odd its text or numbers; nothing of it is logged. Raises Garbled."""
        answer = read_json(payload)
        if not isinstance(answer, dict):
            raise Garbled("the answer is not a JSON object")
        return answer

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise NotSent("the session is closed")
        return self._session


def read_json(payload: bytes) -> Any:
    """JSON, tolerating broken UTF-8, lone surrogates and endless numbers. Raises Garbled."""
    try:
        if orjson is not None:
            return orjson.loads(payload)
    except ValueError:
        pass
    try:
        return json.loads(payload.decode("utf-8", "replace"), parse_int=_whole)
    except (ValueError, RecursionError):
        raise Garbled("the answer is not JSON") from None


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) < 100 else float("inf")


def _given(timeout: Any, otherwise: float) -> float | None:
    """A call's own time-out; None means without end."""
    return otherwise if timeout is BaseRequest.DEFAULT_NONE else timeout


def _limits(connect: float | None, write: float | None, read: float | None) -> aiohttp.ClientTimeout:
    """The whole is bounded too, because a body that is slow to leave has no limit of its own."""
    total = None if connect is None or write is None or read is None else connect + write + read
    return aiohttp.ClientTimeout(total=total, connect=connect, sock_connect=connect, sock_read=read)


def _form(request_data: RequestData | None) -> aiohttp.FormData | None:
    if request_data is None:
        return None
    form = aiohttp.FormData(quote_fields=False)
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    if request_data.contains_files:
        for name, (file_name, content, content_type) in request_data.multipart_data.items():
            form.add_field(name, content, filename=file_name, content_type=content_type)
    return form


def _what_became_of_it(error: Exception) -> NetworkError:
    """The kind of error only: addresses in its text would hold the token."""
    never_left = aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL
    kind = type(error).__name__
    return NotSent(kind) if isinstance(error, never_left) else MaybeSent(kind)


def _check(status: int, body: bytes) -> None:
    """Raise for what the library would not tell apart; the rest is left to it."""
    if status < HTTPStatus.MULTIPLE_CHOICES and b'"result"' not in body:
        raise Garbled("the answer has no result")
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise SlowDown(_retry_after(body))
    if status == HTTPStatus.GATEWAY_TIMEOUT:
        raise MaybeSent(f"HTTP {status}")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise NotSent(f"HTTP {status}")
    if status >= HTTPStatus.MULTIPLE_CHOICES and status not in _HANDLED_BY_LIBRARY:
        raise BadRequest(f"HTTP {status}")


def _retry_after(body: bytes) -> timedelta:
    try:
        return timedelta(seconds=float(read_json(body)["parameters"]["retry_after"]))
    except (TelegramError, KeyError, TypeError, ValueError, OverflowError):
        return timedelta(seconds=1)
