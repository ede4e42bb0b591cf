"""Reads a data package by the rules of Frictionless, and refuses what breaks them."""

import csv
import hashlib
import io
import json
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_TYPES = {
    "string": re.compile(".*", re.DOTALL),
    "integer": re.compile("[+-]?[0-9]+"),
    "number": re.compile(r"[+-]?[0-9]+(\.[0-9]+)?"),
    "date": re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "datetime": re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"),
}
_NAME = re.compile(r"[-a-z0-9._/]+")


class BreaksTheRules(Exception):
    """The package is not as its description says."""


@dataclass
class Package:
    """A package as a reader finds it."""

    described: dict[str, Any]
    tables: dict[str, list[dict[str, str]]]
    readme: str


def read(path: Path) -> Package:
    """Read it whole; every file, type, key and hash must be as described."""
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    described = json.loads(content.pop("datapackage.json"))
    readme = content.pop("README.md").decode()
    expect(described["profile"] == "tabular-data-package", "another profile")
    expect(_NAME.fullmatch(described["name"]) is not None, f"name {described['name']}")
    tables = {}
    for resource in described["resources"]:
        expect(_NAME.fullmatch(resource["name"]) is not None, f"name {resource['name']}")
        data = content.pop(resource["path"])
        expect(len(data) == resource["bytes"], "another size")
        expect(f"sha256:{hashlib.sha256(data).hexdigest()}" == resource["hash"], "another hash")
        tables[resource["name"]] = table(data, resource["schema"])
    expect(not content, f"not described: {list(content)}")
    for resource in described["resources"]:
        for foreign in resource["schema"].get("foreignKeys", ()):
            there = tables[foreign["reference"]["resource"]]
            known = {row[foreign["reference"]["fields"]] for row in there}
            expect({row[foreign["fields"]] for row in tables[resource["name"]]} <= known, "a key that leads nowhere")
    return Package(described, tables, readme)


def table(data: bytes, schema: dict[str, Any]) -> list[dict[str, str]]:
    """The rows of a file, each cell of its type or missing."""
    text = data.decode("utf-8")
    expect(not text.startswith("\ufeff"), "a byte order mark")
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    fields = schema["fields"]
    expect(header == [field["name"] for field in fields], f"another header: {header}")
    expect(len(set(header)) == len(header), "a name twice")
    for row in rows:
        expect(len(row) == len(header), f"{len(row)} cells")
        for field, cell in zip(fields, row, strict=True):
            if cell in schema["missingValues"]:
                continue
            expect(_TYPES[field["type"]].fullmatch(cell) is not None, f"{cell!r} in {field}")
            enum = field.get("constraints", {}).get("enum")
            expect(enum is None or cell in map(str, enum), f"{cell!r} is none of {enum}")
    found = [dict(zip(header, row, strict=True)) for row in rows]
    if key := schema.get("primaryKey"):
        expect(len({tuple(row[name] for name in key) for row in found}) == len(found), "a key twice")
    return found


def expect(holds: bool, otherwise: str) -> None:
    if not holds:
        raise BreaksTheRules(otherwise)
