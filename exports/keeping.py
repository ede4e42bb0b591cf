"""Reflections that are worked out once and gone through several times."""

import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from io import BytesIO
from itertools import islice
from operator import attrgetter

from exports.course import Course
from exports.dataset import Reflection
from forms.form import Form
from storage.exporting import AnswerRow, PartRow, ReflectionRow
from storage.pieces import Pieces, pieces

_BATCH = 100
WORKED_OUT_COSTS = 4
"""To work a reflection out takes about as long as to go through it so often afterwards."""


class Kept:
    """Reflections as they were worked out, in their order, as often as they are wanted."""

    def __init__(
        self, reflections: Iterable[Reflection], forms: Mapping[str, Form], aside: Pieces, course: Course
    ) -> None:
        self._forms = forms
        self._aside = aside
        self._course = course
        self._numbers = [self._keep(batch) for batch in _batches(reflections)]

    def __iter__(self) -> Iterator[Reflection]:
        for number in self._numbers:
            # Only what was put aside below is ever read here.
            batch = pickle.loads(self._aside.get(number))
            for about, *worked_out in batch:
                yield Reflection(about, self._forms[about.form_hash], *worked_out)
            self._course.passed(len(batch))

    def _keep(self, batch: list[Reflection]) -> int:
        worked_out = [(each.about, each.answers, each.rows, each.parts, each.instances) for each in batch]
        self._course.passed(len(batch) * WORKED_OUT_COSTS)
        content = BytesIO()
        pickler = pickle.Pickler(content)
        pickler.dispatch_table = _MADE_FROM
        pickler.dump(worked_out)
        return self._aside.add(content.getvalue())


Made = tuple[type, tuple[object, ...]]


def _by_its_fields(kind: type) -> Callable[[object], Made]:
    """How a row is put aside: what makes it, and from what; dataclasses take four times as long by themselves."""
    values = attrgetter(*(field.name for field in fields(kind)))
    return lambda row: (kind, values(row))


_MADE_FROM: Mapping[type, Callable[[object], Made]] = {
    kind: _by_its_fields(kind) for kind in (ReflectionRow, AnswerRow, PartRow)
}


@contextmanager
def kept(reflections: Iterable[Reflection], forms: Mapping[str, Form], course: Course) -> Iterator[Kept]:
    """Keep them for as long as the block lasts; `forms` by hash are those they were given in."""
    with pieces() as aside:
        yield Kept(reflections, forms, aside, course)


def _batches(reflections: Iterable[Reflection]) -> Iterator[list[Reflection]]:
    going = iter(reflections)
    while batch := list(islice(going, _BATCH)):
        yield batch
