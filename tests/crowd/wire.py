"""The sandbox's Bot API without a network: the real calls, in the same loop, quick enough for thousands of steps."""

from http import HTTPStatus
from typing import Any

import orjson
from telegram.request import RequestData

from bot.sandbox import Sandbox
from bot.sandbox.methods import METHODS
from bot.sandbox.parameters import Parameters, Upload
from bot.sandbox.refusals import Refusal
from bot.telegram.answers import NotSent, check
from bot.telegram.request import AiohttpRequest


class Wire(AiohttpRequest):
    """Hands every call to the sandbox's own methods; files still go the long way."""

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__()
        self._world = sandbox.world
        self.is_listening = False
        """Whether a call for updates waits: all that were handed out before it are committed."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        """Status and body of a result; raises as over HTTP."""
        status: int = HTTPStatus.OK
        name = url.rpartition("/")[2].lower()
        self.is_listening = name == "getupdates" or self.is_listening
        try:
            result = await METHODS[name][1](self._world, _given(request_data))
            body: object = {"ok": True, "result": result}
        except Refusal as refusal:
            status, body = refusal.code, refusal.as_json()
        except ConnectionAbortedError:
            raise NotSent("the sandbox is closing") from None
        finally:
            self.is_listening = name != "getupdates" and self.is_listening
        answer = orjson.dumps(body)
        check(status, answer, {})
        return status, answer


def _given(data: RequestData | None) -> Parameters:
    if data is None:
        return Parameters({})
    uploads = {}
    if data.contains_files:
        for name, (file_name, content, content_type) in data.multipart_data.items():
            read = content if isinstance(content, bytes) else content.read()
            uploads[name] = Upload(file_name, content_type, read)
    return Parameters(dict(data.json_parameters), uploads)
