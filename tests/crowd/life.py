"""Some days of a town in which people do anything at any moment; the same steps always come to the same life."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random

from bot.rehearsal import rehearsal
from bot.sandbox import Phone, Sandbox, sample_photo, sample_voice
from bot.sandbox.oddities import ODDITIES
from bot.telegram.channel import TelegramChannel
from fieldwork.planning import PlannedWorkshop, Span
from fieldwork.taps import read_key
from handlers.desk import Desk
from handlers.workshops import replanning
from handlers.workshops.planning import save
from storage import workshops
from storage.database import snapshot
from storage.tx import Tx
from tests.crowd.promises import Promises, data_of, has_begun, is_live
from tests.crowd.sayings import COMMANDS, WORDS
from tests.crowd.wire import Wire
from tests.e2e.town import FIRST_END, Town, lay_down, stopped_clock

_NAMES = ("Amina", "Bea")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens; what exactly follows from its own chance, so that steps before it may be left out."""

    number: int
    kind: str
    chance: int


def steps(seed: int, count: int) -> list[Step]:
    """So many steps that follow from the seed."""
    random = Random(seed)
    names, weights = list(KINDS), [weight for weight, _ in KINDS.values()]
    return [Step(number, random.choices(names, weights)[0], random.getrandbits(32)) for number in range(1, count + 1)]


@dataclass
class Life:
    """The town, its people's phones, and the promises they are watched by."""

    folder: Path
    sandbox: Sandbox
    town: Town
    wire: Wire
    phones: list[Phone]
    promises: Promises
    random: Random = field(default_factory=lambda: Random(1))
    number: int = 0
    seen: list[tuple[Phone, str, int]] = field(default_factory=list)
    """Every button there ever was."""
    restart: Callable[[], object] = lambda: None

    def phone(self) -> Phone:
        """Somebody whose chat is open."""
        return self.random.choice(self.phones)

    def token(self) -> str:
        """Words that nobody used before."""
        return f"woord{self.number}x{self.random.randrange(1000)}"

    def buttons(self, phone: Phone) -> list[tuple[str, int]]:
        """What can be tapped under the newest message that has buttons."""
        message = next((one for one in reversed(phone.messages) if one.buttons and not one.mine), None)
        return [] if message is None else data_of(message)

    def workshop_ids(self) -> list[int]:
        """What is planned."""
        return [int(row["id"]) for row in self.town.rows("SELECT id FROM workshop WHERE state = 'planned'")]

    async def settle(self) -> None:
        """Wait until the bot has nothing left to fetch, to handle or to say."""
        while True:
            if self.wire.is_listening and not any(self.sandbox.world.updates.waiting()):
                break
            await asyncio.sleep(0)
        await self.town.play.app.at_rest()

    def note_buttons(self) -> None:
        """Remember what could be tapped, to tap it when it is old."""
        for phone in self.phones:
            self.seen.extend((phone, data, message) for data, message in self.buttons(phone))
        del self.seen[:-400]


def _tap(life: Life) -> None:
    phone = life.phone()
    if found := life.buttons(phone):
        # Mostly ahead: only who wants to leave goes to the end of the buttons.
        data, message = life.random.choice(found if life.random.random() < 0.4 else found[:4])
        life.promises.expect_tap(phone, data)
        phone.tap_data(data, message)


def _tap_twice(life: Life) -> None:
    phone = life.phone()
    if found := life.buttons(phone):
        data, message = life.random.choice(found)
        phone.tap_data(data, message)
        phone.tap_data(data, message)


def _tap_old(life: Life) -> None:
    if life.seen:
        phone, data, message = life.random.choice(life.seen)
        life.promises.expect_tap(phone, data)
        phone.tap_data(data, message, inaccessible=life.random.random() < 0.3)


def _tap_anothers(life: Life) -> None:
    """A button that was put to somebody else, sent as one's own."""
    if life.seen:
        phone, data, message = life.random.choice(life.seen)
        other = next(one for one in life.phones if one is not phone)
        life.promises.expect_nothing_of(phone)
        other.tap_data(data, message)


def _tell(life: Life) -> None:
    phone, words = life.phone(), life.token()
    life.promises.expect_words(phone, words)
    phone.say(words)


def _word(life: Life) -> None:
    life.phone().say(life.random.choice(WORDS))


def _label(life: Life) -> None:
    phone = life.phone()
    labels = [label for message in phone.messages[-3:] for row in message.labels for label in row]
    if labels:
        phone.say(life.random.choice(labels))


def _command(life: Life) -> None:
    life.phone().say(life.random.choice(COMMANDS))


def _edit(life: Life) -> None:
    phone = life.phone()
    own = [message for message in phone.messages if message.mine and (message.text or message.photo)]
    if own:
        words = life.random.choice((life.token(), life.token(), life.random.choice(WORDS[:14])))
        message = life.random.choice(own[-12:]).id
        if words not in WORDS:
            life.promises.expect_edit(phone, message, words)
        phone.edit(message, words)


def _voice(life: Life) -> None:
    life.phone().send_voice(sample_voice(), 3)


def _photo(life: Life) -> None:
    phone = life.phone()
    for _ in range(life.random.choice((1, 1, 3))):
        phone.send_photo(sample_photo(), life.random.choice(("", life.token())), life.random.choice(("", "a1")))


def _odd(life: Life) -> None:
    phone, random = life.phone(), life.random
    acts: tuple[Callable[[], object], ...] = (
        phone.send_sticker,
        phone.send_location,
        lambda: phone.send_odd(random.choice(sorted(ODDITIES)), "doorgestuurd"),
        lambda: phone.send_document(b"%PDF-1.4", "verslag.pdf", "application/pdf"),
        lambda: phone.react(random.choice(phone.messages)),
        lambda: phone.send_clip(b"clip", "video"),
    )
    random.choice(acts)()


def _again(life: Life) -> None:
    life.sandbox.redeliver(life.random.randrange(1, 6))


async def _pass_time(life: Life) -> None:
    minutes = life.random.choice((2, 4, 10, 60, 60, 240, 600, 1500))
    moment = life.town.play.clock.now() + timedelta(minutes=minutes)
    if life.random.random() < 0.7:
        await life.town.play.forward_to(moment)
    else:
        await life.town.play.jump_to(moment)


def _plan(life: Life) -> None:
    now, names = life.town.play.clock.now(), life.random.choice((_NAMES, _NAMES[:1], _NAMES[1:]))
    ends_on = now + timedelta(minutes=life.random.choice((-16, -16, 30)))
    desk = life.town.play.app.desk()
    span = Span(ends_on - timedelta(minutes=90), ends_on)
    planned = PlannedWorkshop(span, "Overvecht", f"Groen {life.number}", tuple(life.promises.codes[n] for n in names))
    with life.town.play.in_transaction() as tx:
        save(tx, desk, desk.city("utrecht"), planned, None)


def _replan(life: Life, *, is_moved: bool) -> None:
    if not (found := life.workshop_ids()):
        return
    number, play = life.random.choice(found), life.town.play
    with play.in_transaction() as tx:
        workshop = workshops.by_id(tx, number)
        assert workshop is not None
        if is_moved:
            starts_on = play.clock.now() + timedelta(minutes=life.random.choice((-100, 15)))
            replanning.move(tx, play.app.desk(), number, starts_on, starts_on + timedelta(minutes=90))
        else:
            replanning.cancel(tx, play.app.desk(), workshop)


def _block(life: Life) -> None:
    phone = life.phone()
    phone.block()
    phone.unblock()


Act = Callable[[Life], object]
KINDS: dict[str, tuple[int, Act]] = {
    "tap": (50, _tap),
    "tap twice": (5, _tap_twice),
    "tap an old button": (7, _tap_old),
    "tap another's button": (2, _tap_anothers),
    "tell": (12, _tell),
    "word": (9, _word),
    "label": (4, _label),
    "command": (6, _command),
    "edit": (7, _edit),
    "voice": (2, _voice),
    "photo": (3, _photo),
    "odd": (3, _odd),
    "again": (4, _again),
    "time": (5, _pass_time),
    "plan": (4, _plan),
    "move": (1, lambda life: _replan(life, is_moved=True)),
    "cancel": (1, lambda life: _replan(life, is_moved=False)),
    "block": (1, _block),
    "restart": (2, lambda life: life.restart()),
}
_WITHOUT_WAITING = ("tap", "tap twice", "tap an old button", "tell", "word", "edit", "photo", "again", "voice")
"""After these the next thing may happen before the bot has done anything."""


async def lived(folder: Path, chosen: Sequence[Step]) -> list[str]:
    """Play the steps on a fresh town; the first promises broken, with the step and the chat it was in."""
    async with _life(folder) as life:
        for step in chosen:
            if wrong := await _after(life, step):
                return [f"step {step.number}: {step.kind}", *wrong, *(p.transcript()[-1500:] for p in life.phones)]
        wrong = await _finish(life)
        return [*wrong, *(p.transcript()[-1500:] for p in life.phones)] if wrong else []


async def shortened(folder: Path, chosen: Sequence[Step], most: int = 60) -> list[Step]:
    """Fewer of the steps that still break a promise, found in so many tries."""
    left, size, tries = list(chosen), len(chosen) // 2, count(1)
    while size:
        for start in range(0, len(left), size):
            fewer = left[:start] + left[start + size :]
            number = next(tries)
            if number > most:
                return left
            if await lived(folder / str(number), fewer):
                left = fewer
                break
        else:
            size //= 2
    return left


async def _after(life: Life, step: Step) -> list[str]:
    life.random, life.number = Random(step.chance), step.number
    clock = life.town.play.clock
    clock.forward_to(clock.now() + timedelta(seconds=life.random.randrange(1, 30)))
    is_hasty = step.kind in _WITHOUT_WAITING and life.random.random() < 0.15
    with snapshot(life.town.play.program.place.database) as tx:
        life.promises.look(tx, life.town.play.app.desk(), is_calm=not life.promises.is_hasty and not is_hasty)
        done = KINDS[step.kind][1](life)
    if asyncio.iscoroutine(done):
        await done
    life.promises.is_hasty = is_hasty
    if is_hasty:
        return []
    return await _checked(life)


async def _checked(life: Life) -> list[str]:
    life.town.play.app.wake()
    await life.settle()
    life.note_buttons()
    with snapshot(life.town.play.program.place.database) as rows:
        return life.promises.broken(rows, life.town.play.app.desk())


async def _finish(life: Life) -> list[str]:
    """Everybody can bring what they began to its end with taps on the newest buttons alone."""
    if wrong := await _checked(life):
        return wrong
    for phone in life.phones:
        for _ in range(150):
            with snapshot(life.town.play.program.place.database) as rows:
                desk = life.town.play.app.desk()
                if not has_begun(rows, desk, phone):
                    break
                found = _ways_on(rows, desk, phone)
            acts = {data.split(":")[3] for data, _ in found}
            wanted = sorted(found, key=lambda one: _rank(one[0]))
            if "on" in acts and "off" not in acts:
                wanted = [one for one in wanted if one[0].split(":")[3] != "done"]
            if not wanted or _rank(wanted[0][0]) == _LAST:
                return [f"{phone.person.first_name} has no way forward: {found or life.buttons(phone)}"]
            phone.tap_data(*wanted[0])
            if wrong := await _checked(life):
                return wrong
        else:
            return [f"{phone.person.first_name} comes to no end"]
    return []


def _ways_on(tx: Tx, desk: Desk, phone: Phone) -> list[tuple[str, int]]:
    """The buttons of the newest message that has any with which the questions go on."""
    own = (data_of(message) for message in reversed(phone.messages) if not message.mine)
    going_on = ([one for one in buttons if _goes_on(tx, desk, phone, one[0])] for buttons in own)
    return next(filter(None, going_on), [])


def _goes_on(tx: Tx, desk: Desk, phone: Phone, data: str) -> bool:
    """A button of the question, or of what came between, which puts it again below."""
    about, _, _, act, arg = data.split(":", 4)
    is_back = (about == "p" and act in ("start", "snooze")) or (about, act, arg) == ("u", "midway", "continue")
    return is_back or is_live(tx, desk, phone, data)


_AHEAD = ("send", "start", "done", "choose", "skip", "unknown", "keep", "on", "continue", "off", "midway", "snooze")
_LAST = len(_AHEAD)


def _rank(data: str) -> int:
    key = read_key(data)
    return _AHEAD.index(key.act) if key is not None and key.act in _AHEAD else _LAST


@asynccontextmanager
async def town_by_wire(folder: Path) -> AsyncIterator[Town]:
    """A town whose bot calls the sandbox without a network."""
    clock = stopped_clock()
    lay_down(folder / "terugblik.db")
    async with Sandbox(clock.now) as sandbox, rehearsal(folder, clock, on=sandbox, connected=_by_wire) as play:
        yield Town(play)


def _by_wire(sandbox: Sandbox, random: Random) -> TelegramChannel:
    return TelegramChannel(sandbox.token, sandbox.url, random=random, request=Wire(sandbox))


@asynccontextmanager
async def _life(folder: Path) -> AsyncIterator[Life]:
    clock = stopped_clock()
    async with Sandbox(clock.now) as sandbox:
        wires: list[Wire] = []

        def connected(on: Sandbox, random: Random) -> TelegramChannel:
            wires.append(Wire(on))
            return TelegramChannel(on.token, on.url, random=random, request=wires[-1])

        async def opened(stack: AsyncExitStack) -> Town:
            play = await stack.enter_async_context(
                rehearsal(folder, clock, on=sandbox, connected=connected, chance=len(wires) + 1)
            )
            return Town(play)

        async with AsyncExitStack() as outer:
            stack = await outer.enter_async_context(AsyncExitStack())
            lay_down(folder / "terugblik.db")
            town = await opened(stack)
            phones = [await town.fieldworker(name) for name in _NAMES]
            promises = Promises(phones, {name: town.code(name) for name in _NAMES})
            life = Life(folder, sandbox, town, wires[-1], phones, promises)

            async def restart() -> None:
                await stack.aclose()
                life.town = await opened(stack)
                life.wire = wires[-1]

            life.restart = restart
            town.workshop(*_NAMES, ends_on=FIRST_END)
            await town.play.forward_to(FIRST_END + timedelta(minutes=15))
            yield life
