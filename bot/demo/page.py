"""Serves the demo's page of phones, or the sandbox alone, until it is stopped."""

import asyncio
import socket
from collections.abc import Coroutine
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Literal

from rich.console import Console

from bot.clock import system_now
from bot.demo.scene import Scene, fieldworker_opens_invitation, scene, staff_joins
from bot.logs import speak_quietly
from bot.run import loop_factory
from bot.sandbox.server import Sandbox
from bot.sandbox.stage import Control, Stage
from fieldwork.schedule import at, next_at

Language = Literal["nl", "en"]
_CONTROLS = {
    "nl": ("Workshop is afgelopen", "Volgende ochtend", "Maandag 07:00", "+1 uur"),
    "en": ("Workshop is over", "Next morning", "Monday 07:00", "+1 hour"),
}
_HINTS = {
    "nl": {
        "consent": "tik bij Amina op ‘Ja, ik doe mee’.",
        "timing": "kies bij Amina wanneer ze het bericht wil krijgen.",
        "media": "zeg bij Amina of foto's en spraakberichten mogen.",
        "workshop": "tik hierboven op ‘Workshop is afgelopen’.",
        "start": "tik bij Amina op ‘Start’.",
        "answer": "tik of typ antwoorden, stuur een foto of spraakbericht, pas een bericht aan, tik ‘Terug’.",
        "send": "tik bij Amina op ‘Ja, versturen’.",
        "monday": "tik hierboven op ‘Maandag 07:00’ en dan twee keer op ‘+1 uur’.",
        "free": "open het werkboek bij Bram, lees het weekbericht bij Carla, of probeer /status, /plan en /export.",
    },
    "en": {
        "consent": "on Amina's phone, tap ‘Yes, I take part’.",
        "timing": "on Amina's phone, choose when she wants the message.",
        "media": "on Amina's phone, say whether photos and voice messages are fine.",
        "workshop": "tap ‘Workshop is over’ above.",
        "start": "on Amina's phone, tap ‘Start’.",
        "answer": "tap or type answers, send a photo or a voice note, edit a message, tap ‘Back’.",
        "send": "on Amina's phone, tap ‘Yes, send’.",
        "monday": "tap ‘Monday 07:00’ above, and then ‘+1 hour’ twice.",
        "free": "open Bram's workbook, read Carla's summary, or try /status, /plan and /export.",
    },
}


def serve_demo(folder: Path, port: int, language: Language) -> None:
    """Run the demo until it is interrupted."""
    speak_quietly()
    _run(_demo(folder, port, language))


def usual_or_free(port: int) -> int:
    """The port, or 0 for any that is free where another program listens on it."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            return 0
    return port


def serve_sandbox(port: int) -> None:
    """Run the sandbox alone until it is interrupted."""
    speak_quietly()
    _run(_sandbox(port))


def _run(serving: Coroutine[object, object, None]) -> None:
    try:
        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            runner.run(serving)
    except KeyboardInterrupt:
        return


async def _demo(folder: Path, port: int, language: Language) -> None:
    async with scene(folder, port=port, language=language) as play:
        await staff_joins(play)
        code = await fieldworker_opens_invitation(play)
        await play.plan("Groen in de straat", code, at(play.local().date(), time(16, 0), play.zone))
        play.rehearsal.sandbox.stage = _stage(play, language)
        _announce(play.rehearsal.sandbox.url, f"Files: {folder}")
        await asyncio.Event().wait()


async def _sandbox(port: int) -> None:
    async with Sandbox(system_now, port) as sandbox:
        _announce(sandbox.url, f"TELEGRAM_API_URL={sandbox.url}", f"TELEGRAM_BOT_TOKEN={sandbox.token}")
        await asyncio.Event().wait()


def _announce(address: str, *more: str) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for line in (f"Open {address}", *more, "Stop with Ctrl+C."):
        console.print(line, markup=False)


def _stage(play: Scene, language: Language) -> Stage:
    over, morning, monday, hour = _CONTROLS[language]
    return Stage(
        title=play.rehearsal.program.study.name,
        phones=(play.amina, play.bram, play.carla),
        controls=(
            Control(over, play.ask_after_workshop),
            Control(
                morning, lambda: play.rehearsal.forward_to(next_at(play.rehearsal.clock.now(), time(8, 30), play.zone))
            ),
            Control(monday, lambda: play.rehearsal.forward_to(_next_monday(play))),
            Control(hour, lambda: play.rehearsal.forward(hours=1)),
        ),
        hint=lambda: _HINTS[language][_next_step(play)],
        clock=play.local,
        language=language,
        newcomers=False,
    )


def _next_monday(play: Scene) -> datetime:
    today = play.local().date()
    monday = at(today - timedelta(days=today.weekday()), time(7, 0), play.zone)
    return monday if monday > play.rehearsal.clock.now() else monday + timedelta(days=7)


def _next_step(play: Scene) -> str:
    """What has not been tried yet, read off the phones."""
    if any(message.document for message in play.bram.messages):
        return "free"
    waiting = [message for message in play.amina.messages if message.buttons]
    if not waiting:
        return "monday" if any(play.label("prompt.ask") in m.text for m in play.amina.messages) else "workshop"
    labels = {button.label for row in waiting[-1].buttons for button in row}
    steps = {"consent.ask": "consent", "consent.yes": "timing", "consent.media": "media", "prompt.ask": "start"}
    steps["done.summary"] = "send"
    return next((step for key, step in steps.items() if play.label(key) in labels), "answer")
