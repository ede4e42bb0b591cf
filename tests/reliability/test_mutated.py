"""Whatever comes in, one update never stops the bot nor keeps another waiting."""

import os
from copy import deepcopy
from functools import partial
from random import Random
from typing import Any

from bot.telegram.fetch import arrival
from storage import inbox
from tests.e2e.conftest import town
from tests.e2e.town import Town, local, say, tap
from tests.telegram.test_incoming import SAMPLES, mutated

__all__ = ["town"]

_UPDATES = int(os.environ.get("MUTATED_UPDATES", "700"))
_WORDS = [
    "4",
    "vier",
    "ja",
    "/start",
    "/export alles",
    "/plan",
    "/stop",
    "/taal",
    "| | |",
    "x" * 4096,
    "\u202e",
    "\x00",
    "🙂" * 9,
]
_HOSTILE = [
    "",
    "s:1:1:choose:0",
    "s:9999999999999999999:1:send:",
    "p:1:0:start:",
    "u:-1:0:consent:yes",
    ":::::",
    "d:1:0:city:x",
]


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


def any_update(random: Random, person: int, number: int) -> dict[str, Any]:
    """Something that Telegram may send, with right types and whatever content."""
    chat = {"id": person, "type": "private", "first_name": "A"}
    sender = {"id": person, "is_bot": False, "first_name": "A", "language_code": random.choice(["nl", "en", "xx"])}
    file = {"file_id": f"none{number}", "file_unique_id": "u", "file_size": random.choice([0, 900, 1 << 31])}
    body: dict[str, Any] = {"message_id": 2_000_000 + number, "date": int(local(18, 16).timestamp()), "chat": chat}
    body["from"] = sender
    content: dict[str, Any] = random.choice(
        [
            {"text": random.choice(_WORDS)},
            {"voice": {**file, "duration": 3}},
            {"photo": [{**file, "width": 5, "height": 5}], "caption": random.choice(_WORDS)},
            {"document": {**file, "file_name": random.choice(["a.xlsx", "a.jpg", "../x", ""])}},
            {"sticker": {**file, "type": "regular"}},
            {"location": {"latitude": 1.0, "longitude": 2.0}},
            {"poll": {"id": "1", "question": "?"}},
            {"new_chat_title": "x"},
        ]
    )
    tapped = {
        "id": f"r{number}",
        "from": sender,
        "chat_instance": "1",
        "message": body,
        "data": random.choice(_HOSTILE),
    }
    status = random.choice(["member", "kicked", "administrator", "left", "restricted"])
    member = {"status": status, "user": {"id": 1, "is_bot": True, "first_name": "B"}}
    changed = {"chat": chat, "from": sender, "date": body["date"], "old_chat_member": member, "new_chat_member": member}
    return random.choice(
        [
            {"message": {**body, **content}},
            {"edited_message": {**body, "edit_date": body["date"] + 60, **content}},
            {"callback_query": tapped},
            {"my_chat_member": changed},
            {"channel_post": {**body, "chat": {"id": -100123, "type": "channel", "title": "K"}, "text": "x"}},
            {"message": {**body, "chat": {"id": -5, "type": "group", "title": "G"}, **content}},
        ]
    )


async def test_no_update_of_the_right_shape_is_an_error(town: Town) -> None:
    amina, bram = await town.fieldworker(), await town.coordinator()
    await town.asked(amina, "Amina")
    await tap(amina, "1", "Vraag 2 van 11")
    random = Random(23)
    people = [amina.id, amina.id, bram.id, 9_999_998]
    await deliver(town, [any_update(random, random.choice(people), n) for n in range(_UPDATES)])
    assert [row["error"] for row in town.rows("SELECT error FROM inbox WHERE state = 'dead'")] == []
    assert not town.rows("SELECT 1 FROM inbox WHERE state = 'new'")
