"""The question after a workshop whether to answer now, and reminders of it, with their buttons."""

from fieldwork.messages import Button, Rows, Say
from fieldwork.people import Person
from fieldwork.taps import About, Key, button
from handlers.desk import Desk
from handlers.reflecting.talks import number_of_questions, talk_of
from storage import people, sessions, workshops
from storage.prompts import Prompt
from storage.tx import Tx
from storage.workshops import Workshop


def invitation_to_answer(tx: Tx, desk: Desk, person: Person, prompt: Prompt, key: str) -> Say:
    """`prompt.ask` or a reminder of it, with its buttons."""
    workshop = workshop_of(tx, prompt)
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
    workshop = workshop_of(tx, prompt)
    deadline = desk.when(prompt.closes_on, workshop.city, person.language)
    i, n = talk_of(tx, desk, person, session).progress()
    if session.path is None:
        text = desk.texts.say("remind.unsent", person.language, workshop=workshop.title, deadline=deadline)
    else:
        text = desk.texts.say("remind.halfway", person.language, i=i, n=n, left=n - i + 1, deadline=deadline)
    return Say(text, _buttons(desk, person.language, prompt, "remind.halfway"))


def _buttons(desk: Desk, language: str, prompt: Prompt, key: str) -> Rows:
    labels = desk.texts.buttons(key, language)
    acts = ("start", "later", "absent")[: len(labels)]
    first, *others = (prompt_button(prompt, label, act) for label, act in zip(labels, acts, strict=True))
    return ((first,), tuple(others))


def prompt_button(prompt: Prompt, label: str, act: str, arg: str = "") -> Button:
    return button(label, Key(About.PROMPT, prompt.id, 0, act, arg))


def workshop_of(tx: Tx, prompt: Prompt) -> Workshop:
    workshop = workshops.by_id(tx, prompt.workshop_id)
    assert workshop is not None, "a prompt's workshop is never deleted"
    return workshop
