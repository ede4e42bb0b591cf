"""HTTP for python-telegram-bot by aiohttp, which says whether a failed request can have arrived."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any

import aiohttp
from telegram.error import BadRequest, NetworkError
from telegram.request import BaseRequest, RequestData
from yarl import URL

from bot.telegram.answers import Garbled, MaybeSent, NotSent, TooLong, check, read_json

CONNECT_AFTER = 10.0
READ_AFTER = 20.0
FILE_AFTER = 600.0
"""What 50 MB may take on a slow line; it stops earlier where nothing moves at all."""
LARGEST_ANSWER = 16 * 1024 * 1024
"""Bytes; a hundred of Telegram's updates are far less."""
_START = 64 * 1024
_URLENCODED = {"Content-Type": "application/x-www-form-urlencoded"}


class AiohttpRequest(BaseRequest):
    """One session for all requests of a bot; time-outs in seconds."""

    def __init__(self, connections: int = 100, answer_after: float = READ_AFTER) -> None:
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
        """Status and body of a result; see `bot.telegram.answers.check` for what it raises.

        Sent as a form, because every Bot API server reads that. Of an answer that is too long the rest is not read.
        """
        has_files = bool(request_data and request_data.contains_files)
        limits = _limits(
            connect=_given(connect_timeout, CONNECT_AFTER),
            write=_given(write_timeout, FILE_AFTER if has_files else READ_AFTER),
            read=_given(read_timeout, self._answer_after),
        )
        try:
            async with self._open().request(
                method,
                url,
                data=_form(request_data),
                headers=None if has_files else _URLENCODED,
                timeout=limits,
                allow_redirects=False,
            ) as response:
                status, body, headers = response.status, await _body(response), response.headers
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise _what_became_of_it(error) from None
        except ValueError as error:
            raise BadRequest(f"cannot be put in a request ({type(error).__name__})") from None
        check(status, body, headers)
        return status, body

    @asynccontextmanager
    async def download(self, url: str) -> AsyncIterator[aiohttp.ClientResponse]:
        """A response whose body is still to be read. Raises NotSent while it cannot be."""
        try:
            async with self._open().get(
                url, timeout=_limits(CONNECT_AFTER, FILE_AFTER, READ_AFTER), allow_redirects=False
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


def _given(timeout: Any, otherwise: float) -> float | None:
    """A call's own time-out; None means without end."""
    return otherwise if timeout is BaseRequest.DEFAULT_NONE else timeout


def _limits(connect: float | None, write: float | None, read: float | None) -> aiohttp.ClientTimeout:
    """The whole is bounded too, because a body that is slow to leave has no limit of its own."""
    total = None if connect is None or write is None or read is None else connect + write + read
    return aiohttp.ClientTimeout(total=total, connect=connect, sock_connect=connect, sock_read=read)


async def _body(response: aiohttp.ClientResponse) -> bytes:
    """All of it, where it is not too long. Raises TooLong for a result that is; of a refusal the number says enough."""
    body = bytearray()
    is_long = (response.content_length or 0) > LARGEST_ANSWER
    async for piece in response.content.iter_any():
        body += piece
        is_long = is_long or len(body) > LARGEST_ANSWER
        if is_long and len(body) >= _START:
            break
    if not is_long:
        return bytes(body)
    if response.ok:
        raise TooLong(bytes(body[:_START]))
    return b""


def _form(request_data: RequestData | None) -> aiohttp.FormData | bytes | None:
    if request_data is None:
        return None
    if not request_data.contains_files:
        # As urllib's urlencode writes it, at a sixth of the cost.
        return URL.build(query=request_data.json_parameters).raw_query_string.encode()
    form = aiohttp.FormData(quote_fields=False)
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (file_name, content, content_type) in request_data.multipart_data.items():
        form.add_field(name, content, filename=file_name, content_type=content_type)
    return form


def _what_became_of_it(error: Exception) -> NetworkError:
    """The kind of error only: addresses in its text would hold the token."""
    never_left = aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL
    kind = type(error).__name__
    return NotSent(kind) if isinstance(error, never_left) else MaybeSent(kind)
