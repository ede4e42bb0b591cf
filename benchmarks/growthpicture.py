"""Draws how costs grow with what is stored, to be read on a phone and on a desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from benchmarks.figures import Spread

_WIDTH, _HEIGHT, _DPI = 3.9, 5.5, 300
"""Inches, of which 3.9 are a phone's width."""
_COLORS = ("#1F4E5F", "#B5534C", "#C98B2B", "#5C93A4")
_INK, _PALE, _GREY = "#22313A", "#DDE8EC", "#5F686E"
_FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
_TEXT = FontProperties(fname=str(_FONTS / "DejaVuSans.ttf"), size=8)
_BOLD = FontProperties(fname=str(_FONTS / "DejaVuSans-Bold.ttf"), size=8.5)
_ROOM = 0.2
"""Of a panel's height between the middles of two labels of two lines."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is measured: for each number of answers what it costs, as a part of what it cost at first."""

    label: str
    """With what it costs at the end."""
    answers: Sequence[int]
    ratios: Sequence[Spread]


def draw(flat: Sequence[Line], growing: Sequence[Line], most: float, target: Path) -> None:
    """Above what may not grow beyond `most` times, below what may."""
    figure = Figure(figsize=(_WIDTH, _HEIGHT), dpi=_DPI)
    upper, lower = figure.subplots(2, 1, sharex=True)
    figure.subplots_adjust(left=0.11, right=0.64, top=0.93, bottom=0.13, hspace=0.22)
    highest = max(spread.high for line in flat for spread in line.ratios)
    lowest = min(spread.low for line in flat for spread in line.ratios)
    upper.set_ylim(min(0.8, lowest - 0.05), max(1.4, highest + 0.05))
    upper.axhspan(0, most, color=_PALE, alpha=0.5, linewidth=0)
    upper.axhline(most, color=_GREY, linestyle=(0, (4, 3)), linewidth=0.8)
    upper.text(flat[0].answers[0], most + 0.015, f"{most} times: the most allowed", color=_GREY, fontproperties=_TEXT)
    lower.set_yscale("log")
    lower.set_ylim(0.8, 1.6 * max(spread.high for line in growing for spread in line.ratios))
    lower.set_yticks([1, 2, 5, 10, 20])
    lower.minorticks_off()
    _panel(upper, flat, "Must stay flat: times the cost at the start")
    _panel(lower, growing, "May grow: times the cost at the start")
    lower.set_xlabel("stored answers", fontproperties=_TEXT, color=_INK)
    figure.text(0.02, 0.012, "Half of all measurements lie within the bands.", fontproperties=_TEXT, color=_GREY)
    FigureCanvasAgg(figure).print_png(target)  # type: ignore[no-untyped-call]


def _panel(axes: Axes, lines: Sequence[Line], title: str) -> None:
    answers = lines[0].answers
    axes.set_title(title, fontproperties=_BOLD, color=_INK, loc="left", x=-0.19)
    axes.set_xscale("log")
    axes.set_xticks([10**power for power in range(3, 8)], ["1,000", "", "100,000", "", "10 million"])
    axes.set_xlim(answers[0] / 1.3, answers[-1] * 1.3)
    axes.minorticks_off()
    axes.set_yticks(_within(axes))
    axes.set_yticklabels([f"{tick:g}" for tick in _within(axes)])
    for color, line in zip(_COLORS, lines, strict=False):
        axes.fill_between(
            line.answers,
            [spread.low for spread in line.ratios],
            [spread.high for spread in line.ratios],
            color=color,
            alpha=0.13,
            linewidth=0,
        )
        axes.plot(
            line.answers, [spread.median for spread in line.ratios], "o-", color=color, markersize=3, linewidth=1.4
        )
    _label(axes, lines)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(_GREY)
    axes.tick_params(colors=_INK, width=0.6)
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_fontproperties(_TEXT)


def _within(axes: Axes) -> list[float]:
    bottom, top = axes.get_ylim()
    return [float(tick) for tick in axes.get_yticks() if bottom <= tick <= top]


def _label(axes: Axes, lines: Sequence[Line]) -> None:
    """Each line's name beside its end, moved apart where ends lie close together."""
    ends = {
        line.label: axes.transLimits.transform(axes.transScale.transform((1e3, line.ratios[-1].median)))[1]
        for line in lines
    }
    ordered = sorted(lines, key=lambda line: float(ends[line.label]))
    heights: list[float] = []
    for line in ordered:
        wanted = float(ends[line.label])
        heights.append(max(wanted, heights[-1] + _ROOM) if heights else wanted)
    # The middle of the labels stays at the middle of the ends.
    down = sum(heights) / len(heights) - sum(float(end) for end in ends.values()) / len(heights)
    down = min(down, heights[0] - 0.05)
    for line, height in zip(ordered, heights, strict=True):
        color = _COLORS[list(lines).index(line)]
        axes.annotate(
            line.label,
            xy=(1.0, float(ends[line.label])),
            xytext=(1.09, height - down),
            xycoords="axes fraction",
            textcoords="axes fraction",
            color=color,
            fontproperties=_TEXT,
            va="center",
            annotation_clip=False,
            arrowprops={
                "arrowstyle": "-",
                "color": color,
                "linewidth": 0.6,
                "shrinkA": 1,
                "shrinkB": 0,
                "relpos": (0, 0.5),
            },
        )
