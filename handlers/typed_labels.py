"""Typing works beside tapping: the words of a button under the newest message that has any."""

from dataclasses import replace
from datetime import timedelta

from fieldwork.messages import Button, Say, Tap
from fieldwork.recognise import as_label, is_no, is_yes, plain
from fieldwork.taps import About, read_key
from handlers.desk import Caller
from storage import shown
from storage.tx import Tx

_CLOCKS_DIFFER = timedelta(seconds=3)
_OWN = ("timing", "media", "quotes")
_YES_OR_NO = ("consent", "media", "quotes")
"""The questions that a bare yes or no answers."""


def meant(tx: Tx, caller: Caller, text: str) -> tuple[Caller, str] | None:
    """The tap that the words stand for, and its button's data; None where they stand for none.

    Buttons of a question are left to the questionnaire, which knows more ways to type an answer.
    """
    newest = shown.newest_with_buttons(tx, caller.urn, caller.incoming.said_on + _CLOCKS_DIFFER)
    if newest is None:
        return None
    message, said = newest
    wanted = _wanted(said, text)
    key = None if wanted is None else read_key(wanted.data)
    if wanted is None or key is None or key.about is About.SESSION:
        return None
    tap = replace(caller.incoming, what=Tap(wanted.data), message=message)
    return replace(caller, incoming=tap), wanted.data


def one_unanswered(tx: Tx, caller: Caller) -> str:
    """The first label of the person's own question that still waits: when to ask, or what may be kept; '' for none."""
    newest = shown.newest_with_buttons(tx, caller.urn, caller.incoming.said_on + _CLOCKS_DIFFER)
    if newest is None:
        return ""
    first = newest[1].buttons[0][0]
    key = read_key(first.data)
    return first.label if key is not None and key.about is About.PERSON and key.act in _OWN else ""


def _wanted(said: Say, text: str) -> Button | None:
    buttons = [button for row in said.buttons for button in row]
    words = as_label(text)
    found = [button for button in buttons if as_label(button.label) == words]
    for is_meant, first_words in ((is_yes, ("ja", "yes")), (is_no, ("nee", "no"))):
        if not found and is_meant(text):
            found = [button for button in buttons if _is_said_by(first_words, button)]
    return found[0] if len(found) == 1 else None


def _is_said_by(first_words: tuple[str, ...], button: Button) -> bool:
    """Whether a bare yes or no stands for the button; what cannot be undone takes all of its words."""
    key = read_key(button.data)
    return key is not None and key.act in _YES_OR_NO and plain(button.label).split(",")[0] in first_words
