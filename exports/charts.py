"""Draws pictures to be read on a phone; imported where it is used, for matplotlib costs an idle bot 45 MB."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from exports.digestfigures import Bar, Picture, Trend

_WIDTH = 3.9
"""Inches: 390 points of a phone's width, so that a point of type here is 1.4 on the phone."""
_DPI = 300
_MARGIN = 0.16
_BAR_ROW = 0.36
_TREND_HEIGHT = 1.75
_LINE = 0.17
_CHARACTERS = 54
_DARK, _INK, _PALE, _GREY = "#1F4E5F", "#22313A", "#DDE8EC", "#6B747A"
_FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"


def _font(size: float, name: str = "DejaVuSans.ttf") -> FontProperties:
    """A font that comes with matplotlib, so that every machine draws the same."""
    return FontProperties(fname=str(_FONTS / name), size=size)


_TITLE, _TEXT, _SMALL = _font(10, "DejaVuSans-Bold.ttf"), _font(8.5), _font(8)


@dataclass(slots=True)
class _Sheet:
    """The picture from the top down, in inches."""

    figure: Figure
    height: float
    top: float = _MARGIN

    def axes(self, height: float, left: float = _MARGIN) -> Axes:
        """A strip across the picture, below what was drawn so far."""
        self.top += height
        box = (
            left / _WIDTH,
            1 - self.top / self.height,
            (_WIDTH - left - _MARGIN) / _WIDTH,
            height / self.height,
        )
        return self.figure.add_axes(box)

    def text(self, text: str, font: FontProperties, color: str = _INK, characters: int = _CHARACTERS) -> None:
        """Words over the whole width, on as many lines as they take."""
        for line in _wrapped(text, characters):
            self.figure.text(
                _MARGIN / _WIDTH,
                1 - self.top / self.height,
                line,
                fontproperties=font,
                color=color,
                va="top",
                parse_math=False,
            )
            self.top += _LINE * font.get_size_in_points() / 8.5


def digest_chart(picture: Picture) -> bytes:
    """A PNG of the response per city and, where there is one, the trend of a scale; same figures, same bytes."""
    height = _height(picture)
    figure = Figure(figsize=(_WIDTH, height), dpi=_DPI, facecolor="white")
    FigureCanvasAgg(figure)
    sheet = _Sheet(figure, height)
    sheet.text(picture.title, _TITLE, _DARK, characters=38)
    sheet.top += 0.06
    if picture.bars:
        _bars(sheet, picture.bars)
    else:
        sheet.text(picture.no_bars, _TEXT, _GREY)
    if picture.trend is not None:
        _trend(sheet, picture.trend)
    stream = BytesIO()
    figure.savefig(stream, format="png", metadata={"Software": None})
    return stream.getvalue()


def _wrapped(text: str, characters: int) -> list[str]:
    return [part for line in text.splitlines() for part in textwrap.wrap(line, characters)]


def _height(picture: Picture) -> float:
    height = 2 * _MARGIN + 0.06 + 0.2 * len(_wrapped(picture.title, 38))
    height += _BAR_ROW * len(picture.bars) if picture.bars else _LINE * len(_wrapped(picture.no_bars, _CHARACTERS))
    if picture.trend is not None:
        trend = picture.trend
        lines = sum(len(_wrapped(text, _CHARACTERS)) for text in (trend.label, trend.words, trend.note))
        height += 0.24 + 0.2 * len(_wrapped(trend.title, 38)) + _LINE * lines + 0.12
        height += _TREND_HEIGHT + 0.42 if trend.has_points else 0
    return height


def _bars(sheet: _Sheet, bars: Sequence[Bar]) -> None:
    axes = sheet.axes(_BAR_ROW * len(bars))
    axes.set_xlim(0, 1)
    axes.set_ylim(len(bars), 0)
    axes.axis("off")
    for row, bar in enumerate(bars):
        axes.text(0, row + 0.46, bar.name, fontproperties=_TEXT, color=_INK, va="bottom", parse_math=False)
        color = _GREY if bar.part is None else _INK
        axes.text(1, row + 0.46, bar.words, fontproperties=_TEXT, color=color, va="bottom", ha="right")
        if bar.part is not None:
            axes.barh(row + 0.64, 1, height=0.22, color=_PALE)
            axes.barh(row + 0.64, bar.part, height=0.22, color=_DARK)


def _trend(sheet: _Sheet, trend: Trend) -> None:
    sheet.top += 0.24
    sheet.text(trend.title, _TITLE, _DARK, characters=38)
    sheet.text(trend.label, _TEXT)
    sheet.text(trend.words, _TEXT, _GREY)
    sheet.top += 0.08
    if trend.has_points:
        _line(sheet.axes(_TREND_HEIGHT, left=0.34), trend)
        sheet.top += 0.42
    sheet.text(trend.note, _SMALL, _GREY)


def _line(axes: Axes, trend: Trend) -> None:
    places = range(len(trend.points))
    means = [float("nan") if point.mean is None else point.mean for point in trend.points]
    axes.plot(places, means, color=_DARK, linewidth=2, marker="o", markersize=6)
    room = (trend.high - trend.low) * 0.12
    for place, point in zip(places, trend.points, strict=True):
        if point.mean is not None:
            axes.text(place, point.mean + room * 0.6, point.words, fontproperties=_TEXT, color=_INK, ha="center")
    axes.set_xlim(-0.45, len(trend.points) - 0.55)
    axes.set_ylim(trend.low - room, trend.high + 2 * room)
    axes.set_xticks(
        list(places), [f"{point.week}\n{point.count}" for point in trend.points], fontproperties=_SMALL, color=_INK
    )
    ticks = range(round(trend.low), round(trend.high) + 1)
    axes.set_yticks(ticks, [str(tick) for tick in ticks], fontproperties=_SMALL, color=_GREY)
    axes.grid(axis="y", color=_PALE, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)
