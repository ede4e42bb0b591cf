"""One update of the inbox, in one transaction: seen before or not, handled, and closed."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from fieldwork.messages import Incoming, Tap
from handlers import dispatch
from handlers.desk import Desk
from storage import inbox
from storage.troubles import is_storage_fault
from storage.tx import Tx

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Toast:
    """The word beside a tapped button, to be said once, right after the commit."""

    key: str
    text: str


def receive(tx: Tx, desk: Desk, row: int, incoming: Incoming | None) -> Toast | None:
    """Handle an update; None came to nothing or was handled before."""
    if incoming is None or inbox.seen(tx, incoming.key):
        inbox.handled(tx, row, None, desk.now)
        return None
    text = dispatch.handle(tx, desk, incoming, inbox.meaning(tx, row), row)
    inbox.handled(tx, row, incoming.key, desk.now)
    return Toast(incoming.key, text) if isinstance(incoming.what, Tap) else None


def set_aside(tx: Tx, desk: Desk, row: int, error: str, incoming: Incoming | None, chat: str = "") -> None:
    """Count a failure and keep what it was about; after the last one the person reads that something went wrong.

    `chat` is the address it came from, where it could not be read who wrote what.
    """
    if incoming is not None:
        _if_it_can(tx, lambda: _note_meaning(tx, desk, row, incoming))
    if not inbox.failed(tx, row, error, desk.now):
        return
    if incoming is not None:
        _if_it_can(tx, lambda: dispatch.apologise(tx, desk, incoming))
    else:
        _if_it_can(tx, lambda: dispatch.apologise_to(tx, desk, chat))


def _note_meaning(tx: Tx, desk: Desk, row: int, incoming: Incoming) -> None:
    meant = dispatch.meaning(tx, desk, incoming)
    if meant is not None:
        inbox.keep_meaning(tx, row, meant)


def _if_it_can(tx: Tx, do: Callable[[], None]) -> None:
    """What made an update fail may make this fail too, whatever it is; setting it aside must not."""
    try:
        with tx.part():
            do()
    except Exception as failure:
        if is_storage_fault(failure):
            raise
        log.exception("an update is set aside without more")
