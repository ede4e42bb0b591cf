"""Values that a form comes with: what cannot be read as its place asks counts as blank."""

import re
from datetime import UTC

from forms.xpath.moments import Sort, read_moment

_NUMBERS = {
    "int": re.compile(r"[+-]?\d+", re.ASCII),
    "decimal": re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII),
}
_NUMBERS["integer"] = _NUMBERS["int"]
_MOMENTS = {"date": (Sort.DATE, Sort.DATETIME), "dateTime": (Sort.DATE, Sort.DATETIME), "time": (Sort.TIME,)}


def readable(text: str, sort: str) -> str:
    """The text where it is a value of this sort ("int", "date"), else blank."""
    if sort in _NUMBERS:
        return text if _NUMBERS[sort].fullmatch(text) else ""
    if sort in _MOMENTS:
        found = read_moment(text, UTC)
        return text if found and found.sort in _MOMENTS[sort] else ""
    return text
