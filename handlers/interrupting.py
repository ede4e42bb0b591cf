"""A command in the middle of a questionnaire: what changes something waits until the person said so."""

from collections.abc import Callable

from fieldwork.conversation import Stage, Went
from fieldwork.messages import Command, Rows
from fieldwork.recognise import Way
from fieldwork.taps import About, Key, button
from handlers.desk import Caller, Desk, settle, tell
from handlers.reflecting import reflection, resuming
from handlers.reflecting.talks import Talk, active_talk
from handlers.rights import consenting, stopping
from storage import pending
from storage.tx import Tx

_KIND = "command_mid"
_ACTS = ("continue", "pause", "stop")
_BUSY = (Stage.ASKING, Stage.SUMMARY, Stage.CHOOSING)


def busy_with(tx: Tx, desk: Desk, caller: Caller) -> Talk | None:
    """The questionnaire the person is in the middle of; None where none is, or where it rests."""
    if consenting.is_outdated(tx, desk, caller.person):
        # Nothing is put to them before the new text is.
        return None
    talk = active_talk(tx, desk, caller.person)
    return talk if talk is not None and talk.now.stage in _BUSY else None


def ask_first(tx: Tx, desk: Desk, caller: Caller, talk: Talk, command: Command) -> None:
    """What to do with the questionnaire; the command waits."""
    pending.wait_for(tx, caller.person.id, _KIND, {"name": command.name, "rest": command.rest}, desk.now)
    i, n = talk.progress()
    labels = desk.texts.buttons("err.command_mid", caller.language)
    rows: Rows = (
        tuple(
            button(label, Key(About.PERSON, caller.person.id, talk.now.asking, "midway", act))
            for label, act in zip(labels, _ACTS, strict=True)
        ),
    )
    tell(tx, desk, caller, "err.command_mid", rows, i=i, n=n)


def decide(tx: Tx, desk: Desk, caller: Caller, key: Key, run: Callable[[Command], None]) -> str:
    """Go on, rest and carry the command out, or stop; an old button changes nothing."""
    waiting = pending.waiting_for(tx, caller.person.id, desk.now)
    if waiting is None or waiting.kind != _KIND or key.arg not in _ACTS:
        return desk.texts.say("err.stale_button", caller.language)
    settle(tx, desk, caller, str(key))
    pending.done(tx, caller.person.id)
    talk = busy_with(tx, desk, caller)
    if key.arg == "stop":
        stopping.ask(tx, desk, caller)
    elif talk is None and (key.arg == "continue" or waiting.detail["name"] == "stop"):
        _say_it_is_over(tx, desk, caller, Way(key.arg))
    elif key.arg == "continue" and talk is not None:
        reflection.repeat(caller, talk)
    elif key.arg == "pause":
        if talk is not None:
            talk.take(Went(Way.PAUSE), caller.incoming.said_on)
        if waiting.detail["name"] != "stop":
            run(Command(waiting.detail["name"], waiting.detail["rest"]))
    return ""


def _say_it_is_over(tx: Tx, desk: Desk, caller: Caller, way: Way) -> None:
    """The questionnaire was closed or put aside meanwhile: what waits instead, or that nothing does."""
    if not resuming.put_again(tx, desk, caller, wakes=way is Way.CONTINUE):
        resuming.tell_nothing_open(tx, desk, caller, way)
