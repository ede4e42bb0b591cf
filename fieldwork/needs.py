"""What a question needs, in words: what is missing, and one example."""

from fieldwork.asking import LONGEST_LABEL
from fieldwork.conversation import Conversation, Stage, Voice
from forms.question import Kind, Question

_KEYS = {
    Kind.TEXT: "need.text",
    Kind.IMAGE: "need.photo",
    Kind.AUDIO: "need.voice",
    Kind.VIDEO: "q.video",
    Kind.FILE: "q.file",
    Kind.DATE: "q.date",
    Kind.TIME: "q.time",
    Kind.DATETIME: "q.datetime",
    Kind.GEOPOINT: "q.location",
    Kind.ACKNOWLEDGE: "q.acknowledge",
}


def needed(talk: Conversation, voice: Voice) -> str:
    """What can be done with what waits, with an example."""
    match talk.stage:
        case Stage.SUMMARY:
            return voice.say("need.summary")
        case Stage.CHOOSING:
            return voice.say("need.number_of_list")
        case Stage.ASKING if talk.path is not None:
            return _of_question(talk, talk.question, voice)
        case _:
            return ""


def _of_question(talk: Conversation, question: Question, voice: Voice) -> str:
    if question.kind.is_select:
        labels = [talk.walk.choice_label(question, choice.name, voice.language) for choice in question.choices[:1]]
        fits = bool(labels) and len(labels[0]) <= LONGEST_LABEL
        return voice.say("need.choice", example=labels[0] if fits else "1")
    if question.kind.is_number:
        return voice.say("need.number", example=question.range.start if question.range else "12")
    return voice.say(_KEYS.get(question.kind, "need.text"))
