"""The bare echo bot on aiogram, from its own example.

`python -m bench.rivals.echo_aiogram OPTIONS`.
"""

import asyncio
import sys

import msgspec
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message


class Options(msgspec.Struct, frozen=True):
    """Where the Bot API is."""

    api_url: str
    token: str


async def echo(message: Message) -> None:
    """Send the text back."""
    await message.answer(message.text or "")


async def main(options: Options) -> None:
    """Run until killed."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(options.api_url))
    dispatcher = Dispatcher()
    dispatcher.message()(echo)
    await dispatcher.start_polling(Bot(options.token, session=session))


if __name__ == "__main__":
    asyncio.run(main(msgspec.json.decode(sys.argv[1], type=Options)))
