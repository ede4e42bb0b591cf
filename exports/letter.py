"""A weekly summary as an e-mail: plain words, the same laid out with its picture, and workbooks."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape

_POLICY = policy.SMTP.clone(max_line_length=78)
_FONT = "-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
_INK, _DARK, _GREY, _PALE, _LINE = "#22313A", "#1F4E5F", "#5F686E", "#F3F7F8", "#D9E1E4"
_SIDE = "16px"
_PICTURE = 390
"""Pixels across, as it was drawn for a phone."""


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that goes with a letter."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Pictured:
    """A PNG that is shown within the letter, and its words for who does not see it."""

    png: bytes
    caption: str


@dataclass(frozen=True, slots=True)
class Letter:
    """What an e-mail says."""

    sender: Address
    to: str
    subject: str
    message_id: str
    """The same however often the letter is sent; with its angle brackets."""
    written_on: datetime
    language: str
    text: str
    """Blocks with a blank line between; a first line that ends with a colon is a heading."""
    foot: str
    pictures: Sequence[Pictured] = ()
    files: Sequence[Enclosed] = ()


WORKBOOK = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def message_id(sender: Address, *about: str) -> str:
    """An id that is always the same for the same letter and says nothing about it."""
    return f"<{hashlib.sha256(' '.join(about).encode()).hexdigest()[:40]}@{sender.domain}>"


def email_of(letter: Letter) -> EmailMessage:
    """The message as it is sent; the same letter, the same bytes."""
    message = EmailMessage(_POLICY)
    message["From"] = letter.sender
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.written_on)
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = letter.language
    message.set_content(_plain(letter), cte="quoted-printable")
    message.add_alternative(_page(letter), subtype="html", cte="quoted-printable")
    page = message.get_payload(1)
    assert isinstance(page, EmailMessage)
    for number, picture in enumerate(letter.pictures, start=1):
        cid, name = _cid(letter, number), f"week-{number}.png"
        page.add_related(picture.png, "image", "png", cid=cid, filename=name, disposition="inline")
    for file in letter.files:
        message.add_attachment(file.content, *WORKBOOK, filename=file.name)
    _set_boundaries(message, letter.message_id)
    return message


def _set_boundaries(message: EmailMessage, seed: str) -> None:
    """By the letter, not by chance."""
    for number, part in enumerate(message.walk()):
        if part.is_multipart():
            part.set_boundary(f"=_{hashlib.sha256(f'{seed} {number}'.encode()).hexdigest()[:32]}")


def _cid(letter: Letter, number: int) -> str:
    return f"<picture-{number}.{letter.message_id[1:]}"


def _plain(letter: Letter) -> str:
    captions = [picture.caption for picture in letter.pictures]
    return "\n\n".join([letter.text, *captions, f"-- \n{letter.foot}"]) + "\n"


def _page(letter: Letter) -> str:
    head, *blocks = letter.text.split("\n\n")
    body = [_head(head), *(_block(block) for block in blocks)]
    shown = [_picture(picture, _cid(letter, number)) for number, picture in enumerate(letter.pictures, start=1)]
    body[2:2] = shown
    return (
        f'<!DOCTYPE html><html lang="{letter.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(letter.subject)}</title></head>"
        f'<body style="margin:0;padding:0;background:{_PALE}">'
        f'<div style="max-width:560px;margin:0 auto;padding:24px 0;background:#FFFFFF;color:{_INK};'
        f'font:16px/1.5 {_FONT}">{"".join(body)}'
        f'<p style="margin:28px {_SIDE} 0;padding-top:12px;border-top:1px solid {_LINE};color:{_GREY};font-size:14px">'
        f"{_lines(letter.foot)}</p></div></body></html>"
    )


def _head(block: str) -> str:
    title, _, rest = block.partition("\n")
    under = f'<p style="margin:0 {_SIDE} 20px;color:{_GREY}">{_lines(rest)}</p>' if rest else ""
    return f'<h1 style="margin:0 {_SIDE} 4px;font-size:22px;line-height:1.3;color:{_DARK}">{escape(title)}</h1>{under}'


def _block(block: str) -> str:
    first, _, rest = block.partition("\n")
    if first.endswith(":") and rest:
        heading = f'<h2 style="margin:24px {_SIDE} 4px;font-size:17px;color:{_DARK}">{escape(first[:-1])}</h2>'
        return f'{heading}<p style="margin:0 {_SIDE} 12px">{_lines(rest)}</p>'
    return f'<p style="margin:0 {_SIDE} 12px">{_lines(block)}</p>'


def _picture(picture: Pictured, cid: str) -> str:
    """As wide as the phone: on anything narrower its small letters would be too small."""
    return (
        f'<p style="margin:20px 0"><img src="cid:{cid[1:-1]}" width="{_PICTURE}" '
        f'alt="{escape(picture.caption)}" style="display:block;width:100%;max-width:{_PICTURE}px;height:auto"></p>'
    )


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")
