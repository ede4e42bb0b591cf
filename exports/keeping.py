"""Reflections that are worked out once and gone through several times."""

import pickle
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import IO

from exports.course import Course
from exports.dataset import Reflection
from forms.form import Form

_BATCH = 100
_IN_MEMORY = 4 << 20
"""Bytes; more goes to a file that has no name and is gone with the export."""
WORKED_OUT_COSTS = 4
"""To work a reflection out takes about as long as to go through it so often afterwards."""


class Kept:
    """Reflections as they were worked out, in their order, as often as they are wanted."""

    def __init__(
        self, reflections: Iterable[Reflection], forms: Mapping[str, Form], file: IO[bytes], course: Course
    ) -> None:
        self._forms = forms
        self._file = file
        self._course = course
        self._places = [self._keep(batch) for batch in _batches(reflections)]

    def __iter__(self) -> Iterator[Reflection]:
        for place in self._places:
            self._file.seek(place)
            # Only what was written above is ever read here.
            batch = pickle.load(self._file)
            for about, *worked_out in batch:
                yield Reflection(about, self._forms[about.form_hash], *worked_out)
            self._course.passed(len(batch))

    def _keep(self, batch: list[Reflection]) -> int:
        place = self._file.seek(0, 2)
        pickle.dump([(each.about, each.answers, each.rows, each.parts, each.instances) for each in batch], self._file)
        self._course.passed(len(batch) * WORKED_OUT_COSTS)
        return place


@contextmanager
def kept(reflections: Iterable[Reflection], forms: Mapping[str, Form], course: Course) -> Iterator[Kept]:
    """Keep them for as long as the block lasts; `forms` by hash are those they were given in."""
    with SpooledTemporaryFile(_IN_MEMORY) as file:
        yield Kept(reflections, forms, file, course)


def _batches(reflections: Iterable[Reflection]) -> Iterator[list[Reflection]]:
    going = iter(reflections)
    while batch := list(islice(going, _BATCH)):
        yield batch
