"""The real `telegram.Bot` does its work on our HTTP client, against the sandbox."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, NetworkError, RetryAfter, TimedOut
from telegram.ext import Application, CommandHandler

from bot.send.delivery_errors import may_have_arrived
from bot.send.http import AiohttpRequest
from sandbox.client import SandboxClient, User
from sandbox.server import Running, running

BUTTON = InlineKeyboardMarkup([[InlineKeyboardButton("Bezahlen", callback_data="pay:1")]])


@pytest.fixture
async def served() -> AsyncIterator[Running]:
    async with running() as served:
        yield served


@pytest.fixture
async def world(served: Running) -> AsyncIterator[SandboxClient]:
    async with SandboxClient(served.url, wait_s=5) as world:
        yield world


@pytest.fixture
async def ann(world: SandboxClient) -> User:
    ann = await world.add_user("Ann", id=42)
    await ann.start()
    return ann


@pytest.fixture
async def bot(served: Running) -> AsyncIterator[Bot]:
    bot = Bot(
        served.token,
        base_url=f"{served.telegram_api_url}/bot",
        base_file_url=f"{served.telegram_api_url}/file/bot",
        request=AiohttpRequest(),
        get_updates_request=AiohttpRequest(),
    )
    async with bot:
        yield bot


async def test_the_bot_knows_itself(bot):
    assert (await bot.get_me()).username == "viewbank_demo_bot"


async def test_messages_with_keyboards_are_sent_and_changed(bot, ann):
    sent = await bot.send_message(42, "<b>Grüße</b> 🙂", parse_mode="HTML", reply_markup=BUTTON)
    assert (sent.text_html, sent.reply_markup) == ("<b>Grüße</b> 🙂", BUTTON)
    assert (await ann.last()).text == "Grüße 🙂"
    edited = await bot.edit_message_text("Tschüss", 42, sent.message_id, reply_markup=BUTTON)
    assert (edited.text, edited.reply_markup) == ("Tschüss", BUTTON)


async def test_files_go_both_ways(bot, ann):
    sent = await bot.send_document(42, b"a,b\n", filename="Pünktchen.csv", caption="Für dich")
    assert (sent.document.file_name, sent.caption) == ("Pünktchen.csv", "Für dich")
    assert await ann.download(await ann.last()) == b"a,b\n"
    await ann.send_document(b"x,y\n", "old.csv", "my file")
    update = (await bot.get_updates())[-1]
    file = await bot.get_file(update.message.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"x,y\n"


@pytest.mark.usefixtures("ann")
async def test_refusals_and_troubles_are_the_librarys_exceptions(bot, world):
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(999, "x")
    await world.fault("429", "sendMessage", retry_after_s=7)
    with pytest.raises(RetryAfter):
        await bot.send_message(42, "x")
    await world.fault("500")
    with pytest.raises(NetworkError) as caught:
        await bot.send_message(42, "x")
    assert not may_have_arrived(caught.value)
    await world.fault("drop", after=True)
    with pytest.raises(NetworkError) as caught:
        await bot.send_message(42, "x")
    assert may_have_arrived(caught.value)
    await world.fault("slow")
    with pytest.raises(TimedOut) as caught:
        await bot.send_message(42, "x", read_timeout=0.05)
    assert may_have_arrived(caught.value)


async def test_a_whole_application_polls_and_replies(served, world):
    async def start(update, _context):
        await update.message.reply_text("Hi", reply_markup=BUTTON)

    application = (
        Application.builder()
        .token(served.token)
        .base_url(f"{served.telegram_api_url}/bot")
        .request(AiohttpRequest())
        .get_updates_request(AiohttpRequest(read_timeout=2))
        .build()
    )
    application.add_handler(CommandHandler("start", start))
    async with application:
        await application.start()
        await application.updater.start_polling()
        people = [await world.add_user(f"Person {number}") for number in range(5)]
        await asyncio.gather(*(person.start() for person in people))
        await asyncio.gather(*(person.wait_for("Hi") for person in people))
        await application.updater.stop()
        await application.stop()
