"""A walk built again from what was kept of it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

from forms.circumstances import Circumstances
from forms.form import Form
from forms.walk import Walk, hidden_by_path


class Kept(Protocol):
    """An answer as it is kept; what was not answered was passed over."""

    @property
    def path(self) -> str: ...

    @property
    def outcome(self) -> str: ...

    @property
    def value(self) -> str: ...


def rebuilt(
    form: Form,
    hidden: Mapping[str, str],
    frozen: Mapping[str, str],
    answers: Iterable[Kept],
    around: Circumstances,
    now: datetime,
) -> Walk:
    """The walk with these current answers, and what the form set once; `hidden` is by name, `frozen` by path."""
    kept = tuple(answers)
    given = {answer.path: answer.value for answer in kept if answer.outcome == "answered"}
    passed = frozenset(answer.path for answer in kept if answer.outcome != "answered")
    return Walk(form, {**hidden_by_path(form, hidden), **given}, passed, frozen, around, now)
