"""How the summary of all answers looks, and the list to change one of them."""

from fieldwork.asking import BESIDE_EACH_OTHER, MOST_BUTTONS, in_rows, in_words, talk_key
from fieldwork.conversation import Conversation, Stage, Voice, spot
from fieldwork.messages import Say
from fieldwork.pieces import cut, units
from forms.question import Question

_LONGEST_SUMMARY = 3500
"""UTF-16 units, as messengers count."""


def put_summary(talk: Conversation, voice: Voice) -> Say:
    """All answers, and whether they are right."""
    yes, change = voice.labels("done.summary")
    row = (talk_key(talk, yes, "send"), talk_key(talk, change, "change"))
    return Say(voice.say("done.summary", summary=_list_of_answers(talk, voice)), (row,))


def put_list(talk: Conversation, voice: Voice) -> Say:
    """The answered questions by number, to change one of them."""
    questions = talk.walk.items()
    back = (talk_key(talk, voice.labels("done.choose")[0], "keep"),)
    if not any(talk.walk.is_done(question.path) for question in questions):
        return Say(voice.say("overview.nothing"), (back,))
    numbers = [
        talk_key(talk, str(place), "jump", spot(talk.walk, question))
        for place, question in enumerate(questions, start=1)
        if talk.walk.is_done(question.path)
    ]
    text = "\n\n".join((voice.say("done.choose"), _list_of_answers(talk, voice)))
    return Say(text, (*in_rows(numbers[:MOST_BUTTONS], BESIDE_EACH_OTHER), back))


def _list_of_answers(talk: Conversation, voice: Voice) -> str:
    in_short = talk.stage is Stage.CHOOSING
    lines = [
        f"{place}. {_named(talk, question, voice)}\n→ {in_words(talk, question, voice)}"
        for place, question in enumerate(talk.walk.items(), start=1)
        if not in_short or talk.walk.is_done(question.path)
    ]
    room = _LONGEST_SUMMARY // max(1, len(lines))
    whole = "\n\n".join(lines)
    return whole if units(whole) <= _LONGEST_SUMMARY else "\n\n".join(cut(line, room) for line in lines)


def _named(talk: Conversation, question: Question, voice: Voice) -> str:
    """The question's words; of the second time in a repeat and later ones with the number."""
    label = talk.walk.label(question, voice.language)
    return f"{label} ({question.instance})" if question.instance > 1 and not question.adds else label
