"""The columns and types of XLSForm: which there are, and which of them this project reads."""

import difflib
from collections.abc import Iterable

from pyxform.question_type_dictionary import QUESTION_TYPE_DICT

from forms.form import Kind


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
UNREAD = _words("choice_filter default trigger repeat_count save_to")
EXPRESSIONS = _words("relevant constraint required calculation")
WORDS = _words("label hint constraint_message required_message")

_KINDS = {
    "text": Kind.TEXT,
    "string": Kind.TEXT,
    "integer": Kind.INTEGER,
    "int": Kind.INTEGER,
    "decimal": Kind.DECIMAL,
    "range": Kind.RANGE,
    "image": Kind.IMAGE,
    "photo": Kind.IMAGE,
    "audio": Kind.AUDIO,
    "note": Kind.NOTE,
    "select_one": Kind.SELECT_ONE,
    "select one": Kind.SELECT_ONE,
    "select one from": Kind.SELECT_ONE,
    "select1": Kind.SELECT_ONE,
    "select_multiple": Kind.SELECT_MULTIPLE,
    "select all that apply": Kind.SELECT_MULTIPLE,
    "select all that apply from": Kind.SELECT_MULTIPLE,
}
_UNASKED = frozenset({"calculate", "hidden", "begin group", "end group"})
_SELECTS = sorted((name for name, kind in _KINDS.items() if kind.is_select), key=len, reverse=True)
_FROM_FILES = _words("select_one_external select_one_from_file select_multiple_from_file")
_BRACKETS = ("begin repeat", "end repeat", "begin loop", "end loop")


def column(header: str) -> str:
    """The column's own name, without language or upper case: `Label::English (en)` gives `label`."""
    first, _, rest = header.partition("::") if "::" in header else header.partition(":")
    name = "_".join(first.split()).lower()
    if name == "bind" and rest.rpartition(":")[2] == "line":
        return "line"
    name = _SAME.get("_".join(header.split()).lower(), name)
    return _SAME.get(name, name)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that this one may be a slip of; None where none is near."""
    found = difflib.get_close_matches(word, list(known), n=1, cutoff=0.75)
    return found[0] if found else None


def list_of(type_cell: str) -> tuple[Kind, str] | None:
    """The kind and the list of a choice question's type; None for another type, "" where no list is named."""
    cell = " ".join(type_cell.split())
    for name in _SELECTS:
        if cell == name or cell.startswith(f"{name} "):
            words = cell.removeprefix(name).removesuffix(" or specify other").removesuffix(" or_other")
            return _KINDS[name], words.strip()
    return None


def is_read(type_cell: str) -> bool:
    """Whether this project reads the type."""
    cell = bracket(type_cell)
    return cell in _KINDS or cell in _UNASKED or list_of(type_cell) is not None


def is_known(type_cell: str) -> bool:
    """Whether XLSForm has the type, read here or not."""
    cell = bracket(type_cell)
    return (
        is_read(type_cell)
        or cell.startswith(_BRACKETS)
        or cell.partition(" ")[0] in _FROM_FILES
        or " ".join(type_cell.split()) in QUESTION_TYPE_DICT
        or cell in QUESTION_TYPE_DICT
    )


def bracket(type_cell: str) -> str:
    """The type with its spaces set right: `begin_group` and `Begin Group` are both `begin group`."""
    cell = " ".join(type_cell.split())
    words = cell.lower().replace("_", " ").split()
    if len(words) == 2 and words[0] in ("begin", "end"):
        return " ".join(words)
    return cell if cell in _KINDS else cell.lower()


TYPES = tuple(sorted({*_KINDS, "calculate", "hidden", "begin_group", "end_group"}))
