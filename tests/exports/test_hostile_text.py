"""What people type reaches two independent readers to the letter."""

import io
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import pytest
from lxml import etree
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from exports.rendering import Properties, render
from exports.sheets import Absent, Block, Cell, Column, Sheet, Style, Tally

TYPED = {
    "=1+1": "=1+1",
    '=HYPERLINK("http://127.0.0.1","x")': '=HYPERLINK("http://127.0.0.1","x")',
    "@x": "@x",
    "+31612345678": "+31612345678",
    "-5 graden": "-5 graden",
    "\t=1+1": "\t=1+1",
    "#N/A": "#N/A",
    "#REF!": "#REF!",
    "'aan": "'aan",
    "tik\x0btak": "tik\ufffdtak",
    "half \ud83d": "half \ufffd",
    "\ufffe en \uffff": "\ufffd en \ufffd",
    "een\r\ntwee\rdrie": "een\ntwee\ndrie",
    "_x0041_": "_x0041_",
    "_x0041_x0042_": "_x0041_x0042_",
    "_x005F_x0041_": "_x005F_x0041_",
    "  spaties  ": "  spaties  ",
    "👩\u200d🌾 שלום <b>&amp;</b>": "👩\u200d🌾 שלום <b>&amp;</b>",
    "1234567890123456789": "1234567890123456789",
    "1e5": "1e5",
    "00123": "00123",
    "TRUE": "TRUE",
    "x" * 40_000: "x" * 32_763 + " […]",
    "\n" * 300 + "y": "\n" * 253 + " […]",
    "_x0041_" * 4_681: "_x0041_" * 4_681,
}
AFTERNOON = datetime.fromisoformat("2026-11-17T15:00")
NUMBERS: list[tuple[Cell, object]] = [
    (4, 4),
    (-77, -77),
    (3.25, 3.25),
    (10**17, "100000000000000000"),
    (float("nan"), None),
    (float("inf"), None),
    (None, None),
    (AFTERNOON, AFTERNOON),
    (Absent("overgeslagen"), "overgeslagen"),
]


def written(tally: Tally) -> bytes:
    rows = [[value] for value in (*TYPED, *(value for value, _ in NUMBERS))]
    block = Block("typed", [Column("=text", Style.WHOLE, label="vraag?")], rows)
    stream = io.BytesIO()
    properties = Properties("=titel \x0b", "", "", "nl", None, "&P")
    render([Sheet("a/b: [proef] ' die veel te lang is", [block])], properties, stream, tally)
    return stream.getvalue()


def test_openpyxl_reads_back_what_was_typed() -> None:
    book = load_workbook(io.BytesIO(written(Tally())))
    cells = [row[0] for row in book.worksheets[0].iter_rows(min_row=3)]
    assert all(cell.data_type in ("s", "n", "d") for cell in cells)
    found = [unescape(cell.value) if isinstance(cell.value, str) else cell.value for cell in cells]
    assert found == [*TYPED.values(), *(value for _, value in NUMBERS)]
    marked = [str(cell.value) for cell in cells if cell.quotePrefix]
    assert marked[:6] == list(TYPED)[:6]


def test_what_was_replaced_or_cut_is_counted() -> None:
    tally = Tally()
    written(tally)
    assert (tally.cleaned, tally.cut, tally.rows) == (3, 2, {"typed": len(TYPED) + len(NUMBERS)})


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_reads_back_what_was_typed(tmp_path: Path) -> None:
    path = tmp_path / "typed.xlsx"
    path.write_bytes(written(Tally()))
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "fods",
            "--outdir",
            str(tmp_path),
            str(path),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    cells = _cells(tmp_path / "typed.fods")[2:]
    assert not any(_attribute(cell, "formula") for cell in cells)
    texts = [_text(cell) for cell in cells[: len(TYPED)]]
    assert texts == list(TYPED.values())
    assert all(_attribute(cell, "value-type") == "string" for cell in cells[: len(TYPED)])
    numbers = cells[len(TYPED) :]
    assert [_attribute(cell, "value") for cell in numbers[:3]] == ["4", "-77", "3.25"]
    assert _attribute(numbers[7], "date-value") == "2026-11-17T15:00:00"


def _cells(path: Path) -> list[etree._Element]:
    root = etree.parse(str(path), etree.XMLParser(huge_tree=True)).getroot()
    found = []
    for row in root.iter("{*}table-row"):
        cell = row.find("{*}table-cell")
        if cell is not None and int(_attribute(row, "number-rows-repeated") or 1) < 1000:
            found += [cell] * int(_attribute(row, "number-rows-repeated") or 1)
    return found


def _attribute(element: etree._Element, name: str) -> str | None:
    return next((str(value) for key, value in element.attrib.items() if str(key).endswith("}" + name)), None)


def _text(cell: etree._Element) -> str:
    return "\n".join(_words(paragraph) for paragraph in cell.findall("{*}p"))


def _words(element: etree._Element) -> str:
    """The words of a paragraph, in which OpenDocument writes tabs, runs of spaces and line breaks as elements."""
    found = element.text or ""
    for child in element:
        name = etree.QName(child).localname
        if name == "s":
            found += " " * int(_attribute(child, "c") or 1)
        else:
            found += {"tab": "\t", "line-break": "\n"}.get(name, "") or _words(child)
        found += child.tail or ""
    return found
