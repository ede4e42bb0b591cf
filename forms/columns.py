"""The columns and types of XLSForm: which there are, and which of them this project reads."""

import difflib
import re
from collections.abc import Iterable
from functools import lru_cache

from pyxform.question_type_dictionary import QUESTION_TYPE_DICT

from forms.question import Kind


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SAME = {
    "relevance": "relevant",
    "calculate": "calculation",
    "readonly": "read_only",
    "caption": "label",
    "command": "type",
    "tag": "name",
    "value": "name",
    "count": "repeat_count",
    "jr:count": "repeat_count",
    "constraining_message": "constraint_message",
    "requiredmsg": "required_message",
    "noapperrorstring": "no_app_error_string",
    "id_string": "form_id",
    "set_form_id": "form_id",
    "title": "form_title",
    "set_form_title": "form_title",
}
SURVEY = _words(
    "type name label hint guidance_hint required required_message relevant constraint constraint_message"
    " calculation choice_filter default read_only trigger parameters appearance repeat_count media image"
    " big-image audio video autoplay rows body control bind instance save_to no_app_error_string disabled"
    " compact_tag"
)
CHOICES = _words("list_name name label media image big-image audio video exclusive")
SETTINGS = _words(
    "form_title form_id version default_language instance_name namespaces style allow_choice_duplicates"
    " clean_text_values submission_url public_key auto_send auto_delete name sms_keyword prefix"
)
OWN = _words("line quotable")
"""Columns of ours, written `bind::line`."""
EXPRESSIONS = _words("relevant constraint required calculation read_only choice_filter repeat_count")
WORDS = _words("label hint guidance_hint constraint_message required_message")

_SELECTS = {
    "select_one": Kind.SELECT_ONE,
    "select one": Kind.SELECT_ONE,
    "select one from": Kind.SELECT_ONE,
    "select1": Kind.SELECT_ONE,
    "add select one prompt using": Kind.SELECT_ONE,
    "select_multiple": Kind.SELECT_MULTIPLE,
    "select multiple": Kind.SELECT_MULTIPLE,
    "select all that apply": Kind.SELECT_MULTIPLE,
    "select all that apply from": Kind.SELECT_MULTIPLE,
    "add select multiple prompt using": Kind.SELECT_MULTIPLE,
}
_LONGEST_FIRST = sorted(_SELECTS, key=len, reverse=True)
_OTHER = (" or specify other", " or_other", " or other")
_BRACKET = re.compile(r"(begin|end)[\s_](group|lgroup|repeat|loop|looped[\s_]group)(\s.*)?", re.IGNORECASE)
_FROM_FILES = _words("select_one_external select_one_from_file select_multiple_from_file csv-external xml-external")
_NOT_YET = _words("rank barcode")
_NOT_AT_ALL = _words(
    "geotrace geoshape start-geopoint background-audio background-geopoint osm entity cascading_select"
)
_SORTS = {
    "int": Kind.INTEGER,
    "decimal": Kind.DECIMAL,
    "date": Kind.DATE,
    "time": Kind.TIME,
    "dateTime": Kind.DATETIME,
    "geopoint": Kind.GEOPOINT,
}


@lru_cache(1_000)
def column(header: str) -> str:
    """The column's own name, without language or upper case: `Label::English (en)` gives `label`."""
    first, _, rest = header.partition("::") if "::" in header else header.partition(":")
    name = "_".join(first.split()).lower()
    if name == "bind" and (own := rest.rpartition(":")[2]) in OWN:
        return own
    name = _SAME.get("_".join(header.split()).lower(), name)
    return _SAME.get(name, name)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that this one may be a slip of; None where none is near."""
    found = difflib.get_close_matches(word, list(known), n=1, cutoff=0.75)
    return found[0] if found else None


def list_of(type_cell: str) -> tuple[Kind, str] | None:
    """The kind and the list of a choice question's type; None for another type, "" where no list is named."""
    cell = " ".join(type_cell.split())
    if cell.partition(" ")[0] in _FROM_FILES:
        return None
    for name in _LONGEST_FIRST:
        if cell == name or cell.startswith(f"{name} "):
            words = cell.removeprefix(name).strip()
            for ending in _OTHER:
                words = words.removesuffix(ending)
            return _SELECTS[name], words.strip()
    return None


def refusal(type_cell: str) -> tuple[str, str] | None:
    """The key of the sentence and the name for a type that is refused; None for any other."""
    cell = " ".join(type_cell.split())
    first = cell.partition(" ")[0]
    known = QUESTION_TYPE_DICT.get(cell, {})
    sort = known.get("bind", {}).get("type", "") if isinstance(known, dict) else ""
    if first in _FROM_FILES:
        return "external_file", cell.partition(" ")[2] if first.endswith("_from_file") else cell
    if first in _NOT_YET or sort in _NOT_YET:
        return "not_yet", first
    if first in _NOT_AT_ALL or sort in _NOT_AT_ALL:
        return "type_not_supported", cell
    return None


def is_known(type_cell: str) -> bool:
    """Whether XLSForm has the type, read here or not."""
    cell = " ".join(type_cell.split())
    return (
        cell in QUESTION_TYPE_DICT
        or cell.lower() in QUESTION_TYPE_DICT
        or list_of(cell) is not None
        or refusal(cell) is not None
        or _BRACKET.fullmatch(cell) is not None
    )


def kind_of(type_cell: str) -> Kind | None:
    """What a default must look like for this type; None where any text will do."""
    found = list_of(type_cell)
    if found is not None:
        return found[0]
    known = QUESTION_TYPE_DICT.get(" ".join(type_cell.split()), {})
    return _SORTS.get(known.get("bind", {}).get("type", "")) if isinstance(known, dict) else None


def is_asked(type_cell: str) -> bool:
    """Whether the type asks the person something."""
    known = QUESTION_TYPE_DICT.get(" ".join(type_cell.split()), {})
    tag = known.get("control", {}).get("tag") if isinstance(known, dict) else None
    return list_of(type_cell) is not None or (bool(tag) and not type_cell.strip().endswith("note"))


def is_told(type_cell: str) -> bool:
    """Whether the type puts anything before the person, if only a note; a type nobody knows may."""
    cell = " ".join(type_cell.split())
    known = QUESTION_TYPE_DICT.get(cell, {})
    return is_asked(type_cell) or cell.endswith("note") or bool(cell and not known and not _BRACKET.fullmatch(cell))


def bracket(type_cell: str) -> str:
    """The type with its spaces set right: `begin_group` and `Begin Group` are both `begin group`."""
    cell = " ".join(type_cell.split())
    found = _BRACKET.fullmatch(cell)
    return cell if found is None else f"{found[1].lower()} {found[2].lower().replace('_', ' ')}"


def begins(type_cell: str) -> bool:
    """Whether the row opens a group or a repeat."""
    return _is_bracket(type_cell, "begin")


def ends(type_cell: str) -> bool:
    """Whether the row closes a group or a repeat; `end time` closes nothing."""
    return _is_bracket(type_cell, "end")


def _is_bracket(type_cell: str, side: str) -> bool:
    found = _BRACKET.fullmatch(" ".join(type_cell.split()))
    return found is not None and found[1].lower() == side


TYPES = tuple(
    sorted({*_SELECTS, *(name for name in QUESTION_TYPE_DICT if " " not in name), "begin_group", "end_group"})
)
