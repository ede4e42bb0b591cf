"""A document to read on a phone or print: one HTML file that needs nothing from anywhere."""

import base64
import io
import mimetypes
from html import escape
from pathlib import Path

_WIDEST = 1000
"""Pixels of a picture in a page; the archive beside it has the whole one."""

STYLE = """
:root { color-scheme: light; }
body { margin: 0; background: #fff; color: #1b1b1b; font: 1.0625rem/1.55 system-ui, sans-serif; }
main { max-width: 42rem; margin: 0 auto; padding: 1.25rem 1.25rem 3rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.375rem; line-height: 1.25; margin: 0; padding-top: 1.5rem; border-top: 3px solid #1f5f4b; }
h3 { font-size: 1rem; line-height: 1.4; margin: 1.25rem 0 .25rem; }
p { margin: .25rem 0; overflow-wrap: anywhere; }
dt { overflow-wrap: anywhere; }
dd { margin: 0 0 .5rem 1.25rem; overflow-wrap: anywhere; white-space: pre-line; color: #555; }
.words { white-space: pre-line; }
.about, .passed { color: #555; }
.about { margin-bottom: .75rem; }
section { margin-top: 2.5rem; }
.passed { margin-top: 1.25rem; }
nav ul { padding-left: 1.25rem; }
a { color: #14503d; }
figure { margin: .75rem 0; }
img { display: block; max-width: 100%; height: auto; border-radius: 6px; }
figcaption { color: #555; }
audio { display: block; width: 100%; margin: .25rem 0; }
@page { size: A4; margin: 18mm 16mm; }
@media print {
  body { font-size: 11pt; }
  main { max-width: none; padding: 0; }
  nav, audio { display: none; }
  h2, h3 { break-after: avoid; }
  figure { break-inside: avoid; }
  p { orphans: 3; widows: 3; }
  img { max-height: 90mm; width: auto; }
}
""".strip()


def page(title: str, language: str, body: str) -> str:
    """The whole document; `body` is HTML, the title is words."""
    return (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{STYLE}\n</style>\n</head>\n"
        f"<body>\n<main>\n<h1>{escape(title)}</h1>\n{body}\n</main>\n</body>\n</html>\n"
    )


def paragraph(words: str, sort: str = "") -> str:
    """Words as a paragraph; lines stay lines where the sort is `words`."""
    return f'<p class="{sort}">{escape(words)}</p>' if sort else f"<p>{escape(words)}</p>"


def picture(file: Path, alt: str, caption: str) -> str | None:
    """A picture inside the page, with what it is for who does not see it; None where it cannot be read."""
    try:
        content = _smaller(file)
    # Pillow lets through whatever its parts trip over in a broken file, SyntaxError among them.
    except Exception:
        return None
    under = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    return f'<figure><img src="{_inside("image/jpeg", content)}" alt="{escape(alt)}">{under}</figure>'


def recording(file: Path, name: str) -> str:
    """A recording inside the page; `name` says which one."""
    source = _inside(mimetypes.guess_type(file.name)[0] or "audio/ogg", file.read_bytes())
    return f'<audio controls preload="none" aria-label="{escape(name)}" src="{source}"></audio>'


def _smaller(file: Path) -> bytes:
    # Loaded by the first picture: a bot that waits does without.
    from PIL import Image

    with Image.open(file) as found:
        shown = found.convert("RGB")
    shown.thumbnail((_WIDEST, _WIDEST))
    stream = io.BytesIO()
    shown.save(stream, "JPEG", quality=80, optimize=True)
    return stream.getvalue()


def _inside(sort: str, content: bytes) -> str:
    return f"data:{sort};base64,{base64.b64encode(content).decode('ascii')}"
