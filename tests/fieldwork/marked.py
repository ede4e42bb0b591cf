"""The sentences by which the search for third parties is measured, and the measuring."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fieldwork.thirdparty import Sort, found_in

FOLDER = Path(__file__).parent / "thirdparty"
OTHER = "other"
"""What tells of somebody and is not looked for."""
_MARK = re.compile(r"\{(?P<sort>[a-z]+)\|(?P<words>[^}]*)\}")


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence without its marks, and where they were: sort, start, end."""

    text: str
    spans: tuple[tuple[str, int, int], ...]


@dataclass(slots=True)
class Score:
    """How one sort fared: passages found of those marked, and findings that are right of all."""

    marked: int = 0
    found: int = 0
    findings: int = 0
    right: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / self.findings if self.findings else 1.0

    @property
    def recall(self) -> float:
        return self.found / self.marked if self.marked else 1.0


def sentences(half: str) -> list[Marked]:
    """One half of the set: `dev` or `test`."""
    lines = (FOLDER / f"{half}.txt").read_text(encoding="utf-8").splitlines()
    return [_marked(line) for line in lines if line and not line.startswith("#")]


def _marked(line: str) -> Marked:
    text, spans, end = "", [], 0
    for match in _MARK.finditer(line):
        text += line[end : match.start()]
        spans.append((match["sort"], len(text), len(text) + len(match["words"])))
        text += match["words"]
        end = match.end()
    return Marked(text + line[end:], tuple(spans))


def measured(marked: Sequence[Marked]) -> dict[str, Score]:
    """By sort. A passage counts as found where a finding of its sort overlaps it."""
    scores = {str(sort): Score() for sort in (*Sort, OTHER)}
    for one in marked:
        findings = [(str(each.sort), each.start, each.end) for each in found_in(one.text)]
        for sort, start, end in one.spans:
            is_found = any(_meet((sort, start, end), each) for each in findings)
            scores[sort].marked += 1
            scores[sort].found += is_found
            if not is_found:
                scores[sort].missed.append(one.text[start:end])
        for each in findings:
            sort, start, end = each
            is_right = any(_meet(span, each) for span in one.spans)
            scores[sort].findings += 1
            scores[sort].right += is_right
            if not is_right:
                scores[sort].wrong.append(one.text[start:end])
    return scores


def _meet(one: tuple[str, int, int], other: tuple[str, int, int]) -> bool:
    """Whether both are of one sort and share a character."""
    return one[0] == other[0] and one[1] < other[2] and other[1] < one[2]
