"""What typed words mean to a question."""

from fieldwork.answerwords import moment_now
from fieldwork.conversation import Conversation, Voice
from fieldwork.recognise import Option, is_now, one, options, several
from forms.answers import Unparsed, parse
from forms.form import Kind, Question


def meant(talk: Conversation, question: Question, text: str, voice: Voice) -> str | None:
    """The value that typed words stand for; None where they stand for none."""
    if not question.kind.is_select:
        now = moment_now(talk)
        if now is not None and is_now(text) and question.kind in (Kind.TIME, Kind.DATETIME):
            return this_moment(talk, question)
        try:
            return parse(question, text, now.date() if now else None)
        except Unparsed:
            return None
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


def is_choice(talk: Conversation, text: str, voice: Voice) -> bool:
    """Whether the words are one of the answers offered, which then goes before a way of the same name."""
    return one(text, _offered(talk, talk.question, voice)) is not None


def _offered(talk: Conversation, question: Question, voice: Voice) -> tuple[Option, ...]:
    labels = [talk.walk.choice_label(question, choice.name, voice.language) for choice in question.choices]
    return options(question, labels)
