"""Plays the week of the demo without a browser and checks every step."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import time, timedelta
from pathlib import Path

from rich.console import Console

from bot.demo.scene import Scene, fieldworker_opens_invitation, scene, staff_joins
from bot.run import loop_factory
from bot.sandbox import Phone, sample_photo, sample_voice
from bot.sandbox.messages import ChatMessage
from fieldwork.schedule import at

Step = tuple[str, Callable[[Scene], Coroutine[object, object, None]]]
TITLE = "Groen in de straat"


class Differs(Exception):
    """Something happened otherwise than the script says."""


def play(folder: Path) -> int:
    """Play the week; 0 where everything went by the script, 1 where a step differs."""
    console = Console(highlight=False, soft_wrap=True)
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        return runner.run(_play(folder, console))


async def _play(folder: Path, console: Console) -> int:
    async with scene(folder) as week:
        for name, step in STEPS:
            seen = [len(phone.messages) for phone in _phones(week)]
            try:
                await step(week)
            except (Differs, TimeoutError, LookupError) as difference:
                console.print(f"This step differs from the script: {difference}", style="red", markup=False)
                return 1
            console.print(f"\n── {week.local():%A %d %B, %H:%M} · {name}", style="bold")
            for phone, before in zip(_phones(week), seen, strict=True):
                _print(console, phone, before)
        console.print(f"\nWorkbook: {_workbook(week)}", markup=False)
    return 0


def _phones(week: Scene) -> tuple[Phone, Phone, Phone]:
    return week.amina, week.bram, week.carla


def _print(console: Console, phone: Phone, before: int) -> None:
    """What came into this chat, the person's own words to the right of their name."""
    for message in phone.messages[before:]:
        who = phone.person.first_name if message.mine else f"→ {phone.person.first_name}"
        console.print(f"{who:>9} │ ", end="", style="green" if message.mine else "cyan", markup=False)
        console.print(_readable(message.text or _attached(message)).replace("\n", "\n          │ "), markup=False)
        for row in message.buttons:
            console.print("          │ " + "  ".join(f"[{button.label}]" for button in row), style="dim", markup=False)


def _attached(message: ChatMessage) -> str:
    file = message.file
    return f"({file.name})" if file else "(sticker)"


def _readable(text: str) -> str:
    return text if len(text) <= 900 else text[:900] + " …"


async def _invitations(week: Scene) -> None:
    await staff_joins(week)
    await fieldworker_opens_invitation(week)


async def _consent(week: Scene) -> None:
    week.amina.tap(week.label("consent.ask"))
    await week.amina.wait_for("Wanneer wil je dat bericht krijgen?")
    week.amina.tap(week.label("consent.yes"))
    await week.amina.wait_for(week.say("consent.media"))
    week.amina.tap(week.label("consent.media"))
    await week.amina.wait_for(week.say("media.yes"))


async def _plan(week: Scene) -> None:
    code = await asyncio.to_thread(week.code_of, "Amina")
    week.bram.say(f"/plan {week.local():%d-%m} 16:00–17:30 | Overvecht | {TITLE} | {code}")
    await week.bram.wait_for(f"Veldwerkers: {code}")
    week.bram.tap(week.label("co.plan.confirm"))
    await week.bram.wait_for("Opgeslagen: 1")


async def _prompt(week: Scene) -> None:
    await week.ask_after_workshop()
    _expect(f"{week.local():%H:%M}", "17:45", "the time of the question")
    prompt = await week.amina.wait_for(f"Je was bij de workshop {TITLE} in Overvecht.")
    week.amina.tap(week.label("prompt.ask"), prompt)
    await week.amina.wait_for("Vraag 1 van 11")


async def _answers(week: Scene) -> None:
    amina = week.amina
    await _tap(amina, "1", "Vraag 2 van 11")
    await _tap(amina, "1", "Gekozen: Bewoners")
    await _tap(amina, "3", "Gekozen: Bewoners, Sociaal werk")
    await _tap(amina, "Klaar", "Vraag 3 van 11")
    await _tap(amina, "4", "Vraag 4 van 11")
    told = amina.say("Een oudere bewoner nam het woord. Ik luisterde en voelde rust.")
    await amina.wait_for("Ik heb je bericht.")
    amina.send_voice(sample_voice(), 3)
    await amina.wait_for("Ik heb 2 berichten van je gekregen.")
    await _tap(amina, "Klaar", "Vraag 5 van 11")
    amina.edit(told, "Een oudere bewoner nam het woord. Ik luisterde en het werd stil.")
    await amina.wait_for("Je antwoord op vraag 4 is nu: Een oudere bewoner")


async def _back(week: Scene) -> None:
    await _tap(week.amina, "Terug", "We gaan een vraag terug.")
    await _tap(week.amina, "Houden", "Vraag 5 van 11")


async def _more_answers(week: Scene) -> None:
    amina = week.amina
    await _tap(amina, "1", "Vraag 6 van 11")
    await _type(amina, "vier", "Vraag 7 van 11")
    await _type(amina, "2 en 5", "Vraag 8 van 11")
    await _tap(amina, "3", "Vraag 9 van 12")
    await _type(amina, "De corporatie wilde namen. Ik gaf alleen het aantal.", "Ik heb je bericht.")
    await _type(amina, "klaar", "Vraag 10 van 12")
    await _tap(amina, "4", "Vraag 11 van 12")
    await _type(amina, "Ik bel de corporatie over de lampen.", "Ik heb je bericht.")
    await _tap(amina, "Klaar", "Vraag 12 van 12")
    amina.send_photo(sample_photo(), "De flap van vandaag")
    await amina.wait_for("Klopt alles?")


async def _send(week: Scene) -> None:
    await _tap(week.amina, week.label("done.summary"), "Verstuurd. Dank je wel, Amina.")
    await week.rehearsal.app.at_rest()
    for file in ("voice-1.ogg", "photo-2.jpg"):
        kept = week.rehearsal.program.media / file
        _expect(str(kept.exists()), "True", f"that {file} is kept")


async def _status(week: Scene) -> None:
    week.bram.say("/status")
    await week.bram.wait_for("Utrecht, week 47")
    if "(100%)" not in week.bram.last.text:
        raise Differs("somebody is still busy after sending")


async def _monday(week: Scene) -> None:
    today = week.local().date()
    await week.rehearsal.forward_to(at(today + timedelta(days=7 - today.weekday()), time(7, 0), week.zone))
    _expect(str(_workbook(week).exists()), "True", "the weekly workbook")


async def _delivery(week: Scene) -> None:
    await week.rehearsal.forward(minutes=90)
    delivered = await week.bram.wait_for("Export klaar:")
    document = delivered.document
    if document is None or document.content != _workbook(week).read_bytes():
        raise Differs("the document sent to the coordinator is not the workbook that was made")
    await week.carla.wait_for("Weekbericht Crafting Resilience")
    await week.carla.until(lambda: any(message.photo for message in week.carla.messages))


async def _tap(phone: Phone, label: str, expected: str) -> None:
    phone.tap(label)
    await phone.wait_for(expected)


async def _type(phone: Phone, text: str, expected: str) -> None:
    phone.say(text)
    await phone.wait_for(expected)


def _expect(found: str, expected: str, what: str) -> None:
    if found != expected:
        raise Differs(f"{what}: found {found}, expected {expected}")


def _workbook(week: Scene) -> Path:
    return week.rehearsal.program.place.exports / "utrecht_2026-W47_wijkwerkplaats_reflectie.xlsx"


STEPS: tuple[Step, ...] = (
    ("invitations", _invitations),
    ("consent", _consent),
    ("a workshop is planned", _plan),
    ("the workshop is over", _prompt),
    ("answers by tap, text and voice, and an edited message", _answers),
    ("one question back", _back),
    ("the other answers, with a photo", _more_answers),
    ("sending", _send),
    ("the coordinator looks", _status),
    ("Monday, seven o'clock", _monday),
    ("half past eight: workbook and summary", _delivery),
)
