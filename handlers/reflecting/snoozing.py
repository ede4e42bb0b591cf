"""Later: the moments at which to be asked again, and the one that was picked."""

from fieldwork import answering, wording
from fieldwork.recognise import Way
from fieldwork.schedule import Snooze, later_times
from fieldwork.taps import About, Key
from handlers.desk import Caller, Desk, settle, tell
from handlers.reflecting.promptwords import prompt_button, workshop_of
from handlers.reflecting.talks import Talk
from storage import prompts
from storage.prompts import Prompt
from storage.tx import Tx


def offer_later(tx: Tx, desk: Desk, caller: Caller, prompt: Prompt, key: Key) -> None:
    """Offer the moments that lie outside the quiet hours and before closing."""
    assert prompt.closes_on is not None
    zone = desk.city(workshop_of(tx, prompt).city).timezone
    times = later_times(desk.now, prompt.closes_on, desk.study.rhythm, zone)
    if not times and key.act == "later":
        deadline = wording.when(prompt.closes_on, zone, caller.language)
        decline = ((prompt_button(prompt, labels_of_later(desk, caller)[-1], "skip"),),)
        tell(tx, desk, caller, "prompt.no_later", decline, deadline=deadline)
        return
    settle(tx, desk, caller, str(key))
    clocks = {snooze: wording.clock(moment, zone, caller.language) for snooze, moment in times.items()}
    evening, morning = clocks.get(Snooze.EVENING, ""), clocks.get(Snooze.MORNING, "")
    labels = desk.texts.buttons("prompt.later", caller.language, evening=evening, morning=morning)
    *whens, skip = labels
    rows = tuple(
        (prompt_button(prompt, label, "snooze", snooze),)
        for label, snooze in zip(whens, Snooze, strict=True)
        if snooze in times
    )
    tell(tx, desk, caller, "prompt.later", (*rows, (prompt_button(prompt, skip, "skip"),)))


def labels_of_later(desk: Desk, caller: Caller) -> tuple[str, ...]:
    """The buttons of Later, without their times."""
    return desk.texts.buttons("prompt.later", caller.language, evening="", morning="")


def put_off(tx: Tx, desk: Desk, caller: Caller, talk: Talk, text: str) -> bool:
    """A typed "later" in the middle of the questions: offer the moments; whether that was meant."""
    prompt = None if talk.session.prompt_id is None else prompts.by_id(tx, talk.session.prompt_id)
    if prompt is None or not prompt.is_open or talk.now.sent:
        return False
    if answering.wanted_way(talk.now, text, talk.voice) is not Way.LATER:
        return False
    offer_later(tx, desk, caller, prompt, Key(About.PROMPT, prompt.id, 0, "later"))
    return True


def pick_moment(tx: Tx, desk: Desk, caller: Caller, prompt: Prompt, key: Key) -> None:
    """Ask again at the moment that was picked; what was picked too late is offered anew."""
    assert prompt.closes_on is not None
    zone = desk.city(workshop_of(tx, prompt).city).timezone
    times = later_times(desk.now, prompt.closes_on, desk.study.rhythm, zone)
    moment = next((moment for snooze, moment in times.items() if snooze == key.arg), None)
    if moment is None:
        offer_later(tx, desk, caller, prompt, key)
        return
    settle(tx, desk, caller, str(key))
    prompts.snoozed(tx, prompt.id, moment)
    start = desk.texts.buttons("prompt.ask", caller.language)[0]
    when = wording.when(moment, zone, caller.language)
    tell(tx, desk, caller, "prompt.later_done", ((prompt_button(prompt, start, "start"),),), when=when)
