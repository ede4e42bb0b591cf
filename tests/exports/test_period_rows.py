"""The rows of a period are those of all time that ended in it, by whichever of its times a session ended."""

from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from exports.period import everything, of_week
from fieldwork.schedule import Week
from storage import exporting
from storage.database import snapshot
from storage.exporting import Scope
from tests.exports.seed import MONDAY, ZONE, Seed, default_form

WEEK = timedelta(days=7)


def test_a_period_has_what_ended_in_it_and_nothing_else(tmp_path: Path) -> None:
    with closing(Seed(tmp_path / "terugblik.db")) as seed:
        fill(seed)
        with snapshot(seed.path) as rows:
            for city in ("leiden", ""):
                scope = Scope(everything().since, everything().until, city)
                all_time = exporting.reflections(rows, scope, 0, 400)
                assert {one.state for one in all_time} == {"completed", "expired"}
                found = []
                for number in range(-2, 6):
                    period = of_week(Week.of(MONDAY + number * WEEK, ZONE), ZONE)
                    scope = Scope(period.since, period.until, city)
                    ended = [one for one in all_time if period.since <= one.ended_on < period.until]
                    assert exporting.reflections(rows, scope, 0, 400) == tuple(ended)
                    assert exporting.count(rows, scope) == len(ended)
                    found += ended
                assert sorted(found, key=lambda one: one.id) == list(all_time)


def fill(seed: Seed) -> None:
    """Sessions of four weeks in two cities that were sent, closed, or closed without that being kept of the prompt."""
    form = seed.form(default_form())
    for city in ("leiden", "utrecht"):
        person = seed.person(city[:4].upper(), city)
        for number in range(4):
            for hour, (state, closed_after) in enumerate(
                (("completed", None), ("completed", WEEK), ("expired", WEEK), ("expired", None), ("waiting", None))
            ):
                began = MONDAY + number * WEEK + timedelta(hours=hour)
                session(seed, form, person, began, city, state, closed_after)
    # Something was changed in them after they were sent.
    seed.run("UPDATE session SET touched_on = '2027-06-01T00:00:00.000Z' WHERE completed_on IS NOT NULL AND id % 2 = 0")


def session(
    seed: Seed, form: str, person: int, began: datetime, city: str, state: str, closed_after: timedelta | None
) -> None:
    """A prompt and its session; the prompt was closed so long after."""
    ended = None if closed_after is None else began + closed_after
    workshop = seed.workshop(form, began, city)
    prompt = seed.prompt(workshop, person, "opened" if state == "waiting" else state, began, ended)
    sent = began + timedelta(hours=1) if state == "completed" else None
    seed.session(form, person, prompt, began, sent, state)
