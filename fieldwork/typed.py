"""What typed words mean to a question."""

from fieldwork.conversation import Conversation, Voice
from fieldwork.recognise import Option, one, options, several
from forms.answers import Unparsed, parse
from forms.form import Kind, Question


def meant(talk: Conversation, question: Question, text: str, voice: Voice) -> str | None:
    """The value that typed words stand for; None where they stand for none."""
    if not question.kind.is_select:
        try:
            begun_on = talk.walk.around.begun_on
            return parse(question, text, begun_on.date() if begun_on else None)
        except Unparsed:
            return None
    offered = _offered(talk, question, voice)
    if question.kind is Kind.SELECT_ONE:
        return one(text, offered)
    codes = several(text, offered)
    return None if codes is None else " ".join(codes)


def is_choice(talk: Conversation, text: str, voice: Voice) -> bool:
    """Whether the words are one of the answers offered, which then goes before a way of the same name."""
    return one(text, _offered(talk, talk.question, voice)) is not None


def _offered(talk: Conversation, question: Question, voice: Voice) -> tuple[Option, ...]:
    labels = [talk.walk.choice_label(question, choice.name, voice.language) for choice in question.choices]
    return options(question, labels)
