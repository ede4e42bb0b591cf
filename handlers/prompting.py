"""The question after a workshop whether to answer now: start, later, or not there."""

from fieldwork import wording
from fieldwork.messages import Button, Rows, Say
from fieldwork.people import Person
from fieldwork.schedule import Snooze, later_times
from fieldwork.taps import About, Key, button
from handlers import reflection
from handlers.desk import Caller, Desk, settle, tell
from handlers.talks import number_of_questions, talk_of
from storage import audit, people, prompts, sessions, workshops
from storage.connection import Tx
from storage.prompts import Prompt
from storage.workshops import Workshop


def invitation_to_answer(tx: Tx, desk: Desk, person: Person, prompt: Prompt, key: str) -> Say:
    """`prompt.ask` or a reminder of it, with its buttons."""
    workshop = _workshop(tx, prompt)
    form = desk.forms[workshop.form_hash]
    assert prompt.closes_on is not None
    text = desk.texts.say(
        key,
        person.language,
        first_name=people.name_of(tx, person.id),
        workshop=workshop.title,
        place=workshop.neighbourhood,
        n=number_of_questions(form),
        minutes=desk.study.minutes,
        deadline=desk.when(prompt.closes_on, workshop.city, person.language),
    )
    return Say(text, _buttons(desk, person.language, prompt, key))


def reminder(tx: Tx, desk: Desk, person: Person, prompt: Prompt) -> Say:
    """The words for who has not begun, or for who is halfway."""
    session = sessions.of_prompt(tx, prompt.id)
    if session is None:
        return invitation_to_answer(tx, desk, person, prompt, "remind.not_started")
    assert prompt.closes_on is not None
    i, n = talk_of(tx, desk, person, session).progress()
    deadline = desk.when(prompt.closes_on, _workshop(tx, prompt).city, person.language)
    text = desk.texts.say("remind.halfway", person.language, i=i, n=n, left=n - i + 1, deadline=deadline)
    return Say(text, _buttons(desk, person.language, prompt, "remind.halfway"))


def tapped(tx: Tx, desk: Desk, caller: Caller, key: Key) -> str:
    """A button of a prompt; what to say beside it."""
    prompt = prompts.by_id(tx, key.id)
    if prompt is None or prompt.person_id != caller.person.id:
        return desk.texts.say("err.stale_button", caller.language)
    if key.act == "present" and prompt.state == "absent":
        _was_there(tx, desk, caller, prompt, key)
    elif not prompt.is_open:
        settle(tx, desk, caller, str(key))
        tell(tx, desk, caller, "err.closed")
    else:
        acts = {"start": _start, "later": _later, "snooze": _snooze, "absent": _absent}
        act = acts.get(key.act)
        if act is not None:
            act(tx, desk, caller, prompt, key)
    return ""


def _buttons(desk: Desk, language: str, prompt: Prompt, key: str) -> Rows:
    labels = desk.texts.buttons(key, language)
    acts = ("start", "later", "absent")[: len(labels)]
    first, *others = (_button(prompt, label, act) for label, act in zip(labels, acts, strict=True))
    return ((first,), tuple(others))


def _button(prompt: Prompt, label: str, act: str, arg: str = "") -> Button:
    return button(label, Key(About.PROMPT, prompt.id, 0, act, arg))


def _start(tx: Tx, desk: Desk, caller: Caller, prompt: Prompt, key: Key) -> None:
    """Begin, unless another questionnaire waits: one after the other, never mixed."""
    busy = sessions.active_of(tx, caller.person.id)
    if busy is not None and busy.prompt_id is not None and busy.prompt_id != prompt.id:
        other = prompts.by_id(tx, busy.prompt_id)
        assert other is not None
        tell(tx, desk, caller, "err.busy", workshop=_workshop(tx, other).title)
        reflection.repeat(tx, desk, caller, busy)
        return
    settle(tx, desk, caller, str(key))
    reflection.open_for(tx, desk, caller, prompt)


def _later(tx: Tx, desk: Desk, caller: Caller, prompt: Prompt, key: Key) -> None:
    """Offer the moments that lie outside the quiet hours and before closing."""
    assert prompt.closes_on is not None
    zone = desk.city(_workshop(tx, prompt).city).timezone
    times = later_times(desk.now, prompt.closes_on, desk.study.rhythm, zone)
    if not times:
        deadline = wording.when(prompt.closes_on, zone, caller.language)
        tell(tx, desk, caller, "prompt.no_later", deadline=deadline)
        return
    settle(tx, desk, caller, str(key))
    clocks = {snooze: wording.clock(moment, zone, caller.language) for snooze, moment in times.items()}
    evening, morning = clocks.get(Snooze.EVENING, ""), clocks.get(Snooze.MORNING, "")
    labels = desk.texts.buttons("prompt.later", caller.language, evening=evening, morning=morning)
    rows = tuple(
        (_button(prompt, label, "snooze", snooze),)
        for label, snooze in zip(labels, Snooze, strict=True)
        if snooze in times
    )
    tell(tx, desk, caller, "prompt.later", rows)


def _snooze(tx: Tx, desk: Desk, caller: Caller, prompt: Prompt, key: Key) -> None:
    """Ask again at the moment that was picked; what was picked too late is offered anew."""
    assert prompt.closes_on is not None
    zone = desk.city(_workshop(tx, prompt).city).timezone
    times = later_times(desk.now, prompt.closes_on, desk.study.rhythm, zone)
    moment = next((moment for snooze, moment in times.items() if snooze == key.arg), None)
    if moment is None:
        _later(tx, desk, caller, prompt, key)
        return
    settle(tx, desk, caller, str(key))
    prompts.snoozed(tx, prompt.id, moment)
    start = desk.texts.buttons("prompt.ask", caller.language)[0]
    when = wording.when(moment, zone, caller.language)
    tell(tx, desk, caller, "prompt.later_done", ((_button(prompt, start, "start"),),), when=when)


def _absent(tx: Tx, desk: Desk, caller: Caller, prompt: Prompt, key: Key) -> None:
    """The person was not there: no questions, and the denominator is honest."""
    settle(tx, desk, caller, str(key))
    prompts.ended(tx, prompt.id, "absent", desk.now)
    audit.note(tx, caller.person.id, "absent", _workshop(tx, prompt).city, str(prompt.id), desk.now)
    (label,) = desk.texts.buttons("prompt.absent", caller.language)
    tell(tx, desk, caller, "prompt.absent", ((_button(prompt, label, "present"),),))


def _was_there(tx: Tx, desk: Desk, caller: Caller, prompt: Prompt, key: Key) -> None:
    """A tap by mistake is taken back, as long as the questions are not closed."""
    settle(tx, desk, caller, str(key))
    if prompt.closes_on is None or desk.now >= prompt.closes_on:
        tell(tx, desk, caller, "err.closed")
        return
    prompts.reopened(tx, prompt.id, prompt.closes_on)
    _start(tx, desk, caller, prompt, key)


def _workshop(tx: Tx, prompt: Prompt) -> Workshop:
    workshop = workshops.by_id(tx, prompt.workshop_id)
    assert workshop is not None, "a prompt's workshop is never deleted"
    return workshop
