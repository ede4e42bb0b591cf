"""The page with the phones, and the endpoints it lives on."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import tzinfo
from importlib.resources import files
from urllib.parse import quote

import orjson
from aiohttp import web

from bot.sandbox.phone import Phone
from bot.sandbox.phone_actions import ACTIONS
from bot.sandbox.stage import Stage
from bot.sandbox.views import PhoneWatch, stage_view
from bot.sandbox.world import World

# Often enough that the clock on the page is never more than this many seconds late.
HEARTBEAT = 15
PAGES = {
    "": ("index.html", "text/html"),
    "style.css": ("style.css", "text/css"),
    "icon.svg": ("icon.svg", "image/svg+xml"),
    **{f"{name}.js": (f"{name}.js", "text/javascript") for name in ("app", "phone", "message", "dom", "texts")},
}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
# These are drawn by the page; everything else is a download.
SHOWN = ("image/jpeg", "image/png", "audio/ogg", "audio/mpeg", "video/mp4", "video/webm")

_log = logging.getLogger(__name__)


class PageRoutes:
    """Serves the page, streams changes to it, and does what is tapped on it."""

    def __init__(self, world: World, new_phone: Callable[..., Phone], all_phones: Callable[[], list[Phone]]) -> None:
        self.stage: Stage | None = None
        self._world = world
        self._new_phone = new_phone
        self._all_phones = all_phones
        self._newcomers: list[Phone] = []
        self._closed = False
        self._one_at_a_time = asyncio.Lock()

    def routes(self) -> list[web.AbstractRouteDef]:
        """The addresses of the page."""
        return [
            web.get("/{name:[a-z.]*}", self.page),
            web.get("/phones/events", self.events),
            web.get(r"/phones/{phone:\d+}/files/{message:\d+}", self.file),
            web.post("/phones", self.add),
            web.post(r"/phones/{phone:\d+}/{action:[a-z-]+}", self.act),
            web.post(r"/stage/controls/{number:\d+}", self.control),
        ]

    def close(self) -> None:
        """Ends all streams."""
        self._closed = True
        self._world.changes.fire()

    async def page(self, request: web.Request) -> web.Response:
        """One of the page's own files."""
        if request.match_info["name"] not in PAGES:
            raise web.HTTPNotFound
        name, content_type = PAGES[request.match_info["name"]]
        body = files("bot.sandbox").joinpath("page", name).read_bytes()
        return web.Response(body=body, content_type=content_type, charset="utf-8", headers=HEADERS)

    # ---- streaming

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: the stage, and every phone's changes."""
        stream = web.StreamResponse(headers={**HEADERS, "Content-Type": "text/event-stream"})
        await stream.prepare(request)
        watches: dict[int, PhoneWatch] = {}
        told = b""
        try:
            while not self._closed:
                seen = self._world.changes.count
                stage = self._stage_event()
                news = [stage] if stage != told else []
                await stream.write(b"".join([*news, *self._news(watches)]) or b": still here\n\n")
                told = stage
                await self._change_or_heartbeat(seen)
        except ConnectionError:
            _log.debug("a page went away")
        return stream

    def _news(self, watches: dict[int, PhoneWatch]) -> list[bytes]:
        zone = self._zone(self._stage())
        events = []
        for phone in self._phones():
            watch = watches.setdefault(phone.id, PhoneWatch(phone))
            if news := watch.news(self._description(phone), zone):
                events.append(_event("phone", news))
        return events

    def _stage_event(self) -> bytes:
        bot = self._world.bot
        return _event("stage", stage_view(self._stage(), self._phones(), bot.first_name, bot.username))

    async def _change_or_heartbeat(self, seen: int) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(HEARTBEAT):
                await self._world.changes.beyond(seen)

    def _stage(self) -> Stage:
        return self.stage or Stage(f"{self._world.bot.first_name} – sandbox", self._all_phones())

    def _phones(self) -> list[Phone]:
        shown = self._stage().phones
        return [*shown, *(phone for phone in self._newcomers if phone not in shown)]

    def _zone(self, stage: Stage) -> tzinfo | None:
        return (stage.clock() if stage.clock else self._world.now().astimezone()).tzinfo

    def _description(self, phone: Phone) -> str:
        told = self._world.descriptions
        return told.get(("description", phone.person.language), "") or told.get(("description", ""), "")

    # ---- doing

    def _refuse_other_sites(self, request: web.Request) -> None:
        """A page on another site must not play with the phones of this one."""
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
            raise web.HTTPForbidden

    async def add(self, request: web.Request) -> web.Response:
        """A new phone from the page's small form."""
        self._refuse_other_sites(request)
        wanted = _object(await request.read())
        name = str(wanted.get("name", "")).strip()[:40]
        if not name:
            return _trouble("a phone needs the first name of its owner")
        language = "en" if wanted.get("language") == "en" else "nl"
        phone = self._new_phone(first_name=name, language=language)
        self._newcomers.append(phone)
        self._world.changes.fire()
        return _json({"id": phone.id})

    async def act(self, request: web.Request) -> web.Response:
        """What a person does on a phone."""
        self._refuse_other_sites(request)
        phone, action = self._phone(request), ACTIONS.get(request.match_info["action"])
        if action is None:
            raise web.HTTPNotFound
        body = await request.read()
        try:
            action(phone, dict(request.query), body)
        except (LookupError, ValueError, RuntimeError) as error:
            return _trouble(str(error))
        return _json({})

    async def control(self, request: web.Request) -> web.Response:
        """One tap on a control of the stage; a second one waits for the first."""
        self._refuse_other_sites(request)
        controls, number = self._stage().controls, int(request.match_info["number"])
        if number >= len(controls):
            raise web.HTTPNotFound
        async with self._one_at_a_time:
            await controls[number].action()
        self._world.changes.fire()
        return _json({})

    async def file(self, request: web.Request) -> web.Response:
        """What is attached to a message."""
        message = self._phone(request).chat.messages.get(int(request.match_info["message"]))
        file = message.file if message else None
        if file is None:
            raise web.HTTPNotFound
        shown = "inline" if file.content_type in SHOWN else "attachment"
        headers = {
            "Content-Type": file.content_type,
            "Content-Disposition": f"{shown}; filename*=UTF-8''{quote(file.name)}",
        }
        return web.Response(body=file.content, headers={**HEADERS, **headers})

    def _phone(self, request: web.Request) -> Phone:
        wanted = int(request.match_info["phone"])
        phone = next((phone for phone in self._phones() if phone.id == wanted), None)
        if phone is None:
            raise web.HTTPNotFound
        return phone


def _event(name: str, content: dict[str, object]) -> bytes:
    return b"event: " + name.encode() + b"\ndata: " + orjson.dumps(content) + b"\n\n"


def _object(body: bytes) -> dict[str, object]:
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _json(content: dict[str, object], status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(content), status=status, content_type="application/json", headers=HEADERS)


def _trouble(words: str) -> web.Response:
    return _json({"error": words}, status=409)
