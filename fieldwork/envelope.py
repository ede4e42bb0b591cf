"""Outgoing messages as text to be kept, and back."""

import json
from typing import Any

from fieldwork.messages import Attachment, Button, Clear, Leave, Menu, MenuItem, Outgoing, Rows, Say

_CLEAR = "clear"


class NotAnEnvelope(Exception):
    """The text was not made by `dump`."""


def dump(outgoing: Outgoing) -> str:
    """JSON of a message."""
    match outgoing:
        case Say():
            return json.dumps(_say(outgoing))
        case Menu():
            return json.dumps(_menu(outgoing))
        case Leave(words):
            return json.dumps({"leave": words})
        case Clear(messages):
            return json.dumps({_CLEAR: messages})


def load(text: str) -> Outgoing:
    """The message that `dump` wrote down. Raises NotAnEnvelope."""
    try:
        fields = json.loads(text)
        if "leave" in fields:
            return Leave(fields["leave"])
        if _CLEAR in fields:
            return Clear(tuple(fields[_CLEAR]))
        return _as_menu(fields) if "menu" in fields else _as_say(fields)
    except (ValueError, KeyError, TypeError) as error:
        raise NotAnEnvelope(f"no message can be read from it ({type(error).__name__})") from None


def is_harmless_twice(text: str) -> bool:
    """Whether `dump` wrote what changes nothing when it is carried out again: a menu, a deletion."""
    return text.startswith(('{"menu"', '{"clear"'))


def dump_data(data: str) -> str:
    """A button's data as it stands in what `dump` wrote."""
    return json.dumps(data)


def _say(say: Say) -> dict[str, Any]:
    fields: dict[str, Any] = {"say": say.text}
    if say.buttons:
        fields["buttons"] = [[[button.label, button.data] for button in row] for row in say.buttons]
    if say.attachment is not None:
        attachment = say.attachment
        fields["file"] = {"path": attachment.path, "name": attachment.name, "kind": attachment.kind}
    return fields


def _menu(menu: Menu) -> dict[str, Any]:
    return {"menu": [[item.command, item.description] for item in menu.items]}


def _as_say(fields: dict[str, Any]) -> Say:
    attachment = Attachment(**fields["file"]) if "file" in fields else None
    return Say(fields["say"], _as_buttons(fields.get("buttons", [])), attachment)


def _as_buttons(rows: list[list[list[str]]]) -> Rows:
    return tuple(tuple(Button(label, data) for label, data in row) for row in rows)


def _as_menu(fields: dict[str, Any]) -> Menu:
    return Menu(tuple(MenuItem(command, description) for command, description in fields["menu"]))
