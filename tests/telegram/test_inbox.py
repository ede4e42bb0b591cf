"""Updates are kept once, handled once, and set aside after three failures."""

from pathlib import Path

from storage import inbox
from storage.inbox import Arrival
from tests.telegram.telegram_parts import Clock, database

CLOCK = Clock()
NOW = CLOCK.time


def arrivals(*keys: str) -> list[Arrival]:
    return [Arrival(key, "telegram:1001", f'{{"update_id": {key}}}') for key in keys]


async def test_an_update_that_comes_twice_is_kept_once(tmp_path: Path) -> None:
    async with database(tmp_path) as kept:
        first = await kept.writer.run(lambda tx: inbox.store(tx, "telegram", arrivals("7", "8"), NOW))
        again = await kept.writer.run(lambda tx: inbox.store(tx, "telegram", arrivals("8", "9"), NOW))
        rows = await inbox.waiting(kept.reader, 10)
    assert (first, again) == (2, 1)
    assert [row.raw for row in rows] == ['{"update_id": 7}', '{"update_id": 8}', '{"update_id": 9}']
    assert rows[0].received_on == NOW


async def test_ids_that_start_anew_lower_are_new_updates(tmp_path: Path) -> None:
    async with database(tmp_path) as kept:
        await kept.writer.run(lambda tx: inbox.store(tx, "telegram", arrivals("900"), NOW))
        stored = await kept.writer.run(lambda tx: inbox.store(tx, "telegram", arrivals("12"), NOW))
    assert stored == 1


async def test_an_update_without_an_id_is_set_aside_once_and_the_rest_goes_on(tmp_path: Path) -> None:
    shapeless = Arrival(None, "", '["?"]')
    async with database(tmp_path) as kept:
        for _ in range(2):
            await kept.writer.run(lambda tx: inbox.store(tx, "telegram", [shapeless, *arrivals("7")], NOW))
        aside = await kept.writer.run(inbox.dead)
        rows = await inbox.waiting(kept.reader, 10)
    assert [(row.error, row.received_on) for row in aside] == [("no update id", NOW)]
    assert len(rows) == 1


async def test_what_was_handled_is_forgotten_but_known(tmp_path: Path) -> None:
    async with database(tmp_path) as kept:
        await kept.writer.run(lambda tx: inbox.store(tx, "telegram", arrivals("7"), NOW))
        [row] = await inbox.waiting(kept.reader, 10)
        await kept.writer.run(lambda tx: inbox.handled(tx, row.id, "telegram:msg:1001:5", NOW))
        known = await kept.writer.run(lambda tx: inbox.seen(tx, "telegram:msg:1001:5"))
        other = await kept.writer.run(lambda tx: inbox.seen(tx, "telegram:msg:1001:6"))
        left = await kept.reader.one("SELECT raw, state FROM inbox")
        waiting = await inbox.waiting(kept.reader, 10)
    assert (known, other) == (True, False)
    assert left is not None
    assert (left["raw"], left["state"]) == (None, "done")
    assert waiting == []


async def test_the_same_message_under_another_update_id_is_closed_without_its_key(tmp_path: Path) -> None:
    async with database(tmp_path) as kept:
        await kept.writer.run(lambda tx: inbox.store(tx, "telegram", arrivals("7", "8"), NOW))
        first, second = await inbox.waiting(kept.reader, 10)
        await kept.writer.run(lambda tx: inbox.handled(tx, first.id, "telegram:msg:1001:5", NOW))
        await kept.writer.run(lambda tx: inbox.handled(tx, second.id, None, NOW))
        assert await inbox.waiting(kept.reader, 10) == []


async def test_the_third_failure_sets_an_update_aside_with_its_kind(tmp_path: Path) -> None:
    async with database(tmp_path) as kept:
        await kept.writer.run(lambda tx: inbox.store(tx, "telegram", arrivals("7"), NOW))
        [row] = await inbox.waiting(kept.reader, 10)
        last = [await kept.writer.run(lambda tx: inbox.failed(tx, row.id, "ZeroDivisionError", NOW)) for _ in range(3)]
        waiting = await inbox.waiting(kept.reader, 10)
        aside = await kept.writer.run(inbox.dead)
        raw = await kept.reader.one("SELECT raw FROM inbox")
    assert last == [False, False, True]
    assert waiting == []
    assert [row.error for row in aside] == ["ZeroDivisionError"]
    assert raw is not None
    assert raw["raw"] == '{"update_id": 7}'
