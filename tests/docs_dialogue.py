"""The dialogue as a picture and a table: what is in its table of moves, and where each move was seen to lead."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from fieldwork import dialogue, ways
from fieldwork.conversation import (
    Chose,
    Confirmed,
    Conversation,
    Doubted,
    Event,
    Jumped,
    Missed,
    Part,
    Pointed,
    Showed,
    Stage,
    Ticked,
    Voice,
    Went,
    Wrote,
)
from fieldwork.recognise import Way
from fieldwork.texts import Texts, read_texts
from forms.question import Kind, Question
from forms.walk import Walk, begin
from forms.xlsform import compile_workbook

_EVENTS: dict[type[Event], str] = {
    Chose: "a choice is tapped",
    Ticked: "one of several is switched",
    Wrote: "something is typed",
    Showed: "a recording, picture or other file comes",
    Pointed: "a place on the map comes",
    Went: "back, skip, pause, done, continue, keep",
    Missed: "something comes that nothing can take",
    Confirmed: "the summary is confirmed",
    Doubted: "something has to change",
    Jumped: "an answer is picked from the list",
}


class _Wordless(Texts):
    """Labels as they are; nothing that is said decides where a move leads, and wording it was most of the work."""

    def say(self, key: str, language: str, **values: object) -> str:
        """The key."""
        return key


_PART = Part("voice", "", "chat#2", 1, "voice-1.ogg")
_Seen = Mapping[tuple[Stage, type[Event]], frozenset[Stage]]


def dialogue_table(project: Path) -> Iterator[tuple[str, str, str, str]]:
    """A row for every entry of the table: stage, event, what comes of it, the stages it can lead to."""
    seen = _seen(project)
    for (stage, event), move in dialogue.MOVES.items():
        leads = ", ".join(one.value for one in Stage if one in seen[stage, event])
        yield stage.value, f"`{event.__name__}`: {_EVENTS[event]}", f"`{move.__name__}`", leads


def dialogue_diagram(project: Path) -> str:
    """A Mermaid state diagram of the same."""
    arrows: dict[tuple[Stage, Stage], list[str]] = {}
    for (stage, event), targets in _seen(project).items():
        for target in targets:
            arrows.setdefault((stage, target), []).append(event.__name__)
    order = list(Stage)
    lines = [
        f"    {source} --> {target}: {', '.join(arrows[source, target])}"
        for source in order
        for target in order
        if (source, target) in arrows
    ]
    around = ("    [*] --> asking", *lines, "    ended --> choosing: /answers", "    ended --> [*]")
    return "\n".join(("```mermaid", "stateDiagram-v2", *around, "```", ""))


@cache
def _seen(project: Path) -> _Seen:
    """Where every move leads, found by taking each one from every kind of moment in the project's questionnaire."""
    voice = _voice(project)
    seen: dict[tuple[Stage, type[Event]], set[Stage]] = {pair: set() for pair in dialogue.MOVES}
    for beginning in _beginnings(project, voice):
        for talk, event, after in _steps(beginning, voice):
            seen[talk.stage, type(event)].add(after.stage)
    return {pair: frozenset(stages) for pair, stages in seen.items()}


def _steps(beginning: Conversation, voice: Voice) -> Iterator[tuple[Conversation, Event, Conversation]]:
    """Every event at every kind of moment that can be come to, and what it leads to."""
    waiting = deque([beginning])
    known = {_moment(beginning)}
    while waiting:
        talk = waiting.popleft()
        reached = [ways.overview(talk, voice).conversation]
        for event in _events(talk):
            reached.append(dialogue.step(talk, event, voice).conversation)
            yield talk, event, reached[-1]
        for after in reached:
            if _moment(after) not in known:
                known.add(_moment(after))
                waiting.append(after)


def _beginnings(project: Path, voice: Voice) -> Iterator[Conversation]:
    """A talk that begins, the change of one that was sent, and one with an answer that no longer applies."""
    workbook = project / "forms" / "questionnaires" / "wijkwerkplaats_reflectie.xlsx"
    form = compile_workbook(workbook.read_bytes()).form
    first = dialogue.begin(Conversation(1, begin(form, {}), Stage.ASKING), voice).conversation
    yield first
    absent = _answered(first.walk, held="absent")
    yield ways.overview(Conversation(1, absent, Stage.ENDED, sent=True), voice).conversation
    orphan = _answered(first.walk, held="as_planned", friction="help_enforce", friction_story="x")
    yield ways.overview(replace(first, walk=_answered(orphan, friction="none")), voice).conversation


def _answered(walk: Walk, **answers: str) -> Walk:
    """The walk with these answers, by question."""
    for name, value in answers.items():
        question = walk.form.named(name)
        assert question is not None
        walk = walk.answer(question.path, value)
    return walk


def _moment(talk: Conversation) -> tuple[object, ...]:
    """What makes two moments of a talk alike, as far as moves are concerned."""
    walk = talk.walk
    is_last = all(question.path == talk.path or walk.is_done(question.path) for question in walk.items())
    told = bool(talk.ticked), bool(talk.parts), min(talk.misses, 3)
    has_orphans = any(walk.is_done(path) and not walk.is_relevant(path) for path in walk.values)
    # Outside the asking only the kind of question matters: what can be said to it.
    place = talk.path if talk.stage is Stage.ASKING or not talk.path else talk.question.kind
    return (talk.stage, place, *told, talk.sent, is_last, has_orphans)


def _events(talk: Conversation) -> Iterator[Event]:
    """What can happen and is in the table."""
    return (event for event in _anything(talk) if (talk.stage, type(event)) in dialogue.MOVES)


def _anything(talk: Conversation) -> Iterator[Event]:
    """One of everything, as it suits what waits."""
    yield from (Went(way) for way in Way)
    yield from (Wrote(text, "chat#1") for text in ("klaar", "ja", "1", "xyz", "terug", "pauze"))
    yield from (Missed("err.sticker"), Pointed("52.1 5.1 0 0", "chat#3"), Confirmed(), Doubted())
    yield from (Jumped(question.path) for question in talk.walk.form.questions if question.path in talk.walk.values)
    if talk.stage is Stage.ASKING:
        yield from _answers(talk.question)


def _answers(question: Question) -> Iterator[Event]:
    """What is tapped or sent at a question."""
    if question.kind is Kind.SELECT_ONE:
        yield from (Chose(choice.name) for choice in question.choices)
    elif question.kind is Kind.SELECT_MULTIPLE:
        yield Ticked(question.choices[0].name, True)
    elif question.kind is Kind.IMAGE:
        yield Showed(replace(_PART, kind="photo", file="photo-1.jpg"))
    else:
        yield Showed(_PART)


def _voice(project: Path) -> Voice:
    texts = _Wordless(read_texts((project / "fieldwork" / "texts.yaml").read_text(encoding="utf-8")).entries)
    return Voice(
        texts, "nl", lambda: "Fatima", lambda: "maandag om 20:15", lambda: "vrijdag om 9:00", media_allowed=True
    )
