"""Files that were made to break whoever opens them."""

import io
import zipfile
from collections.abc import Callable

from tests.forms.xlsform_sheets import QUESTIONNAIRE, xlsform

HEADER = ["type", "name", "label", "relevant"]


def repacked(change: Callable[[bytes], bytes], part_name: str = "", inside: bytes = b"") -> bytes:
    """The questionnaire with its survey sheet's XML changed, and something put at the end of another part."""
    packed = io.BytesIO()
    with zipfile.ZipFile(QUESTIONNAIRE) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = source.read(name)
            if part_name and name.endswith(part_name):
                end = part.rindex(b"</")
                part = part[:end] + inside + part[end:]
            target.writestr(name, change(part) if name.endswith("sheet1.xml") else part)
        if part_name == "sharedStrings.xml":
            target.writestr("xl/sharedStrings.xml", b"<sst>" + inside + b"</sst>")
    return packed.getvalue()


def xform(count: int, calculation: Callable[[int], str]) -> bytes:
    """An XForm of so many questions, each calculated."""
    binds = "".join(f'<bind nodeset="/d/q{i}" calculate="{calculation(i)}"/>' for i in range(count))
    leaves = "".join(f"<q{i}/>" for i in range(count))
    inputs = "".join(f'<input ref="/d/q{i}"><label>Q</label></input>' for i in range(count))
    return f"<h><model><instance><d>{leaves}</d></instance>{binds}</model><body>{inputs}</body></h>".encode()


DOCTYPE = b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet'


def sheet(*cells: str) -> Callable[[bytes], bytes]:
    """A survey sheet of these cells."""
    head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return lambda part: head + "".join(cells).encode() + b"</sheetData></worksheet>"


def cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


NAMES = f'<row r="1">{cell("A1", "type")}{cell("B1", "name")}{cell("C1", "label")}</row>'
HOSTILE = {
    "a cell of ten megabytes": repacked(
        sheet(NAMES, f'<row r="2">{cell("A2", "text")}{cell("B2", "q")}{cell("C2", "x " * 5_000_000)}</row>')
    ),
    "a cell at the far end": repacked(sheet(NAMES, f'<row r="1048576">{cell("XFD1048576", "x")}</row>')),
    "more cells than anyone fills": repacked(
        sheet(NAMES, *(f'<row r="{n}">' + cell(f"A{n}", "x") * 100 + "</row>" for n in range(2, 1_700)))
    ),
    "groups in groups": xlsform(
        [
            HEADER,
            *(["begin_group", f"g{i}", "G"] for i in range(900)),
            ["text", "a", "A"],
            *(["end_group"] for _ in range(900)),
        ]
    ),
    "deep XML": b"<a>" * 300_000,
    "rather deep XML": b"<a>" * 240 + b"</a>" * 240,
    "wide XML": b"<h><instance><d>" + b"<x/>" * 900_000 + b"</d></instance></h>",
    "XML with entities": b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><l>&c;</l>',
    "XML in another alphabet": b"<a>\xff\xfe</a>",
    "nothing": b"",
    "text named xlsx": b"type,name\ntext,a",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(200),
    "rows that hold nothing": repacked(sheet(NAMES, *["<row/>"] * 2_000_000)),
    "styles without end": repacked(lambda part: part, "styles.xml", b"<xf numFmtId='0'/>" * 400_000),
    "strings without end": repacked(lambda part: part, "sharedStrings.xml", b"<si><t>a</t></si>" * 900_000),
    "one label that quotes everything": xlsform([HEADER, ["text", "a", "A"], ["note", "n", "${a} " * 6_000]]),
    "labels that quote everything": xlsform(
        [HEADER, ["text", "a", "A"], *(["note", f"n{i}", "${a} " * 400] for i in range(60))]
    ),
    "formulas without end": xlsform([HEADER, *(["text", f"n{i}", "L", "1+" * 9_000 + "1"] for i in range(40))]),
    "questions that offer everything": xlsform(
        [HEADER, *(["select_one l", f"q{i}", "Q"] for i in range(200))],
        [["list_name", "name", "label"], *(["l", f"c{i}", "C"] for i in range(4_000))],
    ),
    "too much text": xlsform([HEADER, *(["text", f"q{i}", "Q " * 9_000] for i in range(80))]),
    "an XForm of formulas": xform(30, lambda i: "1+" * 9_000 + "1"),
    "an XForm that reads everything": xform(
        900, lambda i: "+".join(f"/d/q{j}" for j in range(max(0, i - 99), i)) or "1"
    ),
    "an XForm of wildcards": xform(1_200, lambda i: "count(//*[. = 1]/ancestor::*/descendant::*)"),
    "a tag of many attributes": b"<h " + b" ".join(b'a%d="1"' % i for i in range(150_000)) + b"/>",
    "a tag of many namespaces": b"<h " + b" ".join(b'xmlns:a%d="u"' % i for i in range(150_000)) + b"/>",
    "an XForm of lists": b"<h><instance><d/></instance>" + b"<instance id='i'><r/></instance>" * 50_000 + b"</h>",
    "entities that grow": b'<!DOCTYPE l [<!ENTITY a "' + b"a" * 50_000 + b'">]><l>' + b"&a;" * 50_000 + b"</l>",
    "an old workbook of noise": bytes.fromhex("d0cf11e0a1b11ae1") + bytes(range(256)) * 7_000,
    "a broken zip": b"PK\x03\x04" + bytes(200),
    "an empty old workbook": bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2000),
    "three megabytes": bytes(3_000_000),
    "entities": repacked(lambda part: part.replace(b"<worksheet", DOCTYPE, 1)),
    "a bomb": repacked(lambda part: part + b" " * 40_000_000),
    "deep nesting": repacked(lambda part: part.replace(b"<sheetData>", b"<sheetData>" + b"<a>" * 50_000)),
    "half a sheet": repacked(lambda part: part[: len(part) // 2]),
    "too many rows": xlsform([HEADER, *(["text", f"q{i}", "Q"] for i in range(2_100))]),
}
