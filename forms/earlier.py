"""The names of hidden fields that are filled, when a person begins, from what they sent before."""

from collections.abc import Container

COUNT = "completed_count"
"""How many reflections the person told with this form before."""
PREVIOUS = "previous_"
"""Before the name of a question, hidden or calculated field: what the last of those reflections submitted under it."""


def unknown(type_cell: str, name: str, names: Container[str]) -> str | None:
    """The question that a hidden field wants the earlier answer of, where the form has none of that name."""
    wanted = name.removeprefix(PREVIOUS)
    is_filled = " ".join(type_cell.split()) == "hidden" and name.startswith(PREVIOUS)
    return wanted if is_filled and wanted not in names else None
