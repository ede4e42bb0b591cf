"""Walks that the reference engine made of real forms, taken again by this one."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from forms.circumstances import Circumstances
from forms.form import Form
from forms.question import Kind, Question
from forms.walk import Refused, Walk, begin
from forms.xlsform import compile_workbook

FOLDER = Path(__file__).parents[3] / "shared" / "xlsforms"
AROUND = Circumstances(datetime(2026, 11, 22, 12, 0, tzinfo=UTC), "P01", "seed")
CANNOT_AGREE = {
    "widgets.xls": "barcode: the form asks for one, which is refused by name at upload",
}
"""The forms whose walks cannot be taken again, with what is said of them."""
_ONE = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True)
class Reference:
    """One recorded walk."""

    form: str
    walk: int
    steps: tuple[Mapping[str, object], ...]
    final: Mapping[str, str]


def recorded() -> tuple[Reference, ...]:
    lines = (FOLDER / "walks.jsonl").read_text().splitlines() if FOLDER.is_dir() else []
    found = (json.loads(line) for line in lines)
    return tuple(Reference(one["form"], int(one["walk"]), tuple(one["steps"]), one["final"]) for one in found)


@cache
def form_of(name: str) -> Form:
    return compile_workbook((FOLDER / name).read_bytes()).form


def everywhere_numbered(path: str, form: Form) -> str:
    """Our path as the reference writes it: every step with its number."""
    steps = path.strip("/").split("/")
    return "/" + "/".join([steps[0], *(step if step.endswith("]") else f"{step}[1]" for step in steps[1:])])


@dataclass
class Retaken:
    """The walk taken again, with every difference found on the way."""

    form: Form
    walk: Walk
    place: str | None = None
    differences: list[str] = field(default_factory=list)

    def differs(self, where: str, what: str, ours: object, theirs: object) -> None:
        self.differences.append(f"{where}: {what} {ours!r}, the reference has {theirs!r}")

    def waiting(self) -> Question | None:
        """What is asked after the place; what was left behind is not asked again."""
        found = self.walk.following(self.place)
        is_later = found and (self.place is None or self.form.order(found.path) > self.form.order(self.place))
        return found if is_later else None

    def step(self, step: Mapping[str, object]) -> None:
        question = self.waiting()
        if "event" in step:
            self.adds(question, step["event"])
            return
        where = str(step["path"])
        path = everywhere_numbered(question.path, self.form) if question else None
        if question is None or path != where:
            self.differs(where, "asked", path, where)
            self.place = next(
                (q.path for q in self.walk.asked() if everywhere_numbered(q.path, self.form) == where), ""
            )
            question = self.walk.question(self.place) if self.place else None
        if question is not None:
            self.compares(question, step, where)
            self.answers(question, step, where)
            self.place = question.path

    def adds(self, question: Question | None, event: object) -> None:
        assert isinstance(event, list)
        _, path, taken = event
        if question is None or question.adds is None or everywhere_numbered(question.path, self.form) != path:
            self.differs(path, "one more", question.path if question else None, path)
            return
        self.walk = self.walk.answer(question.path, "yes" if taken else "no")
        self.place = question.path

    def compares(self, question: Question, step: Mapping[str, object], where: str) -> None:
        label = _plain(self.walk.label(question, self.form.default_language))
        theirs = _plain(str(step["label"] or ""))
        if label != theirs and theirs not in ("", "-") and "[itext" not in theirs:
            self.differs(where, "label", label, theirs)
        codes = [choice.name for choice in question.choices]
        if codes != step["choices"] and question.kind is not Kind.RANGE:
            self.differs(where, "choices", codes, step["choices"])
        if (question.kind is Kind.NOTE) != step["readonly"]:
            self.differs(where, "read only", question.kind, step["readonly"])
        if self.walk.is_required(question.path) != step["required"]:
            self.differs(where, "required", self.walk.is_required(question.path), step["required"])

    def answers(self, question: Question, step: Mapping[str, object], where: str) -> None:
        answer = step["answer"]
        outcome = step["outcome"]
        try:
            if outcome == "ok":
                self.walk = self.walk.answer(question.path, str(answer))
            elif outcome == "empty" or (outcome == "skip" and question.kind is Kind.NOTE):
                self.walk = self.walk.skip(question.path)
        except Refused as refused:
            self.differs(where, "outcome", f"refused {answer!r}: {refused.reason}", outcome)

    def finishes(self, final: Mapping[str, str]) -> None:
        question = self.waiting()
        if question is not None:
            self.differs("end", "asked", question.path, None)
        ours = {everywhere_numbered(path, self.form): value for path, value in self.walk.leaves()}
        for path in final:
            if path not in ours or not _same(ours[path], final[path]):
                self.differs(path, "value", ours.get(path), final[path])
        for path in ours.keys() - final.keys():
            node = self.form.node(_ONE.sub("", path))
            is_told_apart = node is None or node.preload or node.sort in ("date", "time", "dateTime") or "meta" in path
            if not is_told_apart and not _is_stamp(ours[path]):
                self.differs(path, "value", ours[path], None)


def _is_stamp(value: str) -> bool:
    return bool(re.match(r"\d{4}-\d\d-\d\dT|\d\d:\d\d|[0-9a-f]{8}-[0-9a-f]{4}-", value))


def _plain(text: str) -> str:
    return " ".join(text.split())


def _same(ours: str, theirs: str) -> bool:
    if ours == theirs:
        return True
    try:
        return abs(float(ours) - float(theirs)) < 1e-9 * max(1.0, abs(float(theirs)))
    except ValueError:
        return _loose(ours) == _loose(theirs)


def _loose(value: str) -> str:
    """Without the zone of a time and the accuracy of a point."""
    zoned = re.sub(r"(\.\d+)?(Z|[+-]\d\d:?\d\d)$", "", value)
    words = zoned.split()
    is_point = len(words) in (3, 4) and all(re.fullmatch(r"-?\d+(\.\d+)?", word) for word in words)
    return " ".join(f"{float(word):g}" for word in words[:2]) if is_point else zoned


def differences(reference: Reference) -> list[str]:
    form = form_of(reference.form)
    retaken = Retaken(form, begin(form, {}, AROUND))
    for step in reference.steps:
        retaken.step(step)
        if len(retaken.differences) > 20:
            break
    retaken.finishes(reference.final)
    return retaken.differences


def names() -> Iterator[str]:
    yield from sorted({reference.form for reference in recorded()})
