"""The endpoints that the page with the phones lives on."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import aiohttp
import orjson
import pytest
from telegram import Bot

from bot.sandbox import Control, Phone, Sandbox, Stage, sample_photo, sample_voice

from .conftest import Clock

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


class Events:
    """What the page is told, event by event."""

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self._answer = answer

    async def next(self, wanted: str) -> dict[str, object]:
        """The next event of a kind; others before it are skipped."""
        async with asyncio.timeout(2):
            while True:
                kind, content = await self._event()
                if kind == wanted:
                    return content

    async def _event(self) -> tuple[str, dict[str, object]]:
        block = (await self._answer.content.readuntil(b"\n\n")).decode()
        kind, _, data = block.partition("\ndata: ")
        content = orjson.loads(data)
        assert isinstance(content, dict)
        return kind.removeprefix("event: "), content


@pytest.fixture
async def page(sandbox: Sandbox) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(sandbox.url) as page:
        yield page


@pytest.fixture
async def events(page: aiohttp.ClientSession, amina: Phone) -> AsyncIterator[Events]:
    async with page.get("/phones/events") as answer:
        yield Events(answer)


async def do(page: aiohttp.ClientSession, phone: Phone, action: str, body: bytes | str = b"") -> int:
    async with page.post(f"/phones/{phone.id}/{action}", data=body) as answer:
        return answer.status


class Addresses(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in ("src", "href") and value]


async def test_the_page_has_all_it_refers_to_and_nothing_from_elsewhere(page: aiohttp.ClientSession) -> None:
    async with page.get("/") as answer:
        policy = answer.headers["Content-Security-Policy"]
        addresses = Addresses()
        addresses.feed(await answer.text())
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert addresses.found == ["/icon.svg", "/style.css", "/app.js"]
    for name in ("app.js", "phone.js", "message.js", "dom.js", "texts.js", "style.css", "icon.svg"):
        async with page.get(f"/{name}") as answer:
            assert answer.status == 200
            assert "innerHTML" not in await answer.text()
    async with page.get("/nothing.js") as answer:
        assert answer.status == 404


async def test_a_page_sees_the_whole_chat_first_and_then_only_what_changed(
    events: Events, bot: Bot, amina: Phone
) -> None:
    first = await events.next("phone")
    assert (first["id"], first["whole"], first["standing"]) == (amina.id, True, "open")
    assert texts(first) == ["/start"]
    sent = await bot.send_message(amina.id, "Vraag 1")
    news = await events.next("phone")
    assert (texts(news), news["whole"]) == (["Vraag 1"], False)
    await bot.edit_message_text("Vraag 1 ✓", amina.id, sent.message_id)
    assert texts(await events.next("phone")) == ["Vraag 1 ✓"]
    await bot.delete_message(amina.id, sent.message_id)
    assert (await events.next("phone"))["removed"] == [sent.message_id]
    await bot.send_chat_action(amina.id, "typing")
    assert (await events.next("phone"))["typing"]


def texts(news: dict[str, object]) -> list[str]:
    messages = news["messages"]
    assert isinstance(messages, list)
    return [message["text"] for message in messages]


async def test_what_is_done_in_the_page_is_done_on_the_phone(
    page: aiohttp.ClientSession, bot: Bot, amina: Phone
) -> None:
    assert await do(page, amina, "say", "hallo, é") == 200
    assert await do(page, amina, f"edit?message={amina.messages[-1].id}", "hallo!") == 200
    assert await do(page, amina, "tap?message=1", "ja") == 200
    assert await do(page, amina, "photo?caption=flap") == 200
    assert await do(page, amina, "photo", sample_photo()) == 200
    assert await do(page, amina, "voice") == 200
    assert await do(page, amina, "voice?seconds=9", sample_voice()) == 200
    assert await do(page, amina, "voice?seconds=9", b"geen ogg") == 200
    assert await do(page, amina, "document?name=a.csv", b"x") == 200
    assert await do(page, amina, "sticker") == 200
    assert await do(page, amina, "block") == 200
    assert await do(page, amina, "start?payload=K7M4") == 200
    said = [update.effective_message for update in await bot.get_updates()]
    assert [message.text for message in said if message and message.text][:2] == ["hallo, é", "hallo!"]
    voices = [message.voice.duration for message in said if message and message.voice]
    assert voices == [timedelta(seconds=4), timedelta(seconds=4), timedelta(seconds=9)]
    assert amina.messages[-1].text == "/start K7M4"


async def test_what_cannot_be_done_is_told(page: aiohttp.ClientSession, amina: Phone) -> None:
    assert await do(page, amina, "photo", b"geen plaatje") == 409
    assert await do(page, amina, "edit?message=99", "x") == 409
    assert await do(page, amina, "say", " ") == 409
    assert await do(page, amina, "fly") == 404
    async with page.post("/phones/1/say", data="x") as answer:
        assert answer.status == 404


async def test_another_site_cannot_play_with_the_phones(page: aiohttp.ClientSession, amina: Phone) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    for address in (f"/phones/{amina.id}/say", "/phones", "/stage/controls/0"):
        async with page.post(address, data="x", headers=headers) as answer:
            assert answer.status == 403
    assert len(amina.messages) == 1


async def test_a_document_is_downloaded_under_its_name_and_a_picture_is_shown(
    page: aiohttp.ClientSession, bot: Bot, amina: Phone
) -> None:
    await bot.send_document(amina.id, b"<script>", filename="week 47 – é.html")
    async with page.get(f"/phones/{amina.id}/files/{amina.last.id}") as answer:
        assert await answer.read() == b"<script>"
        assert answer.headers["Content-Disposition"] == (
            "attachment; filename*=UTF-8''week%2047%20%E2%80%93%20%C3%A9.html"
        )
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    await bot.send_photo(amina.id, sample_photo())
    async with page.get(f"/phones/{amina.id}/files/{amina.last.id}") as answer:
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.headers["Content-Disposition"].startswith("inline")
    async with page.get(f"/phones/{amina.id}/files/1") as answer:
        assert answer.status == 404


async def test_a_new_phone_comes_from_the_page(page: aiohttp.ClientSession, events: Events, sandbox: Sandbox) -> None:
    await events.next("stage")
    async with page.post("/phones", data=orjson.dumps({"name": " Bilal ", "language": "en"})) as answer:
        assert answer.status == 200
    stage = await events.next("stage")
    assert isinstance(stage["phones"], list)
    assert [phone["name"] for phone in stage["phones"]] == ["Amina", "Bilal"]
    assert sandbox.phones[-1].person.language == "en"
    for body in (b'{"name": "  "}', b"[]", b"{"):
        async with page.post("/phones", data=body) as answer:
            assert answer.status == 409


async def test_a_stage_shows_its_clock_hint_and_controls(
    page: aiohttp.ClientSession, events: Events, sandbox: Sandbox, amina: Phone, clock: Clock
) -> None:
    async def next_hour() -> None:
        clock.move(timedelta(hours=1))

    sandbox.phone("Niet getoond")
    sandbox.stage = Stage(
        title="Terugblik",
        phones=[amina],
        controls=[Control("+1 uur", next_hour)],
        hint=lambda: f"het is {clock.now:%H}",
        clock=lambda: clock.now.astimezone(AMSTERDAM),
        language="en",
    )
    stage = await events.next("stage")
    while stage["title"] != "Terugblik":
        stage = await events.next("stage")
    assert (stage["clock"], stage["hint"], stage["language"]) == ("2026-11-23T07:00", "het is 06", "en")
    assert stage["controls"] == ["+1 uur"]
    assert stage["phones"] == [{"id": amina.id, "name": "Amina", "caption": ""}]
    async with page.post("/stage/controls/0") as answer:
        assert answer.status == 200
    assert (await events.next("stage"))["clock"] == "2026-11-23T08:00"
    async with page.post("/stage/controls/1") as answer:
        assert answer.status == 404


async def test_times_on_the_page_are_those_of_the_stage(
    sandbox: Sandbox, page: aiohttp.ClientSession, amina: Phone, clock: Clock
) -> None:
    sandbox.stage = Stage("T", [amina], clock=lambda: clock.now.astimezone(AMSTERDAM))
    async with page.get("/phones/events") as answer:
        news = await Events(answer).next("phone")
    assert isinstance(news["messages"], list)
    assert news["messages"][0]["on"] == "2026-11-23T07:00"
