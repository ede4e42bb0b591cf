"""Whatever comes in, one update never stops the bot nor keeps another waiting."""

import os
from copy import deepcopy
from functools import partial
from random import Random
from typing import Any

from bot.telegram.fetch import arrival
from storage import inbox
from tests.e2e.conftest import town
from tests.e2e.town import Town, say
from tests.telegram.test_incoming import SAMPLES, mutated

__all__ = ["town"]

_UPDATES = int(os.environ.get("MUTATED_UPDATES", "300"))


async def deliver(town: Town, updates: list[dict[str, Any]]) -> None:
    """As if Telegram had brought them, each under an id of its own."""
    for start in range(0, len(updates), 500):
        batch = updates[start : start + 500]
        for number, update in enumerate(batch, start + 1):
            update["update_id"] = number
        keep = partial(inbox.store, channel="telegram", arrivals=list(map(arrival, batch)), now=town.play.clock.now())
        await town.play.app._writer.run(keep)
        await town.play.app.at_rest()


def by(person: int, update: dict[str, Any], number: int) -> dict[str, Any]:
    """The same, by one of the town's people and under ids of its own."""
    changed = deepcopy(update)
    for body in changed.values():
        if isinstance(body, dict):
            _rename(body, person, number)
    return changed


def _rename(body: dict[str, Any], person: int, number: int) -> None:
    if "message_id" in body:
        body["message_id"] = 1_000_000 + number
    if "data" in body:
        body["id"] = str(number)
    for key in ("chat", "from"):
        if isinstance(body.get(key), dict) and body[key].get("id", 0) > 0:
            body[key] = {**body[key], "id": person}
    if isinstance(body.get("message"), dict):
        _rename(body["message"], person, number)


async def test_mutated_updates_stop_nothing_and_block_nobody(town: Town) -> None:
    amina, bram = await town.fieldworker(), await town.coordinator()
    await town.asked(amina, "Amina")
    random = Random(17)
    people = [amina.id, bram.id, 9_999_999]
    await deliver(
        town, [mutated(by(random.choice(people), random.choice(SAMPLES), n), random) for n in range(_UPDATES)]
    )
    errors = {row["error"] for row in town.rows("SELECT DISTINCT error FROM inbox WHERE state = 'dead'")}
    assert errors <= {"Unreadable", "no update id", "too large"}
    assert not town.rows("SELECT 1 FROM inbox WHERE state = 'new'")
    bea = await town.fieldworker("Bea")
    await say(bea, "/help", "Dit kun je doen")
