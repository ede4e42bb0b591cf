"""An echo by aiogram as fast as it goes: uvloop and orjson. `python aiogram_echo.py ADDRESS TOKEN`."""

import asyncio
import sys

import orjson
import uvloop
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message


def dumps(value: object) -> str:
    return orjson.dumps(value).decode()


async def main(address: str, token: str) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(address), json_loads=orjson.loads, json_dumps=dumps)
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def echo(message: Message) -> None:
        await message.answer(message.text or "")

    await dispatcher.start_polling(Bot(token, session=session), handle_signals=True)


asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
asyncio.run(main(*sys.argv[1:]))
