"""A point on the map, as it is kept (latitude longitude altitude accuracy) and as people read it."""

_DIGITS = 7
"""Decimals of a degree; seven tell one centimetre from the next."""


def point(latitude: float, longitude: float, accuracy: float | None = None) -> str:
    """The value of a point: degrees, then altitude and accuracy in metres, 0 where they are not known."""
    return f"{_short(latitude)} {_short(longitude)} 0 {_short(accuracy or 0, 1)}"


def point_in_words(value: str) -> str:
    """`52.0907, 5.1214`, with `(± 12 m)` where the accuracy is known; what is no point stays as it is."""
    pieces = value.split()
    if len(pieces) < 2:
        return value
    place = f"{pieces[0]}, {pieces[1]}"
    accuracy = pieces[3] if len(pieces) > 3 else "0"
    return place if accuracy.strip("0.") == "" else f"{place} (± {accuracy} m)"


def _short(number: float, digits: int = _DIGITS) -> str:
    text = f"{number:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
