"""What a person can do on a phone in the page."""

from collections.abc import Callable, Mapping

from bot.sandbox.clips import sample_clip
from bot.sandbox.phone import Phone
from bot.sandbox.photos import sample_photo
from bot.sandbox.voices import SAMPLE_SECONDS, sample_voice, seconds_of

# A phone, the query of the call, and its body: the text, or the bytes of the file.
Action = Callable[[Phone, Mapping[str, str], bytes], object]


def _say(phone: Phone, given: Mapping[str, str], body: bytes) -> None:
    phone.say(body.decode())


def _start(phone: Phone, given: Mapping[str, str], body: bytes) -> None:
    phone.start(given.get("payload", ""))


def _tap(phone: Phone, given: Mapping[str, str], body: bytes) -> None:
    phone.tap_data(body.decode(), int(given["message"]))


def _edit(phone: Phone, given: Mapping[str, str], body: bytes) -> None:
    phone.edit(int(given["message"]), body.decode())


def _photo(phone: Phone, given: Mapping[str, str], body: bytes) -> None:
    phone.send_photo(body or sample_photo(), given.get("caption", ""))


def _voice(phone: Phone, given: Mapping[str, str], body: bytes) -> None:
    if body:
        phone.send_voice(body, seconds_of(body) or int(given.get("seconds", "0")))
    else:
        phone.send_voice(sample_voice(), SAMPLE_SECONDS)


def _document(phone: Phone, given: Mapping[str, str], body: bytes) -> None:
    phone.send_document(body, given.get("name") or "file", given.get("type") or "application/octet-stream")


def _video(phone: Phone, given: Mapping[str, str], body: bytes) -> None:
    phone.send_clip(body or sample_clip(), "video", int(given.get("seconds", "1")))


def _location(phone: Phone, given: Mapping[str, str], body: bytes) -> None:
    phone.send_location(accuracy=12)


def _sticker(phone: Phone, given: Mapping[str, str], body: bytes) -> None:
    phone.send_sticker()


def _odd(phone: Phone, given: Mapping[str, str], body: bytes) -> None:
    phone.send_odd(given.get("kind", "dice"), body.decode())


def _react(phone: Phone, given: Mapping[str, str], body: bytes) -> None:
    phone.react(int(given["message"]), body.decode())


def _block(phone: Phone, given: Mapping[str, str], body: bytes) -> None:
    phone.block()


def _unblock(phone: Phone, given: Mapping[str, str], body: bytes) -> None:
    phone.unblock()


ACTIONS: dict[str, Action] = {
    "say": _say,
    "start": _start,
    "tap": _tap,
    "edit": _edit,
    "photo": _photo,
    "voice": _voice,
    "video": _video,
    "location": _location,
    "document": _document,
    "sticker": _sticker,
    "odd": _odd,
    "react": _react,
    "block": _block,
    "unblock": _unblock,
}
