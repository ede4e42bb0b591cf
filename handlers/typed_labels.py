"""Typing works beside tapping: the words of a button under the newest message that has any."""

from dataclasses import replace
from datetime import timedelta

from fieldwork.messages import Button, Say, Tap
from fieldwork.recognise import as_label, is_no, is_yes, number_in_words, plain
from fieldwork.taps import About, Key, read_key
from handlers.desk import Caller
from storage import shown
from storage.tx import Tx

_CLOCKS_DIFFER = timedelta(seconds=3)
_OWN = ("timing", "media", "quotes")
_YES_OR_NO = ("consent", "media", "quotes")
"""The questions that a bare yes or no answers."""
_BY_FIRST_WORDS = ("timing", "snooze")
"""Whose labels are told by their first words, such as "morgen": what they settle can be settled anew."""


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
    label, key = _first_unanswered(tx, caller)
    return label if key is not None and key.about is About.PERSON and key.act in _OWN else ""


def picks_moment(tx: Tx, caller: Caller, prompt_id: int) -> bool:
    """Whether the newest buttons are those of Later: when to ask about this workshop again."""
    _, key = _first_unanswered(tx, caller)
    return key is not None and (key.about, key.id, key.act) == (About.PROMPT, prompt_id, "snooze")


def _first_unanswered(tx: Tx, caller: Caller) -> tuple[str, Key | None]:
    """The label of the first button under the newest message that has any, and what it stands for."""
    newest = shown.newest_with_buttons(tx, caller.urn, caller.incoming.said_on + _CLOCKS_DIFFER)
    if newest is None:
        return "", None
    first = newest[1].buttons[0][0]
    return first.label, read_key(first.data)


def _wanted(said: Say, text: str) -> Button | None:
    buttons = [button for row in said.buttons for button in row]
    words = as_label(text)
    found = [button for button in buttons if as_label(button.label) == words]
    if not found:
        found = [button for button in buttons if _is_begun_by(_in_digits(words), button)]
    for is_meant, first_words in ((is_yes, ("ja", "yes")), (is_no, ("nee", "no"))):
        if not found and is_meant(text):
            found = [button for button in buttons if _is_said_by(first_words, button)]
    return found[0] if len(found) == 1 else None


def _is_said_by(first_words: tuple[str, ...], button: Button) -> bool:
    """Whether a bare yes or no stands for the button; what cannot be undone takes all of its words."""
    key = read_key(button.data)
    first = plain(button.label).split(",")[0].split(" ")[0]
    return key is not None and key.act in _YES_OR_NO and first in first_words


def _is_begun_by(words: str, button: Button) -> bool:
    """Whether the label begins with these words, or is them, as far as its kind may be told so."""
    key = read_key(button.data)
    is_told_so = bool(words) and key is not None and key.act in _BY_FIRST_WORDS
    return is_told_so and f"{as_label(button.label)} ".startswith(f"{words} ")


def _in_digits(words: str) -> str:
    return " ".join(number_in_words(word) or word for word in words.split())
