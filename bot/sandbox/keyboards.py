"""Inline keyboards: reading what a bot sends, refusing what Telegram refuses."""

from dataclasses import dataclass

from bot.sandbox.refusals import bad_request, not_emulated

DATA_LIMIT = 64
BUTTON_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message; it has either `data` for the bot or a `url`."""

    label: str
    data: str | None = None
    url: str | None = None

    def as_json(self) -> dict[str, object]:
        """The Bot API's InlineKeyboardButton object."""
        if self.url is not None:
            return {"text": self.label, "url": self.url}
        return {"text": self.label, "callback_data": self.data}


Rows = tuple[tuple[Button, ...], ...]


def rows_in(markup: object) -> Rows:
    """The rows of a `reply_markup`; none for the kinds of markup that draw nothing under a message."""
    if markup is None or markup == "":
        return ()
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "keyboard" in markup:
        raise not_emulated("reply keyboards, only inline keyboards")
    rows = markup.get("inline_keyboard", [])
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request("can't parse inline keyboard: an Array of Arrays is expected")
    parsed = tuple(tuple(_button(cell) for cell in row) for row in rows if row)
    if sum(len(row) for row in parsed) > BUTTON_LIMIT:
        raise bad_request("reply markup is too long")
    return parsed


def _button(cell: object) -> Button:
    if not isinstance(cell, dict):
        raise bad_request("can't parse inline keyboard button: expected an Object")
    label, data, url = cell.get("text"), cell.get("callback_data"), cell.get("url")
    if not isinstance(label, str) or not label.strip():
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be non-empty')
    if isinstance(url, str):
        return Button(label, url=url)
    if not isinstance(data, str):
        raise bad_request("Text buttons are unallowed in the inline keyboard")
    if not 1 <= len(data.encode()) <= DATA_LIMIT:
        raise bad_request("BUTTON_DATA_INVALID")
    return Button(label, data=data)


def markup_json(rows: Rows) -> dict[str, object]:
    """The Bot API's InlineKeyboardMarkup object."""
    return {"inline_keyboard": [[button.as_json() for button in row] for row in rows]}
