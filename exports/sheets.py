"""A workbook before it is written: sheets of blocks, blocks of columns and rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

MOST_ROWS = 1_048_576
"""Rows that a spreadsheet knows in one sheet."""


class Style(StrEnum):
    """How the cells of a column look."""

    TEXT = "text"
    WRAPPED = "wrapped"
    WHOLE = "whole"
    DECIMAL = "decimal"
    PERCENT = "percent"
    MOMENT = "moment"
    FIGURE = "figure"
    """Numbers among texts: all stand to the left."""
    CODE = "code"
    """The same on one line each."""


class Absent(str):
    """A word that stands where no answer is; drawn so that nobody takes it for one."""

    __slots__ = ()


class Link(str):
    """The path of a file beside the workbook, which opens by a click."""

    __slots__ = ()


Cell = str | int | float | datetime | Absent | None
"""Moments are local and without a zone; see `cells.local`."""
Row = Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a block; `label` stands above the header where the block has labels."""

    header: str
    style: Style = Style.TEXT
    width: float = 12
    """Characters; a column takes the widest of the blocks above one another."""
    label: str = ""
    most_lines: int | None = None
    """How many lines of a text that runs on make its row higher; None is as many as a row can hold."""


@dataclass(frozen=True, slots=True)
class Block:
    """A table with its headers; without rows the headers stand alone. `rows` is gone through once."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Row]
    caption: str = ""
    starts_page: bool = False
    """In print."""

    @property
    def has_labels(self) -> bool:
        """Whether a row of labels stands above the headers."""
        return any(column.label for column in self.columns)


@dataclass(frozen=True, slots=True)
class Chart:
    """A native chart of a block's columns, drawn right of the blocks; without rows there is none."""

    kind: Literal["bars", "lines", "shares"]
    """Side by side, over time, or parts of a whole."""
    block: str
    """The name of the block it is drawn from."""
    names: int
    """The place of the column whose cells name the points, 0 for the first."""
    series: Sequence[int]
    """The places of the columns that are drawn."""
    title: str
    alt: str
    """What the chart shows, for who cannot see it."""
    limits: tuple[float, float] | None = None
    """The ends of the value axis; None leaves them to the program that opens the file."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: a heading, where it has one, and its blocks from top to bottom."""

    title: str
    blocks: Sequence[Block]
    heading: Sequence[str] = ()
    frozen_columns: int = 0
    is_written_last: bool = False
    """Tells what the other sheets came to; stands in its own place all the same."""
    charts: Sequence[Chart] = ()


@dataclass(slots=True)
class Tally:
    """What the cells that were written so far cost: counted while writing, read at the end."""

    cleaned: int = 0
    cut: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    """Rows written, by block."""
    continued: dict[str, list[str]] = field(default_factory=dict)
    """By the title of a sheet that was full, the titles of those in which its rows go on."""
