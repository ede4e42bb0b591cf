"""What the bot calls besides a reflection, phase by phase, where updates are pushed: groups, menus, files, webhooks."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path

from bot.sandbox import ChatMessage, Group, Phone
from bot.sandbox.methods.receiving import delete_webhook
from bot.sandbox.parameters import Parameters
from bot.sandbox.photos import sample_photo
from fieldwork.messages import Attachment, Button, Menu, Outgoing, Say
from fieldwork.people import Grant, Role
from storage import outbox
from tests.reliability.reflecting import ATTEMPTS, LOOKS, Reflecting, Stuck
from tests.telegram.telegram_parts import until

BESIDES = (
    "pushed start",
    "pushed joining",
    "group",
    "menu",
    "picture",
    "caption",
    "recording",
    "document",
    "forgotten webhook",
)
_LOOKED = "getWebhookInfo"


class Besides(Reflecting):
    """Somebody who joins, brings the bot into a group, and is sent everything that can be sent."""

    _row = 0

    def _acts(self, amina: Phone, chris: Phone, bram: Phone) -> Iterator[tuple[str, Callable[[], Awaitable[None]]]]:
        picture, recording = self._file("a picture.png", sample_photo()), self._file("words.oga", b"OggS" + bytes(500))
        document = self._file("week 47.txt", b"inhoud")
        buttons = ((Button("Gezien", "d:1:0:nothing:"),),)
        yield "pushed joining", lambda: self._take_part(amina, "Amina")
        yield "group", lambda: self._bring_into_a_group(amina)
        yield "menu", lambda: self._sent(amina, Menu(()), lambda: amina.commands == ())
        photo = Say("Kijk.", buttons, Attachment(str(picture), "a picture.png", "photo"))
        yield "picture", lambda: self._sent(amina, photo, self._stands(amina, lambda one: one.photo is not None))
        yield "caption", lambda: self._captioned(amina)
        voice = Say("Luister.", (), Attachment(str(recording), "words.oga", "voice"))
        yield "recording", lambda: self._sent(amina, voice, self._stands(amina, lambda one: one.voice is not None))
        file = Say("Lees.", (), Attachment(str(document), "week 47.txt"))
        yield "document", lambda: self._sent(amina, file, self._stands(amina, lambda one: one.document is not None))
        yield "forgotten webhook", lambda: self._be_forgotten(amina)

    def _file(self, name: str, content: bytes) -> Path:
        path = self.play.program.place.exports / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        return path

    async def _take_part(self, amina: Phone, name: str) -> None:
        await self._accept(amina, await self.play.invite(Grant(Role.FIELDWORKER, "utrecht"), name))

    async def _bring_into_a_group(self, amina: Phone) -> None:
        group = self.play.sandbox.group("Wijkteam", amina)
        await self._come_to(lambda: None, lambda: group.chat.standing == "left", amina, group)
        texts = {message.text.split("\n")[0] for message in group.messages if not message.mine}
        self.read.setdefault("the group", set()).update(texts)

    async def _sent(self, phone: Phone, outgoing: Outgoing, arrived: Callable[[], bool]) -> None:
        """Say it as a handler does, and once more where nothing comes of it."""

        def write() -> None:
            with self.play.in_transaction() as tx:
                self._row = outbox.write(tx, f"telegram:{phone.id}", outgoing, now=self.play.clock.now())
            self.play.app.wake()

        await self._come_to(write, arrived, phone)

    async def _captioned(self, phone: Phone) -> None:
        """The words under the picture change."""
        row = self._row

        def write() -> None:
            with self.play.in_transaction() as tx:
                outbox.write(tx, "", Say("Gezien."), now=self.play.clock.now(), edit_of=row)
            self.play.app.wake()

        changed = self._stands(phone, lambda one: one.photo is not None and one.text == "Gezien." and not one.buttons)
        await self._come_to(write, changed, phone)

    async def _be_forgotten(self, phone: Phone) -> None:
        """Telegram pushes no longer, and is told again where to."""
        calls = self.play.sandbox.calls
        await delete_webhook(self.play.sandbox.world, Parameters({}))
        asked = len(calls.of(_LOOKED))
        await self._until(phone, lambda: phone.say("/help"), "Dit kun je doen")
        await until(lambda: len(calls.of(_LOOKED)) >= asked + 3)

    async def _come_to(
        self, act: Callable[[], None], holds: Callable[[], bool], phone: Phone, where: Group | None = None
    ) -> None:
        """Act and look for a while; where it is not so, write to the bot, there, and act and look again."""
        for _ in range(ATTEMPTS):
            act()
            for _ in range(LOOKS):
                await self._settled()
                if holds():
                    return
                await self._later()
            self.nudges += 1
            await self.play.jump_to(self.play.clock.now() + timedelta(hours=1))
            phone.say("/start", where)
            await self._settled()
        raise Stuck("somebody waits for something that is not said")

    def _stands(self, phone: Phone, fits: Callable[[ChatMessage], bool]) -> Callable[[], bool]:
        return lambda: any(fits(one) for one in phone.messages if not one.mine)
