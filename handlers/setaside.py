"""What failed for good and waits for the operator: listed with its reason, and tried once more when told."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from storage import inbox, jobs, letters, prompts
from storage.tx import Rows, Tx


@dataclass(frozen=True, slots=True)
class SetAside:
    """One thing; `id` is what `terugblik replay` takes."""

    id: str
    reason: str
    since_on: datetime | None
    """When it came, was written, wanted or due; None where that is not known."""
    urn: str = ""
    """The address a message was for; '' for anything else."""


def set_aside(rows: Rows) -> list[SetAside]:
    """Updates, messages, work and prompts that failed for good, each kind oldest first."""
    return [
        *(SetAside(f"update-{one.id}", one.error, one.received_on) for one in inbox.dead(rows)),
        *(SetAside(f"message-{one.id}", one.error, one.written_on, one.urn) for one in letters.dead(rows)),
        *(
            SetAside(f"job-{one.id}", f"{one.kind}: {one.error}", one.made_on)
            for one in jobs.failing(rows)
            if one.is_given_up
        ),
        *(SetAside(f"prompt-{number}", error, due_on) for number, error, due_on in prompts.dead(rows)),
    ]


def replay(tx: Tx, id: str, now: datetime) -> bool:
    """Try one of them once more; False where there is nothing to try under this id."""
    kind, _, number = id.partition("-")
    kinds: dict[str, Callable[[int], bool]] = {
        "update": lambda row: inbox.replay(tx, row),
        "message": lambda row: letters.replay(tx, row),
        "job": lambda row: jobs.replay(tx, row, now),
        "prompt": lambda row: prompts.replay(tx, row),
    }
    if kind not in kinds or not (number.isascii() and number.isdigit() and len(number) < 19):
        return False
    return kinds[kind](int(number))
