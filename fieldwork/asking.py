"""How a question looks as messages: its pictures, its words, its buttons, and its answer."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import chain, groupby

from fieldwork.answerwords import moment_now, number_in_words, suggestion, value_in_words
from fieldwork.conversation import Conversation, Speech, Voice
from fieldwork.messages import Button, Rows, Say
from fieldwork.pieces import echoed
from fieldwork.taps import About, Key, button
from forms.itext import Labels
from forms.pictures import picture_of, pictured
from forms.question import Kind, Question

LONGEST_LABEL = 20
"""Characters of a choice that still fit on a button; longer ones are numbered in the text."""
BESIDE_EACH_OTHER = 5
_SHORT = 4
_MOST_STEPS = 11
"""Numbers of a range that get a button each; of a longer one the number is typed."""
MOST_BUTTONS = 80
"""Choices that get a button each; messengers take no more than a hundred under one message."""
_HOW = {
    Kind.INTEGER: "q.number",
    Kind.DECIMAL: "q.number",
    Kind.DATE: "q.date",
    Kind.TIME: "q.time",
    Kind.DATETIME: "q.datetime",
    Kind.GEOPOINT: "q.location",
    Kind.AUDIO: "q.audio",
    Kind.VIDEO: "q.video",
    Kind.FILE: "q.file",
}
"""How to answer, for what is typed in a certain way."""


def put_question(talk: Conversation, voice: Voice, lead: str = "", keep: bool = False) -> Say:
    """The question that waits, with its buttons; `keep` adds the one that leaves the answer as it was."""
    question = talk.question
    offered = suggestion(talk, question)
    pieces = [lead, framed(talk, question, voice), *_below(talk, question, voice)]
    if offered and not talk.parts:
        pieces.append(voice.say("q.suggestion", answer=echoed(value_in_words(talk, question, offered, voice))))
    rows = (*_answers(talk, question, voice), *_ways(talk, question, voice, keep or bool(offered and not talk.parts)))
    return Say("\n\n".join(piece for piece in pieces if piece), rows)


def put_pictures(talk: Conversation, question: Question, voice: Voice) -> Iterable[Speech]:
    """The pictures that go before the question: its own, then each choice's with its words."""
    if own := picture_of(question):
        yield Speech(Say(""), picture=own)
    places = {choice.name: place for place, choice in enumerate(question.choices, start=1)}
    is_numbered = question.kind.is_select and _is_numbered(talk, question, voice)
    for choice in pictured(question):
        label = talk.walk.choice_label(question, choice.name, voice.language)
        words = f"{places[choice.name]}. {label}" if is_numbered else label
        yield Speech(Say(words), picture=picture_of(choice))


def framed(talk: Conversation, question: Question, voice: Voice) -> str:
    """`Vraag 3 van 11` and the question's own words."""
    label = talk.walk.label(question, voice.language)
    i, n = progress(talk, question.path)
    return voice.say("q.frame", i=i, n=n, question=label)


def progress(talk: Conversation, path: str | None) -> tuple[int, int]:
    """Which of the questions this is, counting from 1, and how many there are now."""
    paths = [question.path for question in talk.walk.items()]
    return (paths.index(path) + 1 if path in paths else len(paths)), len(paths)


def acknowledged(talk: Conversation, question: Question, voice: Voice, answer: str) -> Say:
    """The question after its answer: the same words, what was answered, no buttons."""
    if question.path in talk.walk.skipped:
        return Say(voice.say("skip.done", question=framed(talk, question, voice)))
    return Say(voice.say("ack.choice", question=framed(talk, question, voice), answer=answer))


def closed(talk: Conversation, voice: Voice) -> Say:
    """The question that waited, without buttons and without an answer."""
    return Say(framed(talk, talk.question, voice))


def in_words(talk: Conversation, question: Question, voice: Voice) -> str:
    """The answer as the person gave it: labels, not codes. What was passed over says so."""
    value = talk.walk.values.get(question.path, "")
    if not value:
        return voice.say("answer.skipped") if question.path in talk.walk.skipped else voice.say("answer.none")
    told = value_in_words(talk, question, value, voice)
    return told if question.kind.is_select else echoed(told)


def put_note(talk: Conversation, note: Question, voice: Voice) -> Say:
    """Something to read only; a value that the form itself puts down stands under its words."""
    label, value = talk.walk.label(note, voice.language), talk.walk.value(note.path)
    told = f"→ {echoed(value_in_words(talk, note, value, voice))}" if value else ""
    return Say("\n".join(piece for piece in (label, talk.walk.hint(note, voice.language), told) if piece))


def own_words(talk: Conversation, messages: Labels, voice: Voice) -> str:
    """What the form itself says, in its default language where it lacks the person's; '' where it says nothing."""
    return messages.get(voice.language) or messages.get(talk.walk.form.default_language, "")


def pause_and_list(talk: Conversation, voice: Voice) -> tuple[Button, ...]:
    """The buttons of the last row: a rest, and the answers so far."""
    *_, pause, list_ = voice.labels("q.nav")
    return (talk_key(talk, pause, "pause"), talk_key(talk, list_, "list"))


def _below(talk: Conversation, question: Question, voice: Voice) -> Iterable[str]:
    """What stands under the question: its hint, the numbered choices, what is chosen, how to answer."""
    yield talk.walk.hint(question, voice.language)
    if question.kind.is_select and _is_numbered(talk, question, voice):
        labels = _labels(talk, question, voice)
        yield "\n".join(f"{place}. {label}" for place, label in enumerate(labels, start=1))
    if question.kind is Kind.SELECT_MULTIPLE:
        yield voice.say("q.multi", chosen=_chosen(talk, question, voice))
    if question.kind in _HOW and (voice.media_allowed or not question.kind.is_media):
        yield voice.say(_HOW[question.kind])
    if question.kind is Kind.RANGE and question.range is not None and len(question.range) > _MOST_STEPS:
        ends = [number_in_words(end, voice.language) for end in (question.range.start, question.range.end)]
        yield voice.say("q.range", min=ends[0], max=ends[1])
    if question.kind.is_select and len(question.choices) > MOST_BUTTONS:
        yield voice.say("q.long_list")
    if question.kind is Kind.TEXT and talk.parts:
        yield voice.say("parts.kept")
    if question.kind is Kind.TEXT and voice.media_allowed:
        yield voice.say("q.text.voice_hint")
    if question.kind.is_media and not voice.media_allowed:
        off = "q.media_off_required" if talk.walk.is_required(question.path) else "q.media_off"
        yield voice.say("q.media_test" if voice.is_test else off)


def _chosen(talk: Conversation, question: Question, voice: Voice) -> str:
    if not talk.ticked:
        return voice.say("q.multi.none_yet")
    return ", ".join(talk.walk.choice_label(question, code, voice.language) for code in talk.ticked)


def _answers(talk: Conversation, question: Question, voice: Voice) -> Rows:
    """The buttons that answer the question."""
    if question.kind is Kind.SELECT_ONE:
        return _choice_rows(talk, question, voice)
    if question.kind is Kind.SELECT_MULTIPLE:
        done = talk_key(talk, voice.labels("q.multi")[0], "done")
        return (*_choice_rows(talk, question, voice), (done,))
    if question.kind is Kind.TEXT and talk.parts:
        return ((talk_key(talk, voice.labels("err.many_parts")[0], "done"),),)
    if question.kind is Kind.RANGE and question.range is not None and len(question.range) <= _MOST_STEPS:
        keys = [talk_key(talk, value, "choose", value) for value in question.range.values()]
        return in_rows(keys, BESIDE_EACH_OTHER)
    if question.kind.is_media and talk.walk.is_required(question.path) and not (voice.media_allowed or voice.is_test):
        return ((talk_key(talk, voice.labels("skip.required")[0], "unknown"),),)
    if question.kind is Kind.ACKNOWLEDGE:
        return ((talk_key(talk, voice.labels("q.acknowledge")[0], "choose", "OK"),),)
    if question.kind is Kind.DATE:
        return _recent_days(talk, voice)
    if question.kind in (Kind.TIME, Kind.DATETIME) and moment_now(talk) is not None:
        return ((talk_key(talk, voice.labels("q.time")[0], "now"),),)
    return ()


def _recent_days(talk: Conversation, voice: Voice) -> Rows:
    """Today, yesterday and the day before; none where the day is not known."""
    now = moment_now(talk)
    if now is None:
        return ()
    days = (now.date() - timedelta(days=ago) for ago in range(3))
    labels = voice.labels("q.date")
    return (tuple(talk_key(talk, label, "choose", day.isoformat()) for label, day in zip(labels, days, strict=True)),)


def _choice_rows(talk: Conversation, question: Question, voice: Voice) -> Rows:
    if len(question.choices) > MOST_BUTTONS:
        return ()
    labels = _labels(talk, question, voice)
    if _is_numbered(talk, question, voice):
        labels = [str(place) for place in range(1, len(labels) + 1)]
    keys = [_choice_key(talk, question, place, label) for place, label in enumerate(labels)]
    # In the form's order, since a typed "2" is the second that is shown.
    runs = groupby(zip(labels, keys, strict=True), lambda pair: len(pair[0]) <= _SHORT)
    rows = (in_rows([key for _, key in run], BESIDE_EACH_OTHER if is_short else 1) for is_short, run in runs)
    return tuple(chain.from_iterable(rows))


def _choice_key(talk: Conversation, question: Question, place: int, label: str) -> Button:
    """A choice's button; one of several carries the state it asks for, so that tapping twice does no harm."""
    if question.kind is Kind.SELECT_ONE:
        return talk_key(talk, label, "choose", str(place))
    is_on = question.choices[place].name in talk.ticked
    return talk_key(talk, f"✓ {label}" if is_on else label, "off" if is_on else "on", str(place))


def _ways(talk: Conversation, question: Question, voice: Voice, keep: bool) -> Rows:
    """Keep, then back and skip, then pause and the overview."""
    back, skip, *_ = voice.labels("q.nav")
    if question.kind is Kind.IMAGE:
        (skip,) = voice.labels("q.photo")
    row = []
    if talk.walk.preceding(question.path) is not None:
        row.append(talk_key(talk, back, "back"))
    if not talk.walk.is_required(question.path) and not talk.parts:
        row.append(talk_key(talk, skip, "skip"))
    kept = ((talk_key(talk, voice.labels("back.done")[0], "keep"),),) if keep else ()
    if talk.walk.guidance(question, voice.language):
        kept = (*kept, (talk_key(talk, voice.labels("q.guidance")[0], "explain"),))
    return (*kept, *((tuple(row),) if row else ()), pause_and_list(talk, voice))


def _labels(talk: Conversation, question: Question, voice: Voice) -> list[str]:
    return [talk.walk.choice_label(question, choice.name, voice.language) for choice in question.choices]


def _is_numbered(talk: Conversation, question: Question, voice: Voice) -> bool:
    labels = _labels(talk, question, voice)
    return len(labels) > MOST_BUTTONS or any(len(label) > LONGEST_LABEL for label in labels)


def talk_key(talk: Conversation, label: str, act: str, arg: str = "") -> Button:
    """A button that answers what waits in this talk now, and nothing later."""
    return button(label, Key(About.SESSION, talk.session, talk.asking, act, arg))


def in_rows(keys: Sequence[Button], width: int) -> Rows:
    """The buttons in rows of so many at the most."""
    return tuple(tuple(keys[start : start + width]) for start in range(0, len(keys), width))
