"""What typed words mean to a question."""

import re

from fieldwork.answerwords import moment_now
from fieldwork.conversation import Conversation, Voice
from fieldwork.recognise import Option, is_now, number_in_words, number_within, one, options, plain, several
from fieldwork.taps import is_count
from forms.answers import Unparsed, parse
from forms.question import Kind, Question

_WHOLE = re.compile(r"[+-]?\d{1,20}", re.ASCII)


def meant(talk: Conversation, question: Question, text: str, voice: Voice) -> str | None:
    """The value that typed words stand for; None where they stand for none."""
    if not question.kind.is_select:
        if is_now(text) and question.kind in (Kind.TIME, Kind.DATETIME):
            return this_moment(talk, question)
        return _parsed(talk, question, text) or _spelt(talk, question, text)
    offered = _offered(talk, question, voice)
    if question.kind is Kind.SELECT_ONE:
        return one(text, offered)
    codes = several(text, offered)
    return None if codes is None else " ".join(codes)


def this_moment(talk: Conversation, question: Question) -> str | None:
    """The present as an answer to a question for a time, or for a date and a time; None where nobody knows it."""
    now = moment_now(talk)
    if now is None:
        return None
    clock = now.time().isoformat("minutes") + ":00"
    return clock if question.kind is Kind.TIME else f"{now.date().isoformat()}T{clock}"


def about(talk: Conversation, question: Question, text: str) -> str | None:
    """The number that words like "ongeveer 12" come near to, to be asked about and never taken unasked.

    On a scale made of choices it is the choice with that number.
    """
    number = number_within(text) if question.kind.is_number or question.kind is Kind.SELECT_ONE else None
    if number is None or question.kind.is_number:
        return None if number is None else _parsed(talk, question, number)
    return number if is_count(number) and question.choice(number) is not None else None


def beyond_scale(question: Question, text: str) -> tuple[str, int, int] | None:
    """The number that was typed and the ends of the scale that it lies outside of; None where it is no such number."""
    steps = [int(choice.name) for choice in question.choices if is_count(choice.name)]
    found = _WHOLE.fullmatch(number_in_words(text) or text.strip())
    if question.kind is not Kind.SELECT_ONE or not steps or found is None:
        return None
    low, high = min(steps), max(steps)
    return None if low <= int(found[0]) <= high else (found[0], low, high)


def _parsed(talk: Conversation, question: Question, text: str) -> str | None:
    now = moment_now(talk)
    try:
        return parse(question, text, now.date() if now else None)
    except Unparsed:
        return None


def _spelt(talk: Conversation, question: Question, text: str) -> str | None:
    return _parsed(talk, question, number_in_words(text) or plain(text)) if question.kind.is_number else None


def is_choice(talk: Conversation, text: str, voice: Voice) -> bool:
    """Whether the words are one of the answers offered, which then goes before a way of the same name."""
    return one(text, _offered(talk, talk.question, voice)) is not None


def _offered(talk: Conversation, question: Question, voice: Voice) -> tuple[Option, ...]:
    labels = [talk.walk.choice_label(question, choice.name, voice.language) for choice in question.choices]
    return options(question, labels)
