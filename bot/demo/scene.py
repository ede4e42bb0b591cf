"""The week of the demo: who is in it, when it begins, and how it is set up."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.clock import MovableClock, system_now
from bot.demo.seed import seed
from bot.rehearsal import Rehearsal, rehearsal
from bot.sandbox.phone import Phone
from fieldwork.people import Grant, Role
from fieldwork.planning import PlannedWorkshop, Span
from handlers.workshops.planning import save
from storage import people, prompts

BEGINS_ON = datetime(2026, 11, 19, 14, 0, tzinfo=UTC)
"""A Thursday, three in the afternoon in the Netherlands."""
CITY = "utrecht"
LINE = "L1"


@dataclass(frozen=True, slots=True)
class Scene:
    """A rehearsal with three phones on it."""

    rehearsal: Rehearsal
    amina: Phone
    bram: Phone
    carla: Phone
    language: str

    @property
    def zone(self) -> ZoneInfo:
        """The study's time zone."""
        return self.rehearsal.program.study.timezone

    def local(self) -> datetime:
        """The time on the demo's clocks."""
        return self.rehearsal.clock.now().astimezone(self.zone)

    def say(self, key: str, **blanks: object) -> str:
        """A text of the bot, to recognise it by."""
        return self.rehearsal.program.texts.say(key, self.language, **blanks)

    def label(self, key: str, place: int = 0, **blanks: object) -> str:
        """A button's label."""
        return self.rehearsal.program.texts.buttons(key, self.language, **blanks)[place]

    async def ask_after_workshop(self) -> None:
        """Put the clock to the next moment at which somebody is asked about a workshop."""
        due_on = await asyncio.to_thread(self._next_prompt_on)
        if due_on is not None:
            await self.rehearsal.forward_to(due_on)

    async def plan(self, title: str, code: str, starts_on: datetime) -> None:
        """Plan a workshop with these people, as a coordinator did before the demo begins."""
        await asyncio.to_thread(self._plan, title, code, starts_on)

    def code_of(self, name: str) -> str:
        """The code of the newest person in the city with this name."""
        with self.rehearsal.in_transaction() as tx:
            team = people.with_role(tx, Role.FIELDWORKER, CITY)
            newest = max((one for one in team if people.name_of(tx, one.id) == name), key=lambda one: one.id)
        return newest.code

    def _next_prompt_on(self) -> datetime | None:
        with self.rehearsal.in_transaction() as tx:
            return prompts.next_planned_on(tx)

    def _plan(self, title: str, code: str, starts_on: datetime) -> None:
        desk = self.rehearsal.app.desk()
        span = Span(starts_on, starts_on + timedelta(minutes=90))
        with self.rehearsal.in_transaction() as tx:
            save(tx, desk, desk.city(CITY), PlannedWorkshop(span, "Overvecht", title, (code,)), None)


@asynccontextmanager
async def scene(folder: Path, *, port: int = 0, language: str = "nl") -> AsyncIterator[Scene]:
    """The week on a fresh database: past weeks are there, nobody has pressed Start yet."""
    clock = MovableClock(system_now, BEGINS_ON)
    async with rehearsal(folder, clock, port=port, prepared=seed) as play:
        yield Scene(
            play,
            amina=play.phone("Amina", _captions(language)[0], language),
            bram=play.phone("Bram", _captions(language)[1], language),
            carla=play.phone("Carla", _captions(language)[2], language),
            language=language,
        )


async def staff_joins(scene: Scene) -> None:
    """The coordinator and the investigator open their invitations."""
    play = scene.rehearsal
    scene.bram.start(await play.invite(Grant(Role.COORDINATOR, CITY), "Bram"))
    await scene.bram.wait_for("/export")
    scene.carla.start(await play.invite(Grant(Role.INVESTIGATOR, line=LINE), "Carla"))
    await scene.carla.wait_for("/digest")


async def fieldworker_opens_invitation(scene: Scene) -> str:
    """The fieldworker opens hers and is asked for consent; her code."""
    scene.amina.start(await scene.rehearsal.invite(Grant(Role.FIELDWORKER, CITY), "Amina"))
    await scene.amina.until(lambda: any(message.buttons for message in scene.amina.messages))
    return await asyncio.to_thread(scene.code_of, "Amina")


def _captions(language: str) -> tuple[str, str, str]:
    if language == "en":
        return ("fieldworker in Utrecht", "coordinator of Utrecht", "principal investigator")
    return ("veldwerker in Utrecht", "coördinator van Utrecht", "hoofdonderzoeker")
