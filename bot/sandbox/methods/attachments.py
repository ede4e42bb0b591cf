"""Files the bot sends: documents, photos, voice notes."""

from dataclasses import dataclass, replace
from typing import Unpack

from bot.sandbox.chats import Chat
from bot.sandbox.files import PHOTO_LIMIT, StoredFile
from bot.sandbox.keyboards import rows_in
from bot.sandbox.messages import ChatMessage, MessageParts, Voice
from bot.sandbox.methods.messages import caption
from bot.sandbox.methods.method import Method
from bot.sandbox.parameters import Parameters, Upload
from bot.sandbox.photos import keep_photo
from bot.sandbox.refusals import bad_request
from bot.sandbox.world import World


async def send_document(world: World, given: Parameters) -> object:
    """Sends a file to download."""
    chat, source = world.open_chat(given), _source(world, given, "document")
    file = source.stored or world.files.keep(source.content, "documents", source.name, source.content_type)
    return _post(world, given, chat, document=file)


async def send_photo(world: World, given: Parameters) -> object:
    """Sends a picture, JPEG or PNG, up to 10 MB."""
    chat, source = world.open_chat(given), _source(world, given, "photo")
    if len(source.content) > PHOTO_LIMIT:
        raise bad_request(
            f"file of size {len(source.content)} bytes is too big for a photo; the maximum size is {PHOTO_LIMIT} bytes"
        )
    try:
        photo = keep_photo(world.files, source.content)
    except ValueError as error:
        raise bad_request("IMAGE_PROCESS_FAILED") from error
    if photo.sizes[-1].width + photo.sizes[-1].height > 10_000:
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return _post(world, given, chat, photo=photo)


async def send_voice(world: World, given: Parameters) -> object:
    """Sends a voice note."""
    chat, source = world.open_chat(given), _source(world, given, "voice")
    file = source.stored or world.files.keep(source.content, "voice", source.name, source.content_type)
    return _post(world, given, chat, voice=Voice(file, given.whole("duration", 0)))


def _post(world: World, given: Parameters, chat: Chat, **parts: Unpack[MessageParts]) -> object:
    text, entities = caption(given)
    rows = rows_in(given.structure("reply_markup"))
    message = ChatMessage(0, None, world.now(), text, entities, rows)
    return world.post(chat, replace(message, **parts))


@dataclass(frozen=True, slots=True)
class _Source:
    """What is sent: an upload, or a file that is `stored` already."""

    name: str
    content_type: str
    content: bytes
    stored: StoredFile | None = None


def _source(world: World, given: Parameters, field: str) -> _Source:
    upload = _upload(given, field)
    if upload:
        if not upload.content:
            raise bad_request("file must be non-empty")
        return _Source(upload.name, upload.content_type, upload.content)
    return _stored(world, given.text(field), field)


def _upload(given: Parameters, field: str) -> Upload | None:
    """The uploaded part: named as the parameter, or by `attach://name` in it."""
    named = given.text(field)
    if named.startswith("attach://"):
        return given.uploads.get(named.removeprefix("attach://"))
    return given.uploads.get(field)


def _stored(world: World, file_id: str, field: str) -> _Source:
    if not file_id:
        raise bad_request(f"there is no {field} in the request")
    if file_id.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    file = world.files.by_id(file_id)
    if file is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return _Source(file.name, file.content_type, file.content, file)


ATTACHMENTS: dict[str, Method] = {
    "sendDocument": send_document,
    "sendPhoto": send_photo,
    "sendVoice": send_voice,
}
