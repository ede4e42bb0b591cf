"""/remind: a reminder for who has not finished, after it was said who would get one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from fieldwork import wording
from fieldwork.messages import Say
from fieldwork.people import Person, Role, Verb
from fieldwork.schedule import can_ask_now, next_at
from fieldwork.study import City
from fieldwork.taps import Key, button
from handlers.cities import city_key, picked
from handlers.desk import Caller, Desk, say_over, settle, tell
from handlers.reflecting.promptwords import reminder
from handlers.rights import consenting
from storage import audit, outbox, pending, people, prompts, workshops
from storage.prompts import Prompt
from storage.stamps import stamp
from storage.tx import Tx

MOST_REMINDERS = 2
"""Of one workshop to one person, those of the bot included."""
_MOST_LINES = 40


@dataclass(frozen=True, slots=True)
class Reminders:
    """Who has not finished in a city, and what a reminder would come to."""

    now: tuple[Prompt, ...]
    held: tuple[Prompt, ...]
    """Only in the morning, because of the quiet hours."""
    at_limit: tuple[Prompt, ...]
    """Reminded so often that it is enough."""
    unreachable: tuple[Prompt, ...]

    @property
    def wanted(self) -> tuple[Prompt, ...]:
        """What is reminded of, now or in the morning."""
        return self.now + self.held


def would_get(tx: Tx, desk: Desk, city: City) -> Reminders:
    """Who would get a reminder now; nobody who stopped, said no, takes a break or was deactivated is among them."""
    now, held, at_limit, unreachable = [], [], [], []
    for prompt in prompts.open_in_city(tx, city.code):
        person = people.by_id(tx, prompt.person_id)
        if not person.is_taking_part or person.is_paused or Role.FIELDWORKER not in person.roles():
            continue
        if people.urn_of(tx, person.id) is None:
            unreachable.append(prompt)
        elif prompt.reminders >= MOST_REMINDERS:
            at_limit.append(prompt)
        elif can_ask_now(desk.now, person.ask_when, desk.study.rhythm, city.timezone):
            now.append(prompt)
        else:
            held.append(prompt)
    return Reminders(tuple(now), tuple(held), tuple(at_limit), tuple(unreachable))


def remind_all(tx: Tx, desk: Desk, city: City, made_by: int | None) -> Reminders:
    """Remind everybody who can be reminded, and write it down; what it came to."""
    found = would_get(tx, desk, city)
    if not found.wanted:
        return found
    for prompt in found.now:
        _send(tx, desk, people.by_id(tx, prompt.person_id), prompt)
    for prompt in found.held:
        # The clock reminds in the morning, of what is then still unfinished.
        morning = _morning(desk, city)
        prompts.look_again(tx, prompt.id, min(prompt.due_on or morning, morning))
    audit.note(tx, made_by, "reminded", city.code, str(people_in(found.wanted)), desk.now)
    return found


def ask(tx: Tx, desk: Desk, caller: Caller, city: City, rest: str) -> None:
    """/remind: who would get it, who only in the morning, and who not at all; nothing is sent yet."""
    found = would_get(tx, desk, city)
    if not found.wanted:
        tell_none(tx, desk, caller, city, found)
        return
    made_on = stamp(desk.now)
    pending.wait_for(tx, caller.person.id, "remind_confirm", {"city": city.code, "made_on": made_on}, desk.now)
    acts = ("s", "c")
    labels = desk.texts.buttons("co.remind.confirm", caller.language)
    row = tuple(
        button(label, city_key(desk, caller, city, "remind", act + made_on))
        for label, act in zip(labels, acts, strict=True)
    )
    outbox.write(tx, caller.urn, Say(told(tx, desk, city, found, caller.language), (row,)), now=desk.now)


def tapped(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """[Versturen]: to those who still have not answered now; a second tap sends nothing."""
    city = picked(desk, caller, Verb.REMIND, key)
    waiting = pending.waiting_for(tx, caller.person.id, desk.now)
    if city is None or waiting is None or waiting.kind != "remind_confirm" or waiting.detail["made_on"] != key.arg[1:]:
        say_over(tx, desk, caller, str(key))
        return
    settle(tx, desk, caller, str(key))
    pending.done(tx, caller.person.id)
    if key.arg[:1] == "s":
        found = remind_all(tx, desk, city, caller.person.id)
        outbox.write(tx, caller.urn, Say(result(desk, city, found, caller.language)), now=desk.now)


def tell_none(tx: Tx, desk: Desk, caller: Caller, city: City, found: Reminders) -> None:
    """Why nobody gets one."""
    if found.at_limit:
        tell(tx, desk, caller, "co.remind.limit", max=MOST_REMINDERS)
    elif found.unreachable:
        tell(tx, desk, caller, "remind.unreachable", city=city.name)
    else:
        tell(tx, desk, caller, "remind.nobody", city=city.name)


def told(tx: Tx, desk: Desk, city: City, found: Reminders, language: str) -> str:
    """Who would get one, by code and name, and about what; who only later, and who not."""
    lines = _lines(tx, found.wanted)
    if more := len(lines) - _MOST_LINES:
        lines = lines[:_MOST_LINES] + ([desk.texts.say("remind.more", language, count=more)] if more > 0 else [])
    pieces = [desk.texts.say("co.remind.confirm", language, city=city.name, lines="\n".join(lines))]
    if found.held:
        pieces.append(_held(desk, city, found, language))
    if found.at_limit:
        codes = _codes(tx, found.at_limit)
        pieces.append(desk.texts.say("remind.limit", language, max=MOST_REMINDERS, codes=codes))
    if found.unreachable:
        pieces.append(desk.texts.say("remind.not_reached", language, codes=_codes(tx, found.unreachable)))
    return "\n\n".join((*pieces, desk.texts.say("remind.send", language)))


def result(desk: Desk, city: City, found: Reminders, language: str) -> str:
    """How many people got a reminder, and how many get it later."""
    pieces = []
    if found.now or not found.held:
        pieces.append(desk.texts.say("remind.sent", language, count=people_in(found.now)))
    if found.held:
        pieces.append(_held(desk, city, found, language))
    return "\n".join(pieces)


def people_in(found: Sequence[Prompt]) -> int:
    """How many people these prompts are of."""
    return len({prompt.person_id for prompt in found})


def _held(desk: Desk, city: City, found: Reminders, language: str) -> str:
    after = wording.when(_morning(desk, city), city.timezone, language)
    return desk.texts.say("remind.held", language, held=people_in(found.held), after=after)


def _lines(tx: Tx, found: Sequence[Prompt]) -> list[str]:
    """`K7M4 Amina: Groen, Koffie`, one for each person."""
    titles: dict[int, list[str]] = {}
    for prompt in found:
        workshop = workshops.by_id(tx, prompt.workshop_id)
        assert workshop is not None, "a prompt's workshop is never deleted"
        titles.setdefault(prompt.person_id, []).append(workshop.title)
    return [
        f"{people.by_id(tx, id).code} {people.name_of(tx, id)}".strip() + f": {', '.join(about)}"[:120]
        for id, about in titles.items()
    ]


def _codes(tx: Tx, found: Sequence[Prompt]) -> str:
    codes = list(dict.fromkeys(people.by_id(tx, prompt.person_id).code for prompt in found))
    return ", ".join(codes[:_MOST_LINES]) + (" …" if len(codes) > _MOST_LINES else "")


def _send(tx: Tx, desk: Desk, person: Person, prompt: Prompt) -> None:
    urn = people.urn_of(tx, person.id)
    assert urn is not None, "only who can be reached is reminded"
    if consenting.is_outdated(tx, desk, person):
        consenting.put_new(tx, desk, person)
    else:
        outbox.write(tx, urn, reminder(tx, desk, person, prompt), now=desk.now, priority=1)
    prompts.reminded(tx, prompt.id, prompt.due_on or desk.now + timedelta(hours=24))


def _morning(desk: Desk, city: City) -> datetime:
    return next_at(desk.now, desk.study.rhythm.quiet.end, city.timezone)
