"""Brings files that people sent from Telegram to disk."""

import asyncio
import os
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from telegram import Bot
from telegram.error import BadRequest

from bot.channel import Gone, Moved, NotDelivered, Refused, TooBig, Unsure
from bot.telegram.answers import NotSent, readable
from bot.telegram.outgoing import neutral_errors
from bot.telegram.request import AiohttpRequest

LARGEST_DOWNLOAD = 20 * 1024 * 1024
_CHUNK = 256 * 1024


async def fetch_file(bot: Bot, request: AiohttpRequest, ref: str, target: Path, most: int = LARGEST_DOWNLOAD) -> int:
    """Bring a file to `target`, readable by us alone, whole or not at all; its size in bytes.

    Raises TooBig (above `most` bytes), NotDelivered (try again later) or Refused (never).
    """
    address, told = await _described(bot, ref)
    if told > most:
        raise TooBig(f"{told} bytes, at most {most} can be fetched")
    aside = target.with_name(target.name + ".part")
    try:
        size = await _download(request, address, aside, most)
        if size < told:
            raise NotDelivered
        aside.replace(target)
    finally:
        with suppress(FileNotFoundError):
            aside.unlink()
    return size


async def _described(bot: Bot, ref: str) -> tuple[str, int]:
    """Address and size of a file, 0 where that is not told.

    Asking again does no harm, so doubt is no reason to give up.
    """
    try:
        with neutral_errors():
            return await _get_file(bot, ref)
    except (Unsure, Moved, Gone):
        raise NotDelivered from None


async def _get_file(bot: Bot, ref: str) -> tuple[str, int]:
    try:
        with readable():
            told = await bot.do_api_request("getFile", api_kwargs={"file_id": ref})
            size = told.get("file_size")
            return _address(bot, told.get("file_path")), size if isinstance(size, int) else 0
    except BadRequest as error:
        if "file is too big" in error.message.lower():
            raise TooBig("the channel refuses to hand out a file of this size") from None
        raise


def _address(bot: Bot, path: object) -> str:
    """Where to download it; holds the token, so it goes nowhere else."""
    if not isinstance(path, str) or not path:
        # Telegram may leave it out for a while.
        raise NotDelivered
    if path.startswith(("/", "\\")):
        raise Refused("file: the server keeps its files to itself; start it without --local")
    return f"{bot.base_file_url}/{quote(path)}"


async def _download(request: AiohttpRequest, url: str, aside: Path, most: int) -> int:
    size = 0
    with _create(aside) as handle:
        try:
            async with request.download(url) as response:
                async for chunk in response.content.iter_chunked(_CHUNK):
                    size += len(chunk)
                    if size > most:
                        raise TooBig(f"more than {most} bytes")
                    await asyncio.to_thread(handle.write, chunk)
        except NotSent:
            raise NotDelivered from None
        await asyncio.to_thread(_sync, handle)
    return size


def _create(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _sync(handle: BinaryIO) -> None:
    handle.flush()
    os.fsync(handle.fileno())
