"""From autumn to spring: every Monday its word, in holidays and around both changes of the clocks."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.sandbox import Phone
from bot.sandbox.messages import ChatMessage
from fieldwork.people import Grant, Role
from fieldwork.study import Study
from storage import audit
from storage.database import snapshot
from tests.e2e.town import stopped_clock, tap
from tests.e2e.town import town as town_in

ZONE = ZoneInfo("Europe/Amsterdam")
BEGINS, ENDS = datetime(2026, 10, 19, 9, tzinfo=ZONE), datetime(2027, 4, 5, 9, tzinfo=ZONE)
WORKSHOPS = (datetime(2026, 10, 24, 20, tzinfo=ZONE), datetime(2027, 3, 27, 20, tzinfo=ZONE))
"""On the evenings before clocks change."""
MONDAYS = [BEGINS.date() + timedelta(weeks=weeks) for weeks in range(1, 25)]
FAULTS = (
    "SELECT 1 FROM inbox WHERE tries > 0",
    "SELECT 1 FROM job WHERE error IS NOT NULL",
    "SELECT 1 FROM outbox WHERE error IS NOT NULL",
)


def one_city(study: Study) -> Study:
    """The study with a city and a line, so that its weeks are soon made."""
    return replace(study, cities=tuple(city for city in study.cities if city.code == "utrecht"), lines=study.lines[:1])


def with_words(phone: Phone, words: str) -> list[ChatMessage]:
    return [message for message in phone.messages if not message.mine and words in message.text]


def days(messages: list[ChatMessage]) -> list[object]:
    """The local days on which these came, all of them at half past eight."""
    times = [message.date.astimezone(ZONE) for message in messages]
    assert {(time.hour, time.minute) for time in times} == {(8, 30)}
    return [time.date() for time in times]


async def test_every_monday_has_its_word_and_the_audit_holds_after_half_a_year(tmp_path: Path) -> None:
    async with town_in(tmp_path, stopped_clock(BEGINS), changed=one_city) as town:
        amina, bilal = await town.fieldworker(), await town.fieldworker("Bilal", in_the_morning=True)
        bram, carla, dana = await town.coordinator(), await town.investigator(), town.play.phone("Dana")
        await town.invited(dana, Grant(Role.STEWARD), "Dana")
        await dana.wait_for("/audit")
        for ends_on in WORKSHOPS:
            town.workshop("Amina", "Bilal", ends_on=ends_on)
            await town.play.forward_to(ends_on + timedelta(minutes=15))
            assert amina.last.date == ends_on + timedelta(minutes=15)
            await tap(amina, "Ik was er niet bij", "Ik noteer dat je er niet bij was.")
            await town.play.forward(hours=24)
            assert days([bilal.last]) == [ends_on.date() + timedelta(days=1)]
        await town.play.forward_to(ENDS)
        assert len(with_words(bilal, "zijn gesloten")) == 2
        empty, made = with_words(bram, "er waren geen workshops"), [one for one in bram.messages if one.document]
        assert days(sorted((*empty, *made), key=lambda one: one.id)) == MONDAYS and len(made) == 2
        assert days(with_words(carla, "Weekbericht Crafting Resilience")) == MONDAYS
        seals = with_words(dana, "Zegel van het logboek")
        assert days(seals) == [MONDAYS[week] for week in (0, 1, 22, 23)], "after weeks without anything it is the same"
        assert len({message.text.split("\n")[1] for message in seals}) == len(seals)
        assert [town.rows(sql) for sql in FAULTS] == [[], [], []]
        with snapshot(town.play.program.place.database) as rows:
            for message in seals:
                count, _, beginning = message.text.split("\n")[1].partition(":")
                assert list(audit.faults(rows, audit.Seal(int(count), beginning))) == []
