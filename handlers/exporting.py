"""/export and /digest: asking for files; they are made beside the loop."""

from exports.formats import OFFERED, Format
from fieldwork.people import Verb, may
from fieldwork.schedule import Week
from fieldwork.study import City
from fieldwork.taps import About, Key, button
from handlers import course
from handlers.cities import city_key, picked
from handlers.desk import Caller, Desk, settle, tell
from storage import audit, jobs
from storage.connection import Tx

_PERIODS = ("this", "last", "all")


def ask_period(tx: Tx, desk: Desk, caller: Caller, city: City, rest: str) -> None:
    """/export: which period, for a workbook; or another kind of file."""
    *labels, another = desk.texts.buttons("co.export.ask", caller.language)
    rows = tuple(
        (button(label, city_key(desk, caller, city, "export", period)),)
        for label, period in zip(labels, _PERIODS, strict=True)
    )
    other = (button(another, city_key(desk, caller, city, "file", "")),)
    tell(tx, desk, caller, "co.export.ask", (*rows, other), city=city.name)


def pick_file(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """Another kind of file is wanted: which, and then of which period."""
    city = picked(desk, caller, Verb.EXPORT, key)
    if city is None or key.arg not in ("", *OFFERED):
        tell(tx, desk, caller, "err.stale_button")
        return
    settle(tx, desk, caller, str(key))
    kinds = dict(zip(OFFERED, desk.texts.buttons("co.export.file", caller.language), strict=True))
    if not key.arg:
        rows = tuple((button(label, city_key(desk, caller, city, "file", kind)),) for kind, label in kinds.items())
        tell(tx, desk, caller, "co.export.file", rows, city=city.name)
        return
    labels = desk.texts.buttons("co.export.period", caller.language)
    rows = tuple(
        (button(label, city_key(desk, caller, city, "export", f"{period}-{key.arg}")),)
        for label, period in zip(labels, _PERIODS, strict=True)
    )
    tell(tx, desk, caller, "co.export.period", rows, city=city.name, kind=kinds[Format(key.arg)])


def order(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """A period was picked: have the file made and sent to who asked."""
    city = picked(desk, caller, Verb.EXPORT, key)
    period, _, kind = key.arg.partition("-")
    if city is None or period not in _PERIODS or kind not in ("", *OFFERED):
        tell(tx, desk, caller, "err.stale_button")
        return
    settle(tx, desk, caller, str(key))
    this = Week.of(desk.now, desk.study.timezone)
    week = {"this": str(this), "last": str(this.plus(-1)), "all": ""}[period]
    made_as = kind or Format.WORKBOOK
    audit.note(tx, caller.person.id, "export_ordered", city.code, f"{made_as} {week or 'all'}", desk.now)
    course.begin(tx, desk, caller, {"city": city.code, "week": week, "as": made_as})


def digest(tx: Tx, desk: Desk, caller: Caller, rest: str) -> None:
    """/digest: last week's summary for each of the person's lines, or the line that is picked."""
    lines = [line for line in desk.study.lines if line.code in caller.person.lines()]
    if len(lines) > 1:
        rows = tuple(
            (button(line.names[caller.language], Key(About.DESK, caller.person.id, 0, "digest", line.code)),)
            for line in lines
        )
        tell(tx, desk, caller, "digest.ask", rows)
    elif lines:
        _order_digest(tx, desk, caller, lines[0].code)
    else:
        tell(tx, desk, caller, "digest.no_line", contact=desk.study.contact)


def pick_digest(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """A line was picked."""
    if not may(caller.person, Verb.DIGEST) or key.arg not in caller.person.lines():
        tell(tx, desk, caller, "err.stale_button")
        return
    settle(tx, desk, caller, str(key))
    if any(line.code == key.arg for line in desk.study.lines):
        _order_digest(tx, desk, caller, key.arg)
    else:
        tell(tx, desk, caller, "digest.no_line", contact=desk.study.contact)


def _order_digest(tx: Tx, desk: Desk, caller: Caller, line: str) -> None:
    week = Week.of(desk.now, desk.study.timezone).plus(-1)
    jobs.add(tx, "digest", {"line": line, "week": str(week), "people": [caller.person.id]}, desk.now)
    audit.note(tx, caller.person.id, "digest_ordered", "", line, desk.now)
    tell(tx, desk, caller, "digest.started")
