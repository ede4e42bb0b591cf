"""What a sent reflection says about the workshop itself: a convention between form and study."""

from collections.abc import Mapping

QUESTION = "held"
"""A form that asks under this name whether the workshop took place is understood here."""
_OUTCOMES = {"not_held": "not_held", "absent": "absent"}


def outcome(answers: Mapping[str, str]) -> str:
    """How the prompt ends: `completed`, or `not_held` or `absent` where the answers (by name) say so."""
    return _OUTCOMES.get(answers.get(QUESTION, ""), "completed")
