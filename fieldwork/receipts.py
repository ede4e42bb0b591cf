"""What is put between the questions: a receipt for a part of an answer, an offer, a pause."""

from fieldwork.answerwords import number_in_words
from fieldwork.asking import own_words, pause_and_list, put_question, talk_key
from fieldwork.conversation import UNKNOWN, Conversation, Voice
from fieldwork.messages import Rows, Say


def put_receipt(talk: Conversation, voice: Voice) -> Say:
    """After a message of an open answer: it is kept, and there may be more."""
    many = len(talk.parts) > 1
    key = "err.many_parts" if many else "parts.one"
    return Say(voice.say(key, k=len(talk.parts)), _receipt_rows(talk, voice, many))


def put_nudge(talk: Conversation, voice: Voice) -> Say:
    """Some quiet minutes later: whether that was all."""
    return Say(voice.say("parts.quiet"), _receipt_rows(talk, voice, True))


def _receipt_rows(talk: Conversation, voice: Voice, may_say_not_yet: bool) -> Rows:
    done, not_yet = voice.labels("err.many_parts")
    first = (talk_key(talk, done, "done"), *((talk_key(talk, not_yet, "more"),) if may_say_not_yet else ()))
    back, _, pause, list_ = voice.labels("q.nav")
    return (first, (talk_key(talk, back, "back"), talk_key(talk, pause, "pause"), talk_key(talk, list_, "list")))


def put_offer(talk: Conversation, voice: Voice) -> Say:
    """Whether it is the number that was nearly typed; or the way past a question that has to be answered."""
    if talk.offered == UNKNOWN:
        return _put_with_way_past(talk, voice)
    shown = number_in_words(talk.offered, voice.language)
    yes, no = voice.texts.buttons("number.confirm", voice.language, value=shown)
    # A choice's button carries its place in the list.
    names = [choice.name for choice in talk.question.choices]
    arg = str(names.index(talk.offered)) if talk.offered in names else talk.offered
    row = (talk_key(talk, yes, "choose", arg), talk_key(talk, no, "continue"))
    return Say(voice.say("number.confirm", value=shown), (row, pause_and_list(talk, voice)))


def put_pause(talk: Conversation, voice: Voice) -> Say:
    """The rest after Pause, with the way back."""
    (label,) = voice.labels("pause.done")
    return Say(voice.say("pause.done", deadline=voice.deadline()), ((talk_key(talk, label, "continue"),),))


def _put_with_way_past(talk: Conversation, voice: Voice) -> Say:
    """A question that has to be answered, once more and whole, with a button for who does not know."""
    (label,) = voice.labels("skip.required")
    own = own_words(talk, talk.question.required_messages, voice)
    words = f"{own}\n{voice.say('skip.unknown')}" if own else voice.say("skip.required")
    asked = put_question(talk, voice, words)
    if any(button.label == label for row in asked.buttons for button in row):
        return asked
    *rows, last = asked.buttons
    return Say(asked.text, (*rows, (talk_key(talk, label, "unknown"),), last))
