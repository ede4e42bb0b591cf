"""Files come to disk whole, for our eyes only, or not at all."""

from pathlib import Path
from typing import cast

from pytest import mark, param, raises

from bot.channel import NotDelivered, Refused, TooBig
from bot.sandbox.faults import Fault
from bot.sandbox.server import Sandbox
from bot.telegram import files
from bot.telegram.channel import TelegramChannel
from fieldwork.messages import File, Sent
from tests.telegram.telegram_parts import Clock, a_channel, database, fetching, until_waiting

CLOCK = Clock()


async def sent_voice(folder: Path, sandbox: Sandbox, channel: TelegramChannel, content: bytes) -> File:
    """What the bot learns of a voice note somebody sends."""
    phone = sandbox.phone("Anna", 1001)
    async with database(folder) as kept, fetching(channel, kept, CLOCK):
        phone.send_voice(content, 4)
        [row] = await until_waiting(kept, 1)
    incoming = channel.read(row.raw, row.received_on)
    assert incoming is not None
    return cast(Sent, incoming.what).file


def nothing_kept(folder: Path) -> bool:
    return list(folder.glob("kept*")) == []


async def test_a_file_arrives_whole_and_readable_by_us_alone(tmp_path: Path) -> None:
    content = b"geluid" * 200_000
    async with Sandbox(CLOCK) as sandbox, a_channel(sandbox) as channel:
        file = await sent_voice(tmp_path, sandbox, channel, content)
        target = tmp_path / "kept.ogg"
        assert await channel.fetch_file(file.ref, target) == len(content)
    assert target.read_bytes() == content
    assert target.stat().st_mode & 0o777 == 0o600
    assert not target.with_name("kept.ogg.part").exists()


async def test_a_file_telegram_does_not_hand_out_is_too_big(tmp_path: Path) -> None:
    async with Sandbox(CLOCK) as sandbox, a_channel(sandbox) as channel:
        file = await sent_voice(tmp_path, sandbox, channel, bytes(20 * 1024 * 1024 + 1))
        with raises(TooBig):
            await channel.fetch_file(file.ref, tmp_path / "kept.ogg")
    assert nothing_kept(tmp_path)


async def test_a_limit_of_our_own_is_kept_before_downloading(tmp_path: Path) -> None:
    async with Sandbox(CLOCK) as sandbox, a_channel(sandbox) as channel:
        file = await sent_voice(tmp_path, sandbox, channel, bytes(2000))
        with raises(TooBig):
            await files.fetch_file(channel._bot, channel._request, file.ref, tmp_path / "kept.ogg", 1999)
        assert not sandbox.calls.of("download")


@mark.parametrize("method", ["getFile", "download"])
@mark.parametrize(
    ("fault", "times"),
    [
        param(Fault.server_error(500), 1, id="500"),
        # Dropped twice, because aiohttp itself asks again once where asking is harmless.
        param(Fault.dropped_before(), 2, id="dropped before"),
        param(Fault.dropped_after(), 2, id="dropped after"),
    ],
)
async def test_a_fault_leaves_nothing_behind_and_is_tried_again(
    tmp_path: Path, method: str, fault: Fault, times: int
) -> None:
    async with Sandbox(CLOCK) as sandbox, a_channel(sandbox) as channel:
        file = await sent_voice(tmp_path, sandbox, channel, b"geluid")
        sandbox.fail(method, fault, times)
        target = tmp_path / "kept.ogg"
        for _ in range(times if method == "getFile" else 1):
            with raises(NotDelivered):
                await channel.fetch_file(file.ref, target)
            assert nothing_kept(tmp_path)
        assert await channel.fetch_file(file.ref, target) == 6


async def test_a_file_that_telegram_does_not_know_is_refused(tmp_path: Path) -> None:
    async with Sandbox(CLOCK) as sandbox, a_channel(sandbox) as channel:
        with raises(Refused, match="invalid file_id"):
            await channel.fetch_file("nothing", tmp_path / "kept.ogg")
