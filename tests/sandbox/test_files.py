"""Files both ways."""

import io
from datetime import timedelta

import aiohttp
import pytest
from PIL import Image
from telegram import Bot, InputFile
from telegram.error import BadRequest

from bot.sandbox import Phone, Sandbox, sample_photo, sample_voice

from .conftest import Api


def picture(width: int, height: int, kind: str = "PNG") -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (width, height), "#336699").save(content, kind)
    return content.getvalue()


async def test_a_document_arrives_with_its_name_type_caption_and_bytes(bot: Bot, amina: Phone) -> None:
    sent = await bot.send_document(amina.id, b"PK\x03\x04", filename="week 47 – Ede.xlsx", caption="Klaar")
    assert amina.last.text == "Klaar"
    assert amina.last.document
    assert amina.last.document.name == "week 47 – Ede.xlsx"
    assert amina.last.document.content == b"PK\x03\x04"
    assert amina.last.document.content_type.endswith("spreadsheetml.sheet")
    assert sent.document
    assert sent.document.file_size == 4
    again = await bot.send_document(amina.id, sent.document.file_id)
    assert again.document
    assert again.document.file_id == sent.document.file_id


async def test_a_part_named_by_attach_is_found(api: Api, amina: Phone) -> None:
    form = aiohttp.FormData()
    form.add_field("chat_id", str(amina.id))
    form.add_field("document", "attach://stuk")
    form.add_field("stuk", b"abc", filename="a.csv", content_type="text/csv")
    async with api.session.post(f"{api.root}/sendDocument", data=form) as answer:
        assert answer.status == 200
    assert amina.last.document
    assert amina.last.document.content == b"abc"


async def test_a_photo_of_the_bot_has_sizes(bot: Bot, amina: Phone) -> None:
    sent = await bot.send_photo(amina.id, picture(800, 400), caption="Grafiek")
    assert [(size.width, size.height) for size in sent.photo] == [(320, 160), (800, 400)]
    assert amina.last.photo
    assert amina.last.photo.content == picture(800, 400)
    assert amina.last.text == "Grafiek"


async def test_a_photo_that_is_none_is_refused(bot: Bot, amina: Phone) -> None:
    with pytest.raises(BadRequest, match="Image_process_failed"):
        await bot.send_photo(amina.id, b"geen plaatje")
    with pytest.raises(BadRequest, match="Photo_invalid_dimensions"):
        await bot.send_photo(amina.id, picture(10_000, 1))
    with pytest.raises(BadRequest, match="too big for a photo"):
        await bot.send_photo(amina.id, b"x" * (10 * 1024 * 1024 + 1))


async def test_a_voice_note_of_the_bot_lasts_as_long_as_it_says(bot: Bot, amina: Phone) -> None:
    sent = await bot.send_voice(amina.id, InputFile(b"OggS", "v.oga"), duration=7)
    assert sent.voice
    assert sent.voice.duration == timedelta(seconds=7)
    assert amina.last.voice
    assert amina.last.voice.seconds == 7


async def test_what_a_phone_sends_can_be_downloaded(bot: Bot, amina: Phone) -> None:
    amina.send_voice(b"geluid", 12)
    amina.send_photo(sample_photo(), caption="De flap")
    amina.send_document(b"x,y", "cijfers.csv", "text/csv")
    voice, photo, document = [update.message for update in await bot.get_updates()]
    assert voice
    assert voice.voice
    assert voice.voice.duration == timedelta(seconds=12)
    assert await (await voice.voice.get_file()).download_as_bytearray() == b"geluid"
    assert photo
    assert photo.caption == "De flap"
    assert [(size.width, size.height) for size in photo.photo] == [(320, 240), (1024, 768)]
    assert await (await photo.photo[-1].get_file()).download_as_bytearray() == sample_photo()
    assert document
    assert document.document
    assert document.document.file_name == "cijfers.csv"


async def test_an_album_is_one_update_for_each_picture(bot: Bot, amina: Phone) -> None:
    for side in (10, 20):
        amina.send_photo(picture(side, side), album="a1")
    updates = await bot.get_updates()
    assert [update.message.media_group_id for update in updates if update.message] == ["a1", "a1"]


async def test_a_file_over_twenty_megabytes_cannot_be_fetched(bot: Bot, amina: Phone) -> None:
    amina.send_voice(bytes(20 * 1024 * 1024), 60)
    amina.send_voice(bytes(20 * 1024 * 1024 + 1), 60)
    small, large = [update.message for update in await bot.get_updates()]
    assert small
    assert small.voice
    assert len(await (await small.voice.get_file()).download_as_bytearray()) == 20 * 1024 * 1024
    assert large
    assert large.voice
    with pytest.raises(BadRequest, match="File is too big"):
        await large.voice.get_file()


async def test_an_unknown_file_is_refused(api: Api, sandbox: Sandbox) -> None:
    assert await api.refusal("getFile", file_id="x") == "400 Bad Request: invalid file_id"
    async with api.session.get(f"{sandbox.url}/file/bot{sandbox.token}/photos/none.jpg") as answer:
        assert answer.status == 404
    async with api.session.get(f"{sandbox.url}/file/bot1:x/photos/none.jpg") as answer:
        assert answer.status == 401


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "there is no document in the request"),
        ({"document": "x"}, "wrong file identifier/HTTP URL specified"),
        ({"document": "https://example.org/a.pdf"}, "failed to get HTTP URL content"),
    ],
)
async def test_a_document_that_is_none_is_refused(api: Api, amina: Phone, given: dict[str, object], words: str) -> None:
    assert await api.refusal("sendDocument", chat_id=amina.id, **given) == f"400 Bad Request: {words}"


async def test_an_empty_document_and_a_long_caption_are_refused(bot: Bot, amina: Phone) -> None:
    with pytest.raises(BadRequest, match="File must be non-empty"):
        await bot.send_document(amina.id, InputFile(b"", "leeg.txt"))
    with pytest.raises(BadRequest, match="Message caption is too long"):
        await bot.send_document(amina.id, b"x", filename="a.txt", caption="x" * 1025)


async def test_an_upload_over_fifty_megabytes_is_too_large(api: Api, amina: Phone) -> None:
    form = aiohttp.FormData()
    form.add_field("chat_id", str(amina.id))
    form.add_field("document", io.BytesIO(bytes(50 * 1024 * 1024 + 1)), filename="a.bin")
    async with api.session.post(f"{api.root}/sendDocument", data=form) as answer:
        assert answer.status == 413
        assert (await answer.json())["description"] == "Request Entity Too Large"
    assert len(amina.messages) == 1


def test_the_sample_photo_holds_a_place_and_the_sample_voice_is_ogg() -> None:
    with Image.open(io.BytesIO(sample_photo())) as photo:
        assert photo.getexif().get_ifd(0x8825)[1] == "N"
    assert sample_voice().startswith(b"OggS")
