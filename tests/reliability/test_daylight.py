"""Where clocks change, and where somebody changes them, everything still comes once and at its hour."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.sandbox import Phone
from tests.e2e.town import Town, stopped_clock, town

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
SUNDAYS = {"spring": datetime(2027, 3, 28, tzinfo=AMSTERDAM), "autumn": datetime(2026, 10, 25, tzinfo=AMSTERDAM)}


def at(day: datetime, hour: int, minute: int = 0) -> datetime:
    """An hour of that day on Dutch clocks, in UTC."""
    return day.replace(hour=hour, minute=minute).astimezone(UTC)


def said_on(phone: Phone, words: str) -> list[str]:
    """When the bot said this, on Dutch clocks."""
    said = [message for message in phone.messages if not message.mine and words in message.text]
    return [f"{message.date.astimezone(AMSTERDAM):%a %H:%M}" for message in said]


def hours_of(phones: Iterable[Phone]) -> set[int]:
    """At which hours on Dutch clocks the bot wrote to anybody."""
    said = [message for phone in phones for message in phone.messages if not message.mine]
    return {message.date.astimezone(AMSTERDAM).hour for message in said}


@pytest.mark.parametrize("season", SUNDAYS)
async def test_where_clocks_change_people_are_asked_and_reminded_once_by_day(tmp_path: Path, season: str) -> None:
    sunday = SUNDAYS[season]
    saturday = sunday - timedelta(days=1)
    async with town(tmp_path, stopped_clock(at(saturday, 10))) as place:
        amina, bram = await place.fieldworker(), await place.coordinator()
        await place.play.app.tick()
        place.workshop("Amina", ends_on=at(saturday, 23, 30))
        await _hour_by_hour(place, at(sunday + timedelta(days=2), 20))
        assert said_on(amina, "Je was bij de workshop") == ["Sun 08:30"]
        assert said_on(amina, "staan nog open") == ["Mon 08:30", "Tue 08:30"]
        assert [hour for hour in said_on(bram, "") if hour.startswith("Mon")] == ["Mon 08:30"]
        assert hours_of((amina, bram)) <= set(range(8, 21))
        _every_week_once(place)


@pytest.mark.parametrize("season", SUNDAYS)
async def test_a_clock_that_is_set_in_the_hour_of_weekly_work_does_it_once(tmp_path: Path, season: str) -> None:
    monday = SUNDAYS[season] + timedelta(days=1)
    async with town(tmp_path, stopped_clock(at(SUNDAYS[season], 12))) as place:
        bram = await place.coordinator()
        await place.play.app.tick()
        for hour, minute in ((7, 5), (6, 5), (8, 35), (7, 35), (8, 35), (9, 35)):
            place.play.clock._ahead += (
                at(monday, hour, minute) - place.play.clock.now()
            )  # no operator's clock does this
            await place.play.app.tick()
            place.play.app.wake()
            await place.play.app.at_rest()
        await place.play.forward(hours=1)
        _every_week_once(place)
        assert len(said_on(bram, "week 4" if season == "autumn" else "week 1")) == 1


async def _hour_by_hour(place: Town, until: datetime) -> None:
    while place.play.clock.now() < until:
        await place.play.jump_to(min(until, place.play.clock.now() + timedelta(minutes=30)))


def _every_week_once(place: Town) -> None:
    done = place.rows(
        "SELECT work, count(*) AS n FROM ledger WHERE finished_on IS NOT NULL AND work <> 'seal' GROUP BY work, city"
    )
    assert {row["n"] for row in done} == {1}
    study = place.play.program.study
    assert len(done) == 2 * len(study.cities) + len(study.lines)
