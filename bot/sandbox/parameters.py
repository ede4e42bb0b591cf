"""The parameters of a call, from a query string, JSON, a form or a multipart body."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson
from aiohttp import BodyPartReader, web

from bot.sandbox.files import UPLOAD_LIMIT
from bot.sandbox.refusals import Refusal, bad_request


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came along with a call."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a call gave, with the values as loosely typed as the Bot API allows."""

    given: Mapping[str, object]
    uploads: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A text, empty when left out."""
        value = self.given.get(name)
        return "" if value is None else str(value)

    def whole(self, name: str, default: int) -> int:
        """A whole number; refuses anything else."""
        value = self.given.get(name)
        if value is None or value == "":
            return default
        try:
            return int(str(value))
        except ValueError as error:
            raise bad_request(f"invalid {name} specified") from error

    def switch(self, name: str) -> bool:
        """A Boolean, False when left out."""
        return self.given.get(name) in (True, 1, "1", "true", "True")

    def structure(self, name: str) -> object:
        """A list or an object, given as such or as JSON in a string; None when left out."""
        value = self.given.get(name)
        if not isinstance(value, str) or value == "":
            return value
        try:
            parsed: object = orjson.loads(value)
        except orjson.JSONDecodeError as error:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from error
        return parsed


async def parameters_of(request: web.Request) -> Parameters:
    """Reads the parameters of a call; refuses bodies over 50 MB and JSON that is none."""
    given: dict[str, object] = dict(request.query)
    if request.content_type == "multipart/form-data":
        return await _multipart(request, given)
    if request.content_type == "application/json":
        given.update(_object(await request.read()))
    elif request.can_read_body:
        given.update({name: str(value) for name, value in (await request.post()).items()})
    return Parameters(given)


def _object(body: bytes) -> dict[str, object]:
    try:
        parsed = orjson.loads(body or b"{}")
    except orjson.JSONDecodeError as error:
        raise bad_request("can't parse JSON object") from error
    if not isinstance(parsed, dict):
        raise bad_request("can't parse JSON object")
    return parsed


async def _multipart(request: web.Request, given: dict[str, object]) -> Parameters:
    uploads: dict[str, Upload] = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            raise bad_request("nested multipart bodies are not supported")
        content = await _read(part)
        if part.filename is None:
            given[part.name or ""] = content.decode()
        else:
            kind = part.headers.get("Content-Type", "application/octet-stream")
            uploads[part.name or ""] = Upload(part.filename, kind, content)
    return Parameters(given, uploads)


async def _read(part: BodyPartReader) -> bytes:
    content = bytearray()
    while chunk := await part.read_chunk(1 << 16):
        content += chunk
        if len(content) > UPLOAD_LIMIT:
            raise Refusal(413, "Request Entity Too Large")
    return bytes(content)
