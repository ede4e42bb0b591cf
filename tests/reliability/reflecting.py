"""A whole reflection on phones, from the invitation to the export, phase by phase, by people who do not give up."""

import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from bot.rehearsal import Rehearsal
from bot.sandbox import ChatMessage, Phone
from bot.sandbox.methods.receiving import set_webhook
from bot.sandbox.parameters import Parameters
from bot.sandbox.photos import sample_photo
from fieldwork.people import Grant, Role
from fieldwork.taps import Key, read_key
from tests.e2e.town import FIRST_END, Town, local

LOOKS = 4
"""How often somebody looks again before they write to the bot themselves."""
ATTEMPTS = 5
_LATER = timedelta(minutes=6)
"""Longer than any backoff."""

PHASES = (
    "start",
    "joining",
    "prompt",
    "first question",
    "multi",
    "scale",
    "text",
    "voice",
    "photo",
    "summary",
    "sent",
    "reminder",
    "export",
    "webhook left",
)

_CONSENT = (
    ("consent.ask", "Wanneer wil je dat"),
    ("consent.yes", "Mag ik ook foto's"),
    ("consent.media", "Foto's en spraakberichten mogen ook"),
)
"""What is pressed, and what comes then."""


class Stuck(Exception):
    """Somebody waits for something that never comes."""


@dataclass
class Reflecting:
    """Two fieldworkers and a coordinator; `disturbed` is entered around each phase."""

    town: Town
    disturbed: Callable[[str], AbstractContextManager[None]] = field(default=lambda phase: nullcontext())
    read: dict[str, set[str]] = field(default_factory=dict)
    """How everything began that each of them ever read."""
    news: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    """What of it each phase brought."""
    nudges: int = 0

    @property
    def play(self) -> Rehearsal:
        """The bot they talk to."""
        return self.town.play

    async def all(self) -> None:
        """Every phase, in order."""
        phones = [self.play.phone(name) for name in ("Amina", "Chris", "Bram")]
        for phase, act in self._acts(*phones):
            before = {name: set(read) for name, read in self.read.items()}
            with self.disturbed(phase):
                await act()
                await self._settled()
            self.news[phase] = {name: read - before.get(name, set()) for name, read in self.read.items()}
        for phone in phones:
            phone.say("/help")
        for _ in range(6):
            await self._later()
        await self._settled()

    def _acts(self, amina: Phone, chris: Phone, bram: Phone) -> Iterator[tuple[str, Callable[[], Awaitable[None]]]]:
        yield "joining", lambda: self._join(amina, chris, bram)
        yield "prompt", lambda: self._be_asked(amina)
        yield "first question", lambda: self._tap_through(amina, 1, "choose")
        yield "multi", lambda: self._tick(amina, 2)
        yield "scale", lambda: self._type(amina, 3, "4")
        yield "text", lambda: self._tell(amina, "We maakten de tuin groen.")
        yield "voice", lambda: self._speak(amina)
        for number in range(5, 11):
            yield "", self._quietly(amina, number)
        yield "photo", lambda: self._photograph(amina)
        yield "summary", lambda: self._send(amina)
        yield "sent", lambda: self._amend(amina)
        yield "", lambda: self._wants_it_tidy("Chris")
        yield "reminder", lambda: self._remind(chris)
        yield "export", lambda: self._export(bram)
        yield "webhook left", lambda: self._push_elsewhere(amina)

    # ---- the phases

    async def _join(self, amina: Phone, chris: Phone, bram: Phone) -> None:
        for phone, name in ((amina, "Amina"), (chris, "Chris")):
            await self._accept(phone, await self.play.invite(Grant(Role.FIELDWORKER, "utrecht"), name))
        invitation = await self.play.invite(Grant(Role.COORDINATOR, "utrecht"), "Bram")
        await self._until(bram, lambda: bram.start(invitation), "/export")
        self.town.workshop("Amina", "Chris", ends_on=FIRST_END)

    async def _accept(self, phone: Phone, invitation: str) -> None:
        await self._until(phone, partial(phone.start, invitation), "Doe je mee?")
        for key, expected in _CONSENT:
            await self._until(phone, self._presses(phone, key), expected)

    async def _be_asked(self, amina: Phone) -> None:
        since = amina.chat.revision
        await self.play.forward_to(FIRST_END + timedelta(minutes=15))
        await self._until(amina, lambda: None, "Groen", since)
        await self._until(amina, self._taps(amina, "start"), "Vraag 1 van")

    async def _tap_through(self, phone: Phone, number: int, act: str) -> None:
        await self._until(phone, self._taps(phone, act, number), f"Vraag {number + 1} van")

    def _quietly(self, phone: Phone, number: int) -> Callable[[], Awaitable[None]]:
        return lambda: self._tap_through(phone, number, "skip")

    async def _tick(self, phone: Phone, number: int) -> None:
        self._taps(phone, "on", number)()
        await self._settled()
        await self._until(phone, self._taps(phone, "done", number), f"Vraag {number + 1} van")

    async def _type(self, phone: Phone, number: int, words: str) -> None:
        await self._until(phone, lambda: phone.say(words), f"Vraag {number + 1} van")

    async def _tell(self, phone: Phone, words: str) -> None:
        since = phone.chat.revision
        phone.say(words)
        await self._seen(phone, lambda one: "Ik heb je bericht." in one.text, since)

    async def _speak(self, phone: Phone) -> None:
        phone.send_voice(b"OggS" + bytes(500), 7)
        await self._settled()
        await self._until(phone, self._taps(phone, "done", 4), "Vraag 5 van")

    async def _photograph(self, phone: Phone) -> None:
        since = phone.chat.revision
        phone.send_photo(sample_photo())
        await self._until(phone, lambda: None, "Klopt alles?", since)

    async def _send(self, phone: Phone) -> None:
        since = phone.chat.revision
        self._taps(phone, "send")()
        await self._seen(phone, lambda one: "Verstuurd." in one.text, since)

    async def _amend(self, phone: Phone) -> None:
        """An answer is changed after sending, by editing the message that held it; nobody asks whether it was."""
        message = next(one for one in phone.messages if one.mine and one.text == "4")
        since = phone.chat.revision
        phone.edit(message.id, "5")
        await self._seen(phone, lambda one: "is nu: 5" in one.text, since)

    async def _wants_it_tidy(self, name: str) -> None:
        self.town.run("UPDATE person SET tidies = 1 WHERE id = :id", id=self.town.person(name))

    async def _remind(self, phone: Phone) -> None:
        since = phone.chat.revision
        await self.play.forward_to(local(19, 18))
        await self._until(phone, lambda: None, "Groen", since)
        await self._until(phone, self._taps(phone, "start"), "Vraag 1 van")
        await self._until(phone, self._taps(phone, "choose", 1, last=True), "Klopt alles?")
        await self._until(phone, self._taps(phone, "send"), "Verstuurd.")

    async def _export(self, phone: Phone) -> None:
        await self._until(phone, lambda: phone.say("/export"), "Welke periode")
        pick = self._taps(phone, "export", last=True)
        await self._until(phone, lambda: pick() or phone.say("/export"), lambda one: one.document is not None)

    async def _push_elsewhere(self, phone: Phone) -> None:
        """Somebody lets Telegram push to where nothing listens."""
        await set_webhook(self.play.sandbox.world, Parameters({"url": "http://127.0.0.1:9/"}))
        await self._until(phone, lambda: phone.say("/help"), "Dit kun je doen")

    # ---- how people go about it

    async def _until(
        self,
        phone: Phone,
        act: Callable[[], object],
        wanted: str | Callable[[ChatMessage], bool],
        since: int | None = None,
    ) -> None:
        """Act and look; after a while write to the bot, and act again if what is wanted is still not there."""
        fits = (lambda message: wanted in message.text) if isinstance(wanted, str) else wanted
        before = phone.chat.revision if since is None else since
        for _ in range(ATTEMPTS):
            act()
            if await self._seen(phone, fits, before):
                return
            self.nudges += 1
            phone.say("/start")
            if await self._seen(phone, fits, before):
                return
        raise Stuck(f"{phone.person.first_name} waits for {wanted}")

    async def _seen(self, phone: Phone, fits: Callable[[ChatMessage], bool], since: int) -> bool:
        """Look for a while; whether it came."""
        for _ in range(LOOKS):
            await self._settled()
            if any(fits(one) for one in phone.messages if not one.mine and one.revision > since):
                return True
            await self._later()
        return False

    async def _later(self) -> None:
        await self.play.jump_to(self.play.clock.now() + _LATER)

    async def _settled(self) -> None:
        await self.town.settled()
        for phone in self.play.sandbox.phones:
            self.read.setdefault(phone.person.first_name, set()).update(_said(phone))

    def _taps(self, phone: Phone, act: str, number: int = 0, *, last: bool = False) -> Callable[[], bool]:
        """Taps the newest button that does this, under the question of that number; whether there is one."""

        def tap() -> bool:
            for message in reversed(phone.messages):
                keys = [key for key in _keys(message) if key.act == act]
                if keys and (act == "done" or not number or f"Vraag {number} van" in message.text):
                    phone.tap_data(str(keys[-1 if last else 0]), message)
                    return True
            return False

        return tap

    def _presses(self, phone: Phone, key: str) -> Callable[[], None]:
        label = self.play.program.texts.buttons(key, "nl")[0]

        def press() -> None:
            for message in reversed(phone.messages):
                for button in (button for row in message.buttons for button in row):
                    if button.label == label and button.data:
                        phone.tap_data(button.data, message)
                        return

        return press


def _keys(message: ChatMessage) -> list[Key]:
    data = [button.data for row in message.buttons for button in row if button.data]
    return [key for key in map(read_key, data) if key is not None]


_CHANCE = re.compile(r"\d{1,2}[:.]\d\d|\b[A-Z]\d[A-Z]\d\b")
"""Times and people's codes."""


def _said(phone: Phone) -> set[str]:
    """How everything begins that the bot has said and still stands on a phone."""
    said = [message for message in phone.messages if not message.mine]
    return {_CHANCE.sub("…", (message.text or "(file)").split("\n")[0]) for message in said}
