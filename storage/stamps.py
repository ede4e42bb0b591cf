"""Times as they are stored: text in UTC, to the millisecond."""

from datetime import UTC, datetime


def stamp(moment: datetime) -> str:
    """A time as it is stored: UTC, to the millisecond, sorting as text."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def moment(text: str) -> datetime:
    """A stored time, aware UTC."""
    return datetime.fromisoformat(text)


def moment_or_none(text: str | None) -> datetime | None:
    """A stored time that may be missing."""
    return None if text is None else moment(text)
