"""One questionnaire at a time."""

from handlers.desk import Caller, Desk, tell
from handlers.reflecting import reflection
from handlers.reflecting.promptwords import workshop_of
from handlers.reflecting.talks import Talk, active_talk
from storage import prompts
from storage.prompts import Prompt
from storage.tx import Tx


def busy_elsewhere(tx: Tx, desk: Desk, caller: Caller, prompt: Prompt) -> Talk | None:
    """The talk about another workshop that has to be finished first; a change to a sent one is put down."""
    talk = active_talk(tx, desk, caller.person)
    if talk is None or talk.session.prompt_id in (None, prompt.id):
        return None
    if talk.now.sent:
        talk.leave()
        return None
    return talk


def finish_first(tx: Tx, desk: Desk, caller: Caller, busy: Talk) -> None:
    assert busy.session.prompt_id is not None
    other = prompts.by_id(tx, busy.session.prompt_id)
    assert other is not None
    tell(tx, desk, caller, "err.busy", workshop=workshop_of(tx, other).title)
    reflection.repeat(caller, busy)
