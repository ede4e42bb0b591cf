"""The question after a workshop whether to answer now: start, later, or not there."""

from datetime import datetime

from fieldwork import dialogue, wording
from fieldwork.messages import Button, Rows, Say
from fieldwork.people import Person
from fieldwork.recognise import Way, is_yes, plain
from fieldwork.schedule import Snooze, later_times, next_look
from fieldwork.taps import About, Key, button, read_key
from handlers import reflection, typed_labels
from handlers.desk import Caller, Desk, settle, tell
from handlers.talks import Talk, active_talk, number_of_questions, talk_of
from storage import audit, outbox, people, prompts, sessions, shown, workshops
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


def asked_anew(tx: Tx, desk: Desk, person: Person, prompt: Prompt) -> Say:
    """The same words as the first time."""
    return invitation_to_answer(tx, desk, person, prompt, "prompt.ask")


def reminder(tx: Tx, desk: Desk, person: Person, prompt: Prompt) -> Say:
    """The words for who has not begun, or for who is halfway."""
    session = sessions.of_prompt(tx, prompt.id)
    if session is None:
        return invitation_to_answer(tx, desk, person, prompt, "remind.not_started")
    assert prompt.closes_on is not None
    workshop = _workshop(tx, prompt)
    deadline = desk.when(prompt.closes_on, workshop.city, person.language)
    i, n = talk_of(tx, desk, person, session).progress()
    if session.path is None:
        text = desk.texts.say("remind.unsent", person.language, workshop=workshop.title, deadline=deadline)
    else:
        text = desk.texts.say("remind.halfway", person.language, i=i, n=n, left=n - i + 1, deadline=deadline)
    return Say(text, _buttons(desk, person.language, prompt, "remind.halfway"))


def tapped(tx: Tx, desk: Desk, caller: Caller, key: Key) -> str:
    """A button of a prompt; what to say beside it."""
    prompt = prompts.by_id(tx, key.id)
    if prompt is None or prompt.person_id != caller.person.id:
        return desk.texts.say("err.stale_button", caller.language)
    if not caller.person.is_taking_part:
        settle(tx, desk, caller, str(key))
        tell(tx, desk, caller, "err.not_taking_part")
    elif (key.act == "present" and prompt.state == "absent") or (key.act == "present" and prompt.state == "declined"):
        _was_there(tx, desk, caller, prompt, key)
    elif key.act in ("start", "late") and late_until(desk, prompt) is not None:
        _open_late(tx, desk, caller, prompt, key)
    elif not prompt.is_open:
        settle(tx, desk, caller, str(key))
        tell(tx, desk, caller, "prompt.not_yet" if prompt.state == "planned" else "err.closed")
    else:
        acts = {"start": _start, "later": _later, "snooze": _snooze, "absent": _absent, "skip": _skip}
        act = acts.get(key.act)
        if act is None or (key.act == "snooze" and key.arg not in tuple(Snooze)):
            return desk.texts.say("err.stale_button", caller.language)
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
    busy = _busy_elsewhere(tx, desk, caller, prompt)
    if busy is not None:
        _finish_first(tx, desk, caller, busy)
        return
    settle(tx, desk, caller, str(key))
    first = _oldest_first(tx, desk, caller, prompt)
    take_buttons_away(tx, desk, caller.person, first)
    reflection.open_for(tx, desk, caller, first)


def _oldest_first(tx: Tx, desk: Desk, caller: Caller, prompt: Prompt) -> Prompt:
    """The earliest workshop that waits goes first; what was begun or put off is the person's own choice."""
    oldest = prompts.oldest_asked(tx, caller.person.id, desk.now)
    if oldest is None or oldest.id == prompt.id or sessions.of_prompt(tx, prompt.id) is not None:
        return prompt
    first, wanted = _workshop(tx, oldest), _workshop(tx, prompt)
    if first.ends_on >= wanted.ends_on:
        return prompt
    tell(tx, desk, caller, "prompt.oldest_first", workshop=first.title)
    return oldest


def late_until(desk: Desk, prompt: Prompt) -> datetime | None:
    """Until when closed questions can still be answered, late; None where they no longer or not yet can."""
    if prompt.state != "expired" or prompt.asked_on is None:
        return None
    until = prompt.asked_on + desk.study.rhythm.close_after + desk.study.rhythm.amend_after
    return until if desk.now < until else None


def late_rows(tx: Tx, desk: Desk, person: Person, prompt_id: int) -> Rows:
    """The button under the words that questions are closed, as long as they can be answered late."""
    prompt = prompts.by_id(tx, prompt_id)
    if prompt is None or late_until(desk, prompt) is None:
        return ()
    (label,) = desk.texts.buttons("expire.late", person.language)
    return ((_button(prompt, label, "late"),),)


def _open_late(tx: Tx, desk: Desk, caller: Caller, prompt: Prompt, key: Key) -> None:
    """Closed questions are answered after all: what was given stays, and the rest is marked late."""
    busy = _busy_elsewhere(tx, desk, caller, prompt)
    if busy is not None:
        _finish_first(tx, desk, caller, busy)
        return
    settle(tx, desk, caller, str(key))
    let_in_late(tx, desk, caller, prompt)


def let_in_late(tx: Tx, desk: Desk, caller: Caller, prompt: Prompt) -> bool:
    """Put closed questions again, where late answers are taken and nothing else is being answered; whether so."""
    until = late_until(desk, prompt)
    if until is None or _busy_elsewhere(tx, desk, caller, prompt) is not None:
        return False
    deadline = desk.when(until, _workshop(tx, prompt).city, caller.language)
    tell(tx, desk, caller, "prompt.late", deadline=deadline)
    prompts.opened_late(tx, prompt.id, desk.now, until)
    reopened = prompts.by_id(tx, prompt.id)
    assert reopened is not None
    reflection.open_late(tx, desk, caller, reopened)
    return True


def _later(tx: Tx, desk: Desk, caller: Caller, prompt: Prompt, key: Key) -> None:
    """Offer the moments that lie outside the quiet hours and before closing."""
    assert prompt.closes_on is not None
    zone = desk.city(_workshop(tx, prompt).city).timezone
    times = later_times(desk.now, prompt.closes_on, desk.study.rhythm, zone)
    if not times and key.act == "later":
        deadline = wording.when(prompt.closes_on, zone, caller.language)
        decline = ((_button(prompt, labels_of_later(desk, caller)[-1], "skip"),),)
        tell(tx, desk, caller, "prompt.no_later", decline, deadline=deadline)
        return
    settle(tx, desk, caller, str(key))
    clocks = {snooze: wording.clock(moment, zone, caller.language) for snooze, moment in times.items()}
    evening, morning = clocks.get(Snooze.EVENING, ""), clocks.get(Snooze.MORNING, "")
    labels = desk.texts.buttons("prompt.later", caller.language, evening=evening, morning=morning)
    *whens, skip = labels
    rows = tuple(
        (_button(prompt, label, "snooze", snooze),)
        for label, snooze in zip(whens, Snooze, strict=True)
        if snooze in times
    )
    tell(tx, desk, caller, "prompt.later", (*rows, (_button(prompt, skip, "skip"),)))


def labels_of_later(desk: Desk, caller: Caller) -> tuple[str, ...]:
    """The buttons of Later, without their times."""
    return desk.texts.buttons("prompt.later", caller.language, evening="", morning="")


def put_off(tx: Tx, desk: Desk, caller: Caller, talk: Talk, text: str) -> bool:
    """A typed "later" in the middle of the questions: offer the moments; whether that was meant."""
    prompt = None if talk.session.prompt_id is None else prompts.by_id(tx, talk.session.prompt_id)
    if prompt is None or not prompt.is_open or talk.now.sent:
        return False
    if dialogue.wanted_way(talk.now, text, talk.voice) is not Way.LATER:
        return False
    _later(tx, desk, caller, prompt, Key(About.PROMPT, prompt.id, 0, "later"))
    return True


def _skip(tx: Tx, desk: Desk, caller: Caller, prompt: Prompt, key: Key) -> None:
    """The person does not want to answer about this workshop; what was told stays."""
    settle(tx, desk, caller, str(key))
    put_down(tx, desk, caller.person, prompt)
    prompts.ended(tx, prompt.id, "declined", desk.now)
    workshop = _workshop(tx, prompt)
    audit.note(tx, caller.person.id, "declined", workshop.city, str(prompt.id), desk.now)
    (label,) = desk.texts.buttons("prompt.skipped", caller.language)
    tell(tx, desk, caller, "prompt.skipped", ((_button(prompt, label, "present"),),), workshop=workshop.title)


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
    put_down(tx, desk, caller.person, prompt)
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
    assert prompt.asked_on is not None
    zone = desk.city(_workshop(tx, prompt).city).timezone
    prompts.reopened(tx, prompt.id, next_look(prompt.asked_on, desk.now, desk.study.rhythm, zone))
    outbox.write(tx, caller.urn, asked_anew(tx, desk, caller.person, prompt), now=desk.now)


def put_down(tx: Tx, desk: Desk, person: Person, prompt: Prompt) -> None:
    """Nobody waits for answers to this prompt any more; what was told stays."""
    session = sessions.of_prompt(tx, prompt.id)
    if session is not None and session.completed_on is None:
        talk_of(tx, desk, person, session).leave()


def take_buttons_away(tx: Tx, desk: Desk, person: Person, prompt: Prompt) -> None:
    """What was asked about this workshop can no longer be tapped; its words stay in the chat."""
    urn = people.urn_of(tx, person.id)
    if urn is None:
        return
    for row, said in shown.with_buttons(tx, urn):
        if any(_is_about(one, prompt) for keys in said.buttons for one in keys):
            outbox.write(tx, urn, Say(said.text), now=desk.now, edit_of=row)


def _is_about(shown_button: Button, prompt: Prompt) -> bool:
    key = read_key(shown_button.data)
    return key is not None and key.about is About.PROMPT and key.id == prompt.id


def wrote(tx: Tx, desk: Desk, caller: Caller, prompt: Prompt, text: str) -> None:
    """Words typed to the question whether to answer now; what they do not settle is asked again."""
    acts = {"start": _start, "later": _later, "absent": _absent}
    labels = zip(desk.texts.buttons("prompt.ask", caller.language), acts, strict=True)
    wanted = next((act for label, act in labels if plain(label) == plain(text)), "start" if is_yes(text) else "")
    if wanted:
        acts[wanted](tx, desk, caller, prompt, Key(About.PROMPT, prompt.id, 0, wanted))
    elif text and typed_labels.picks_moment(tx, caller, prompt.id):
        tell(tx, desk, caller, "err.no_match")
        _later(tx, desk, caller, prompt, Key(About.PROMPT, prompt.id, 0, "later"))
    else:
        outbox.write(tx, caller.urn, asked_anew(tx, desk, caller.person, prompt), now=desk.now)


def _busy_elsewhere(tx: Tx, desk: Desk, caller: Caller, prompt: Prompt) -> Talk | None:
    """The talk about another workshop that has to be finished first; a change to a sent one is put down."""
    talk = active_talk(tx, desk, caller.person)
    if talk is None or talk.session.prompt_id in (None, prompt.id):
        return None
    if talk.now.sent:
        talk.leave()
        return None
    return talk


def _finish_first(tx: Tx, desk: Desk, caller: Caller, busy: Talk) -> None:
    assert busy.session.prompt_id is not None
    other = prompts.by_id(tx, busy.session.prompt_id)
    assert other is not None
    tell(tx, desk, caller, "err.busy", workshop=_workshop(tx, other).title)
    reflection.repeat(caller, busy)


def _workshop(tx: Tx, prompt: Prompt) -> Workshop:
    workshop = workshops.by_id(tx, prompt.workshop_id)
    assert workshop is not None, "a prompt's workshop is never deleted"
    return workshop
