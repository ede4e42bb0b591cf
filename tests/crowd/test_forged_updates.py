"""Whatever Telegram's types allow is handled: nothing is an error, nothing waits, nobody moves another's rows."""

import logging
import os
from pathlib import Path
from random import Random

from pytest import LogCaptureFixture

from fieldwork.people import Grant, Role
from tests.crowd.forging import Forger, kept_of
from tests.crowd.life import town_by_wire
from tests.crowd.promises import data_of
from tests.e2e.town import say, tap
from tests.reliability.test_mutated import deliver

_UPDATES = int(os.environ.get("FORGED_UPDATES", "1500"))
_SEED = int(os.environ.get("FORGED_SEED", "11"))
_AT_ONCE = 250


async def test_no_update_is_an_error_and_no_forged_button_moves_anothers_rows(
    tmp_path: Path, caplog: LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    async with town_by_wire(tmp_path) as town:
        amina, bea, cas = [await town.fieldworker(name) for name in ("Amina", "Bea", "Cas")]
        dora, stranger = town.play.phone("Dora"), town.play.phone("Els")
        await town.invited(dora, Grant(Role.COORDINATOR, "rotterdam"), "Dora")
        await dora.wait_for("/export")
        await town.asked(bea, "Bea")
        await town.asked(amina, "Amina")
        await tap(amina, "1", "Vraag 2 van 11")
        await tap(amina, "Overslaan", "Vraag 3 van 11")
        before, updates = kept_of(town, town.person("Amina")), _UPDATES
        forged = [data for message in amina.messages for data, _ in data_of(message)]
        forger = Forger(Random(_SEED), [bea, bea, cas, dora, stranger], forged)
        for start in range(0, updates, _AT_ONCE):
            await deliver(town, [forger.update(10_000_000 + n) for n in range(start, min(start + _AT_ONCE, updates))])
            assert kept_of(town, town.person("Amina")) == before
        assert [row["error"] for row in town.rows("SELECT error FROM inbox WHERE state = 'dead' OR tries > 0")] == []
        assert town.rows("SELECT id FROM inbox WHERE state = 'new'") == []
        assert [
            record.getMessage() for record in caplog.records if record.name.startswith(("bot.worker", "handlers"))
        ] == []
        await tap(amina, "4", "Vraag 4 van 11")
        await say(amina, "/help", "Dit kun je doen")
