"""What became of a prompt, in one word."""

from enum import StrEnum

from storage.exporting import PromptRow


class Disposition(StrEnum):
    """How things stand with one person and one workshop."""

    PLANNED = "planned"
    SENT = "sent"
    SNOOZED = "snoozed"
    OPENED = "opened"
    COMPLETE = "complete"
    LATE = "late"
    PARTIAL = "partial"
    EXPIRED = "expired"
    DECLINED = "declined"
    MISSED = "missed"
    UNDELIVERABLE = "undeliverable"
    NOT_HELD = "not_held"
    ABSENT = "absent"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


DUE = frozenset(
    {
        Disposition.SENT,
        Disposition.SNOOZED,
        Disposition.OPENED,
        Disposition.COMPLETE,
        Disposition.LATE,
        Disposition.PARTIAL,
        Disposition.EXPIRED,
        Disposition.DECLINED,
        Disposition.MISSED,
        Disposition.UNDELIVERABLE,
    }
)
"""An answer was, or should have been, asked for a workshop that took place and was attended."""

DONE = frozenset({Disposition.COMPLETE, Disposition.LATE})
"""The answers were sent."""

_SAID = {
    "not_held": Disposition.NOT_HELD,
    "absent": Disposition.ABSENT,
}
_ENDED = {
    "declined": Disposition.DECLINED,
    "missed": Disposition.MISSED,
    "cancelled": Disposition.CANCELLED,
}
_RUNNING = {
    "planned": Disposition.PLANNED,
    "asked": Disposition.SENT,
    "snoozed": Disposition.SNOOZED,
    "opened": Disposition.OPENED,
}


def disposition(prompt: PromptRow) -> Disposition:
    """The one word for a prompt; what was said about the workshop goes before all but erasing.

    Where people disagree on whether it took place, what the coordinator settled goes before what they said: nobody
    answers for what was not held, and who says that it was not while it was, was not there.
    """
    if prompt.is_erased:
        return Disposition.ERASED
    if prompt.held == "not_held" and prompt.state != "cancelled":
        return Disposition.NOT_HELD
    if prompt.held == "held" and prompt.state == "not_held":
        return Disposition.ABSENT
    if prompt.state in _SAID:
        return _SAID[prompt.state]
    if prompt.state == "completed" or prompt.session_state == "completed":
        return Disposition.LATE if prompt.is_late else Disposition.COMPLETE
    if prompt.undeliverable and prompt.state in ("expired", "missed"):
        return Disposition.UNDELIVERABLE
    if prompt.state == "expired":
        return Disposition.PARTIAL if prompt.has_answers else Disposition.EXPIRED
    if prompt.standing == "withdrawn" and prompt.state not in ("declined", "missed"):
        return Disposition.WITHDRAWN
    if prompt.state in _ENDED:
        return _ENDED[prompt.state]
    return Disposition.CANCELLED if prompt.workshop_state == "cancelled" else _RUNNING[prompt.state]
