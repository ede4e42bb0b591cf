"""Time that is missed, comes twice or runs back costs nobody an answer, an export or a night's rest."""

import asyncio
from datetime import timedelta

from tests.e2e.conftest import town
from tests.e2e.town import Town, local

__all__ = ["town"]


async def test_after_three_weeks_off_each_missed_week_is_made_once(town: Town) -> None:
    await town.coordinator()
    await town.play.app.tick()
    await town.play.jump_to(town.play.clock.now() + timedelta(weeks=3))
    for _ in range(3):
        # A delivery that came before its workbook was made is tried again some seconds later.
        await town.play.forward(minutes=5)
    cities, lines = len(town.play.program.study.cities), len(town.play.program.study.lines)
    jobs = town.rows("SELECT kind, count(*) AS n FROM job WHERE kind <> 'backup' GROUP BY kind ORDER BY kind")
    assert {row["kind"]: row["n"] for row in jobs} == {
        "delivery": 3 * cities,
        "digest": 3 * lines,
        "workbook": 3 * cities,
    }
    finished = "SELECT work, city, count(*) AS n FROM ledger WHERE finished_on IS NOT NULL AND work <> 'seal'"
    ledger = town.rows(f"{finished} GROUP BY work, city")
    assert len(ledger) == 2 * cities + lines
    assert {row["n"] for row in ledger} == {3}


async def test_questions_that_come_weeks_too_late_are_marked_missed_and_never_put(town: Town) -> None:
    amina = await town.fieldworker()
    town.workshop("Amina", ends_on=local(18, 16))
    before = len(amina.messages)
    await town.play.jump_to(town.play.clock.now() + timedelta(weeks=3))
    assert [row["state"] for row in town.rows("SELECT state FROM prompt")] == ["missed"]
    assert len(amina.messages) == before


async def test_nobody_is_asked_at_night_after_an_outage(town: Town) -> None:
    amina = await town.fieldworker()
    town.workshop("Amina", ends_on=local(18, 16))
    before = len(amina.messages)
    await town.play.jump_to(local(19, 3))
    assert len(amina.messages) == before
    await town.play.forward_to(local(19, 12))
    await amina.wait_for("Groen")


async def test_a_clock_that_was_set_forward_and_back_asks_once(town: Town) -> None:
    amina = await town.fieldworker()
    town.workshop("Amina", ends_on=local(18, 16))
    await town.play.forward_to(local(18, 16, 15))
    await amina.wait_for("Groen")
    told = len(amina.messages)
    clock = town.play.clock
    for hours in (1, -1, -1, 1):
        clock._ahead += timedelta(hours=hours)  # no operator's clock has a method for this
        await town.play.app.tick()
        await town.play.app.at_rest()
    assert len(amina.messages) == told
    assert [row["state"] for row in town.rows("SELECT state FROM prompt")] == ["asked"]
    amina.tap("Start")
    await amina.wait_for("Vraag 1 van")


async def test_somebody_unknown_is_answered_once_an_hour(town: Town) -> None:
    stranger = town.play.phone("Vreemde")
    for _ in range(5):
        stranger.say("Hallo")
    stranger.start()
    await stranger.wait_for(lambda message: True)
    for _ in range(500):
        if len(town.rows("SELECT 1 FROM inbox WHERE state = 'done'")) == 6:
            break
        await asyncio.sleep(0.01)
    await town.play.app.at_rest()
    assert len([message for message in stranger.messages if not message.mine]) == 1
    await town.play.forward(hours=2)
    stranger.say("Hallo?")
    await stranger.wait_for("alleen voor")
