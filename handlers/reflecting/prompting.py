"""The question after a workshop whether to answer now: what a tap on its buttons or a word to it comes to."""

from fieldwork.messages import Button, Say
from fieldwork.people import Person
from fieldwork.recognise import is_yes, plain
from fieldwork.schedule import Snooze, next_look
from fieldwork.taps import About, Key, read_key
from handlers import typed_labels
from handlers.desk import Caller, Desk, settle, tell
from handlers.reflecting import reflection
from handlers.reflecting.answeringlate import late_until, open_late
from handlers.reflecting.oneatatime import busy_elsewhere, finish_first
from handlers.reflecting.promptwords import asked_anew, prompt_button, workshop_of
from handlers.reflecting.snoozing import offer_later, pick_moment
from handlers.reflecting.talks import talk_of
from storage import audit, outbox, people, prompts, sessions, shown
from storage.prompts import Prompt
from storage.tx import Tx


def tapped(tx: Tx, desk: Desk, caller: Caller, key: Key) -> str:
    """A button of a prompt; what to say beside it."""
    prompt = prompts.by_id(tx, key.id)
    if prompt is None or prompt.person_id != caller.person.id:
        return desk.texts.say("err.stale_button", caller.language)
    if not caller.person.is_taking_part:
        settle(tx, desk, caller, str(key))
        tell(tx, desk, caller, "err.not_taking_part")
    elif key.act == "present" and prompt.state in ("absent", "declined"):
        _was_there(tx, desk, caller, prompt, key)
    elif key.act in ("start", "late") and late_until(desk, prompt) is not None:
        open_late(tx, desk, caller, prompt, key)
    elif not prompt.is_open:
        settle(tx, desk, caller, str(key))
        tell(tx, desk, caller, "prompt.not_yet" if prompt.state == "planned" else "err.closed")
    else:
        acts = {"start": _start, "later": offer_later, "snooze": pick_moment, "absent": _absent, "skip": _skip}
        act = acts.get(key.act)
        if act is None or (key.act == "snooze" and key.arg not in tuple(Snooze)):
            return desk.texts.say("err.stale_button", caller.language)
        act(tx, desk, caller, prompt, key)
    return ""


def _start(tx: Tx, desk: Desk, caller: Caller, prompt: Prompt, key: Key) -> None:
    """Begin, unless another questionnaire waits: one after the other, never mixed."""
    busy = busy_elsewhere(tx, desk, caller, prompt)
    if busy is not None:
        finish_first(tx, desk, caller, busy)
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
    first, wanted = workshop_of(tx, oldest), workshop_of(tx, prompt)
    if first.ends_on >= wanted.ends_on:
        return prompt
    tell(tx, desk, caller, "prompt.oldest_first", workshop=first.title)
    return oldest


def _skip(tx: Tx, desk: Desk, caller: Caller, prompt: Prompt, key: Key) -> None:
    """The person does not want to answer about this workshop; what was told stays."""
    settle(tx, desk, caller, str(key))
    put_down(tx, desk, caller.person, prompt)
    prompts.ended(tx, prompt.id, "declined", desk.now)
    workshop = workshop_of(tx, prompt)
    audit.note(tx, caller.person.id, "declined", workshop.city, str(prompt.id), desk.now)
    (label,) = desk.texts.buttons("prompt.skipped", caller.language)
    tell(tx, desk, caller, "prompt.skipped", ((prompt_button(prompt, label, "present"),),), workshop=workshop.title)


def _absent(tx: Tx, desk: Desk, caller: Caller, prompt: Prompt, key: Key) -> None:
    """The person was not there: no questions, and the denominator is honest."""
    settle(tx, desk, caller, str(key))
    put_down(tx, desk, caller.person, prompt)
    prompts.ended(tx, prompt.id, "absent", desk.now)
    audit.note(tx, caller.person.id, "absent", workshop_of(tx, prompt).city, str(prompt.id), desk.now)
    (label,) = desk.texts.buttons("prompt.absent", caller.language)
    tell(tx, desk, caller, "prompt.absent", ((prompt_button(prompt, label, "present"),),))


def _was_there(tx: Tx, desk: Desk, caller: Caller, prompt: Prompt, key: Key) -> None:
    """A tap by mistake is taken back, as long as the questions are not closed."""
    settle(tx, desk, caller, str(key))
    if prompt.closes_on is None or desk.now >= prompt.closes_on:
        tell(tx, desk, caller, "err.closed")
        return
    assert prompt.asked_on is not None
    zone = desk.city(workshop_of(tx, prompt).city).timezone
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
    acts = {"start": _start, "later": offer_later, "absent": _absent}
    labels = zip(desk.texts.buttons("prompt.ask", caller.language), acts, strict=True)
    wanted = next((act for label, act in labels if plain(label) == plain(text)), "start" if is_yes(text) else "")
    if wanted:
        acts[wanted](tx, desk, caller, prompt, Key(About.PROMPT, prompt.id, 0, wanted))
    elif text and typed_labels.picks_moment(tx, caller, prompt.id):
        tell(tx, desk, caller, "err.no_match")
        offer_later(tx, desk, caller, prompt, Key(About.PROMPT, prompt.id, 0, "later"))
    else:
        outbox.write(tx, caller.urn, asked_anew(tx, desk, caller.person, prompt), now=desk.now)
