"""Distances and areas between points on a map, in metres."""

import math
from itertools import pairwise

from forms.xpath.run import Run
from forms.xpath.syntax import Node
from forms.xpath.values import number, text

_RADIUS = 6_378_100.0
Point = tuple[float, float]


def points(run: Run, arguments: tuple[Node, ...]) -> list[Point]:
    """The points that the arguments name, each as latitude and longitude; several stand behind semicolons."""
    texts = (text(value) for argument in arguments for value in run.each(argument))
    found = [_point(part) for whole in texts for part in whole.split(";") if part.strip()]
    return [point for point in found if point is not None]


def _point(part: str) -> Point | None:
    numbers = [number(word) for word in part.split()[:2]]
    if len(numbers) < 2 or not all(map(math.isfinite, numbers)):
        return None
    return numbers[0], numbers[1]


def distance(found: list[Point]) -> float:
    """How long the way along the points is, over the globe."""
    return sum(_between(here, there) for here, there in pairwise(found))


def _between(here: Point, there: Point) -> float:
    (a, b), (c, d) = (tuple(map(math.radians, point)) for point in (here, there))
    half = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 2 * _RADIUS * math.asin(math.sqrt(min(1.0, half)))


def area(found: list[Point]) -> float:
    """How large the ground within the points is, in square metres."""
    if len(found) < 3:
        return 0.0
    (top, left), round_the_globe = found[0], 2 * math.pi * _RADIUS / 360
    flat = [
        ((longitude - left) * round_the_globe * math.cos(math.radians(latitude)), (latitude - top) * round_the_globe)
        for latitude, longitude in found
    ]
    return abs(sum(x * v - u * y for (x, y), (u, v) in pairwise([*flat, flat[0]]))) / 2
