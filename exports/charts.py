"""Draws the digest's picture for a phone; imported where it is used, for matplotlib costs an idle bot 45 MB."""

import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from exports.digestpicture import Bar, Multiples, Panel, Picture, Words
from exports.trends import ScaleTrend, week_number

_WIDTH = 3.9
"""Inches: 390 points of a phone's width, so that a point of type here is 1.4 on the phone."""
_DPI = 300
SCALE = 3
"""Dots to a pixel of the phone."""
_MARGIN = 0.16
_GUTTER = 0.34
"""Left of a plot: the ends of the scale, and what the rows below it are."""
_BETWEEN = 0.14
_CHARACTERS, _SMALL_CHARACTERS, _TITLE_CHARACTERS = 53, 60, 36
_BAR_NAME, _PANEL_NAME, _SHORT_NAME = 34, 22, 11
"""Characters of a city's name above its bar, above a panel, and beside the figures there."""
_DARK, _MIDDLE, _INK, _PALE, _GREY = "#1F4E5F", "#5C93A4", "#22313A", "#DDE8EC", "#5F686E"
_SHADES = ("#DDE8EC", "#B9D0D8", "#8FB8C4", "#4F8496", "#1F4E5F")
# A matplotlibrc of the machine is not ours. Once is enough: looks are the process's, and nothing else changes them.
matplotlib.rcdefaults()
_FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"


def _font(size: float, name: str = "DejaVuSans.ttf") -> FontProperties:
    """A font that comes with matplotlib, so that every machine draws the same."""
    return FontProperties(fname=str(_FONTS / name), size=size)


_TITLE, _HEADING, _NAME = (_font(size, "DejaVuSans-Bold.ttf") for size in (10.5, 9.5, 8.5))
_TEXT, _SMALL = _font(8.5), _font(8)
"""Eight points are 11 of a phone's pixels: nothing is smaller."""
_LINE = {_TITLE: 0.205, _HEADING: 0.19, _NAME: 0.17, _TEXT: 0.17, _SMALL: 0.16}
"""Inches from line to line."""


@dataclass(frozen=True, slots=True)
class _Strip:
    """A part of the picture over its whole width, so high and drawn like this below what stands above it."""

    height: float
    draw: Callable[["_Sheet", float], None]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The picture in inches, from its upper left corner."""

    figure: Figure
    height: float

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """A rectangle to draw in."""
        box = (left / _WIDTH, 1 - (top + height) / self.height, width / _WIDTH, height / self.height)
        found = self.figure.add_axes(box)
        found.tick_params(length=0)
        for side in found.spines.values():
            side.set_visible(False)
        return found

    def write(self, left: float, top: float, words: str, font: FontProperties, color: str, side: str = "left") -> None:
        """One line of words that begins, or with `right` ends, there."""
        self.figure.text(
            left / _WIDTH,
            1 - top / self.height,
            words,
            fontproperties=font,
            color=color,
            va="top",
            ha=side,
            parse_math=False,
        )


def digest_charts(picture: Picture) -> tuple[bytes, ...]:
    """A PNG of each page; same figures, same bytes."""
    return tuple(_png(page) for page in drawn(picture))


def _png(page: Figure) -> bytes:
    stream = BytesIO()
    page.savefig(stream, format="png", metadata={"Software": None})
    return stream.getvalue()


def drawn(picture: Picture) -> Iterator[Figure]:
    """The response per city with each scale over all cities; then each scale by city over the weeks."""
    yield _figure(list(_together(picture)))
    if picture.has_cities:
        yield _figure(list(_by_city(picture)))


def _figure(strips: Sequence[_Strip]) -> Figure:
    height = sum(strip.height for strip in strips) + 2 * _MARGIN
    figure = Figure(figsize=(_WIDTH, height), dpi=_DPI, facecolor="white")
    FigureCanvasAgg(figure)
    sheet, top = _Sheet(figure, height), _MARGIN
    for strip in strips:
        strip.draw(sheet, top)
        top += strip.height
    return figure


def _together(picture: Picture) -> Iterator[_Strip]:
    words = picture.words
    yield _words(words.title, _TITLE, _DARK, _TITLE_CHARACTERS)
    yield _space(0.08)
    yield _words(words.response, _HEADING, _DARK)
    if picture.bars:
        yield from (_Strip(0.24 if bar.part is None else 0.36, partial(_bar, bar)) for bar in picture.bars)
    else:
        yield _words(words.no_bars, _TEXT, _GREY)
    for place, scale in enumerate(picture.scales):
        yield _space(0.2)
        if place == 0:
            yield _words(words.heading, _HEADING, _DARK)
        yield from _whole(scale, words)
    yield from _notes(words.notes[0])


def _by_city(picture: Picture) -> Iterator[_Strip]:
    words = picture.words
    yield _words(words.by_city, _TITLE, _DARK, _TITLE_CHARACTERS)
    yield _space(0.08)
    for scale in picture.scales:
        yield _words(scale.label, _TEXT, _INK)
        yield _space(0.08)
        for place in range(0, len(scale.cities), 2):
            panels = scale.cities[place : place + 2]
            yield _Strip(1.32 + _below_name(panels), partial(_panels, scale, panels, words.weeks))
        if scale.left_out:
            yield _words(scale.left_out, _SMALL, _GREY, _SMALL_CHARACTERS)
        yield _space(0.08)
    yield from _notes(words.notes[1])


def _notes(notes: Sequence[str]) -> Iterator[_Strip]:
    yield _space(0.08)
    yield from (_words(note, _SMALL, _GREY, _SMALL_CHARACTERS) for note in notes)


def _whole(scale: Multiples, words: Words) -> Iterator[_Strip]:
    """A scale over all cities together, and how often which answer was given."""
    yield _words(scale.label, _TEXT, _INK)
    yield _space(0.06)
    yield _Strip(1.62, partial(_panels, scale, [scale.whole], words.weeks))
    if scale.whole.trend.has_points:
        yield _words(words.shares, _NAME, _DARK)
        yield _space(0.04)
        yield _Strip(0.62, partial(_shares, scale)) if scale.segments else _words(words.no_shares, _SMALL, _GREY)


def _space(height: float) -> _Strip:
    return _Strip(height, lambda sheet, top: None)


def _words(words: str, font: FontProperties, color: str, characters: int = _CHARACTERS) -> _Strip:
    """Words over the whole width, on as many lines as they take."""
    lines = [part for line in words.splitlines() for part in textwrap.wrap(line, characters)]

    def draw(sheet: _Sheet, top: float) -> None:
        for number, line in enumerate(lines):
            sheet.write(_MARGIN, top + number * _LINE[font], line, font, color)

    return _Strip(_LINE[font] * len(lines), draw)


def _bar(bar: Bar, sheet: _Sheet, top: float) -> None:
    sheet.write(_MARGIN, top + 0.05, _cut(bar.name, _BAR_NAME), _TEXT, _INK)
    sheet.write(_WIDTH - _MARGIN, top + 0.05, bar.words, _TEXT, _GREY if bar.part is None else _INK, "right")
    if bar.part is not None:
        axes = sheet.axes(_MARGIN, top + 0.23, _WIDTH - 2 * _MARGIN, 0.085)
        axes.set_axis_off()
        axes.set_xlim(0, 1)
        axes.barh(0, 1, height=1, color=_PALE)
        axes.barh(0, bar.part, height=1, color=_DARK)
        axes.set_ylim(-0.5, 0.5)


def _panels(scale: Multiples, panels: Sequence[Panel], weeks: str, sheet: _Sheet, top: float) -> None:
    """One panel over the whole width, or two beside one another."""
    is_wide = panels[0] is scale.whole
    columns = 1 if is_wide else 2
    width = (_WIDTH - 2 * _MARGIN - (columns - 1) * _BETWEEN) / columns
    below = 0 if is_wide else _below_name(panels)
    for place, panel in enumerate(panels):
        left = _MARGIN + place * (width + _BETWEEN)
        sheet.write(left, top, panel.name if is_wide else _cut(panel.name, _PANEL_NAME), _NAME, _DARK)
        if panel.trend.now is not None:
            sheet.write(left + width, top + below, panel.now, _TEXT, _INK, "right")
        axes = sheet.axes(left + _GUTTER, top + below + 0.22, width - _GUTTER, 0.92 if is_wide else 0.62)
        _lines(axes, scale, panel.trend, weeks, names_points=is_wide)
        if not panel.trend.has_points:
            axes.text(
                0.5,
                0.5,
                panel.now,
                fontproperties=_SMALL,
                color=_GREY,
                ha="center",
                va="center",
                transform=axes.transAxes,
            )


def _below_name(panels: Sequence[Panel]) -> float:
    """How much lower than the names the figures stand: a line, where a name leaves no place for them."""
    return _LINE[_NAME] if any(len(panel.name) > _SHORT_NAME for panel in panels) else 0


def _cut(name: str, most: int) -> str:
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"


def _lines(axes: Axes, scale: Multiples, trend: ScaleTrend, weeks: str, *, names_points: bool) -> None:
    places = range(len(trend.weeks))
    means = [float("nan") if week.mean is None else week.mean.mean for week in trend.weeks]
    room = (scale.high - scale.low) * 0.14
    axes.plot(places, means, color=_MIDDLE, linewidth=1.6, marker="o", markersize=4.2, zorder=3)
    axes.plot(places[-1:], means[-1:], color=_DARK, marker="o", markersize=6.5, zorder=4)
    for place, week in zip(places, trend.weeks, strict=True):
        if names_points and week.mean is not None and place < len(places) - 1:
            low = week.mean.mean > (scale.low + scale.high) / 2
            words = f"{week.mean.mean:.1f}".replace(".", scale.point)
            at = week.mean.mean + (-room if low else room)
            axes.text(place, at, words, fontproperties=_SMALL, color=_GREY, ha="center", va="top" if low else "bottom")
    axes.set_xlim(-0.5, len(places) - 0.5)
    axes.set_ylim(scale.low - room, scale.high + room)
    names = [str(week_number(week.week)) for week in trend.weeks]
    counts = ["–" if week.mean is None else str(week.mean.count) for week in trend.weeks]
    labels = [f"{name}\n{count}" for name, count in zip(names, counts, strict=True)]
    axes.set_xticks(list(places), labels, fontproperties=_SMALL, color=_GREY, linespacing=1.35)
    axes.annotate(
        f"{weeks}\nn",
        (0, 0),
        (-4, -3.5),
        xycoords="axes fraction",
        textcoords="offset points",
        fontproperties=_SMALL,
        color=_GREY,
        ha="right",
        va="top",
        linespacing=1.35,
    )
    ends = (scale.low, scale.high)
    axes.set_yticks(ends, [f"{end:g}" for end in ends], fontproperties=_SMALL, color=_GREY)
    axes.grid(axis="y", color=_PALE, linewidth=0.9)
    axes.set_axisbelow(True)


def _shares(scale: Multiples, sheet: _Sheet, top: float) -> None:
    """Parts of a whole, lowest answers first, with which answers and how many under each."""
    axes = sheet.axes(_MARGIN, top + 0.02, _WIDTH - 2 * _MARGIN, 0.2)
    axes.set_axis_off()
    total = sum(count for _, count in scale.segments)
    axes.set_xlim(0, total)
    axes.set_ylim(-0.5, 0.5)
    left = 0
    for place, (points, count) in enumerate(scale.segments):
        shade = _SHADES[round(place * (len(_SHADES) - 1) / max(1, len(scale.segments) - 1))]
        axes.barh(0, count, left=left, height=1, color=shade, edgecolor="white", linewidth=1)
        middle = _MARGIN + (left + count / 2) / total * (_WIDTH - 2 * _MARGIN)
        sheet.write(middle, top + 0.25, points, _NAME, _INK, "center")
        sheet.write(middle, top + 0.41, f"{count}×", _SMALL, _GREY, "center")
        left += count
