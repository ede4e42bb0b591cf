"""Plays a questionnaire in the terminal, through the handlers that people meet in the chat."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from bot.program import Program
from fieldwork import dialogue
from fieldwork.messages import Button, Command, Incoming, Outgoing, Say, Tap, Text, What
from fieldwork.people import Grant, Role
from forms.form import Form
from forms.xlsform import Compiled
from handlers import dispatch
from handlers.desk import Desk
from handlers.reflecting.talks import begin_test, talk_of
from storage import forms as form_rows
from storage import people, sending, sessions
from storage.database import Reader, reading, transaction
from storage.migrate import migrate
from storage.tx import Tx

HOW = "Type an answer as in the chat; #2 presses button 2, a word such as /terug is a command, #stop ends."
STOP = "#stop"
_URN = "console:1"
_PRESS = re.compile(r"#\s*(\d{1,4})")
_COMMAND = re.compile(r"/(\w{1,32})(?:\s+(.*))?")


@dataclass(slots=True)
class Screen:
    """What the person sees; only the buttons of the message that was shown last can be pressed by number."""

    show: Callable[[str], None]
    _buttons: dict[str, tuple[Button, ...]] = field(default_factory=dict)
    """By message, the one shown last at the end."""

    def put(self, message: str, outgoing: Outgoing, is_edit: bool) -> None:
        """Show a message, or what an earlier one now says; a menu is for messengers only."""
        if not isinstance(outgoing, Say):
            return
        buttons = tuple(button for row in outgoing.buttons for button in row)
        attached = [f"({outgoing.attachment.name})"] if outgoing.attachment else []
        numbered = [f"  [{number}] {button.label}" for number, button in enumerate(buttons, 1)]
        self.show("\n".join(("", ("✎ " if is_edit else "") + outgoing.text, *attached, *numbered)))
        self._buttons.pop(message, None)
        if buttons:
            self._buttons[message] = buttons

    def pressed(self, number: int) -> tuple[str, Button] | None:
        """The message and its button with this number, counted from 1; None where there is none."""
        message, buttons = next(reversed(self._buttons.items()), ("", ()))
        return (message, buttons[number - 1]) if 0 < number <= len(buttons) else None


@dataclass(frozen=True, slots=True)
class Played:
    """What came of it: the values by name, and whether the talk was gone through to its end."""

    submission: Mapping[str, str]
    is_ended: bool


async def play(
    program: Program,
    compiled: Compiled,
    workbook: bytes,
    language: str,
    lines: Iterable[str],
    show: Callable[[str], None],
) -> Played:
    """Play the form in the program's database, a new one, as a test session until it or the lines end."""
    migrate(program.place.database)
    async with reading(program.place.database) as reader:
        playing = _Playing(program, {compiled.form.hash: compiled.form}, reader, Screen(show))
        playing.begin(compiled, workbook, language)
        await playing.put_what_was_said()
        for line in map(str.strip, lines):
            if line == STOP:
                break
            if line:
                playing.take(line)
                await playing.put_what_was_said()
            if playing.is_ended:
                break
    return Played(playing.submission, playing.is_ended)


def table(submission: Mapping[str, str]) -> str:
    """Names and values under each other, a value on one line."""
    width = max(map(len, submission), default=0)
    return "\n".join(f"{name:<{width}}  {' '.join(value.split())}" for name, value in submission.items())


@dataclass(slots=True)
class _Playing:
    """One person at the terminal, and their session."""

    program: Program
    forms: Mapping[str, Form]
    reader: Reader
    screen: Screen
    submission: Mapping[str, str] = field(default_factory=dict)
    is_ended: bool = False
    _person: int = 0
    _count: int = 0

    def begin(self, compiled: Compiled, workbook: bytes, language: str) -> None:
        """Keep the form, let somebody take part, and put the first question."""
        form, now = compiled.form, self.program.now()
        with transaction(self.program.place.database) as tx:
            form_rows.add(tx, form.hash, form.form_id, form.version, form.title, compiled.xform, workbook, None, now)
            form_rows.use(tx, "", form.hash, now)
            self._person = self._fieldworker(tx, language)
            talk = begin_test(tx, self._desk(), people.by_id(tx, self._person), form.hash)
            talk.keep(dialogue.begin(talk.now, talk.voice), now)
            self._look(tx)

    def take(self, line: str) -> None:
        """Handle a line: a button's number, a command, or words."""
        press = _PRESS.fullmatch(line)
        if press is None:
            self._handle(_command(line) or Text(line), None)
        elif (found := self.screen.pressed(int(press[1]))) is None:
            self.screen.show(f"(there is no button {press[1]} now)")
        else:
            message, button = found
            self._handle(Tap(button.data), message)

    async def put_what_was_said(self) -> None:
        """Show everything that waits to be said, as a messenger would deliver it."""
        while waiting := await sending.sendable(self.reader, self.program.now(), 1):
            with transaction(self.program.place.database) as tx:
                self._deliver(tx, waiting[0][0])

    def _deliver(self, tx: Tx, row: int) -> None:
        for ready in sending.mark_sending(tx, [row]).ready:
            message = ready.edit_message or self._next()
            self.screen.put(message, ready.outgoing, ready.edit_message is not None)
            sending.record_sent(tx, row, message, self.program.now())

    def _handle(self, what: What, message: str | None) -> None:
        key = self._next()
        incoming = Incoming(key, _URN, what, self.program.now(), message or key)
        with transaction(self.program.place.database) as tx:
            toast = dispatch.handle(tx, self._desk(), incoming)
            self._look(tx)
        if toast:
            self.screen.show(f"({toast})")

    def _look(self, tx: Tx) -> None:
        """See how far it is now; an ended test leaves nothing behind, so what it came to is what was seen last."""
        active = sessions.all_active_of(tx, self._person)
        self.is_ended = not active
        for session in active:
            talk = talk_of(tx, self._desk(), people.by_id(tx, self._person), session)
            self.submission = talk.now.walk.submission()

    def _fieldworker(self, tx: Tx, language: str) -> int:
        now = self.program.now()
        person = people.add(tx, "TEST", language, now)
        people.name(tx, person, "Test")
        people.reach_at(tx, person, _URN, now)
        people.grant(tx, person, Grant(Role.FIELDWORKER, self.program.study.cities[0].code), now)
        people.set_standing(tx, person, "taking_part")
        people.set_media_allowed(tx, person, False)
        return person

    def _desk(self) -> Desk:
        return self.program.desk(self.forms, "")

    def _next(self) -> str:
        self._count += 1
        return f"console:{self._count}"


def _command(line: str) -> Command | None:
    command = _COMMAND.fullmatch(line)
    return None if command is None else Command(command[1].lower(), command[2] or "")
