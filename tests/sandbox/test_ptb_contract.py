"""The real client library performs each method, and meets the real exceptions."""

import asyncio

import pytest
from telegram import (
    BotCommand,
    BotCommandScopeChat,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    MenuButtonCommands,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
    Update,
)
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, MessageHandler, filters

BUTTON = InlineKeyboardMarkup([[InlineKeyboardButton("Pay", callback_data="pay:1")]])


async def test_the_bot_knows_itself(bot):
    me = await bot.get_me()
    assert (me.username, me.is_bot, me.id) == ("viewbank_demo_bot", True, bot.id)


async def test_messages_are_sent_answered_edited_copied_forwarded_and_deleted(bot, ann):
    sent = await bot.send_message(
        42,
        "<b>Hello</b> https://youtu.be/x",
        parse_mode="HTML",
        reply_markup=BUTTON,
        reply_parameters=ReplyParameters(message_id=1),
    )
    assert (sent.text_html, sent.reply_to_message.text) == (
        "<b>Hello</b> https://youtu.be/x",
        "/start",
    )
    assert sent.reply_markup == BUTTON
    edited = await bot.edit_message_text("Bye", 42, sent.message_id, reply_markup=BUTTON)
    assert (edited.text, edited.edit_date is not None) == ("Bye", True)
    bare = await bot.edit_message_reply_markup(42, sent.message_id)
    assert bare.reply_markup is None
    copied = await bot.copy_message(42, 42, sent.message_id, reply_markup=BUTTON)
    forwarded = await bot.forward_message(42, 42, 1)
    assert forwarded.forward_origin.sender_user.id == 42
    assert await bot.delete_message(42, sent.message_id)
    assert await bot.delete_messages(42, [forwarded.message_id])
    seen = await ann.messages()
    assert [(one.id, one.text) for one in seen] == [(1, "/start"), (copied.message_id, "Bye")]


async def test_keyboards_below_the_input_come_and_go(bot, ann):
    keyboard = ReplyKeyboardMarkup(
        [["A", "B"], ["C"]], resize_keyboard=True, input_field_placeholder="Choose"
    )
    sent = await bot.send_message(42, "choose", reply_markup=keyboard)
    assert sent.reply_markup is None
    assert await ann.keyboard() == [["A", "B"], ["C"]]
    await bot.send_message(42, "gone", reply_markup=ReplyKeyboardRemove())
    assert await ann.keyboard() == []
    await bot.send_message(42, "answer me", reply_markup=ForceReply())
    assert await bot.send_chat_action(42, "typing")


async def test_pictures_and_files_go_both_ways(bot, ann, png):
    picture = await bot.send_photo(42, png, caption="<i>look</i>", parse_mode="HTML")
    assert (picture.photo[-1].width, picture.photo[-1].height) == (3, 2)
    again = await bot.send_photo(42, picture.photo[-1].file_id)
    assert again.photo == picture.photo
    sent = await bot.send_document(42, b"a,b\n", filename="points.csv", caption="Yours")
    assert (sent.document.file_name, sent.document.file_size) == ("points.csv", 4)
    assert await ann.download(await ann.last()) == b"a,b\n"
    with pytest.raises(BadRequest, match=r"(?i)image_process_failed"):
        await bot.send_photo(42, b"not a picture")

    await ann.send_document(b"x,y\n", "old.csv", "my file")
    update = (await bot.get_updates())[-1]
    file = await bot.get_file(update.message.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"x,y\n"
    assert update.message.caption == "my file"


@pytest.mark.usefixtures("ann")
async def test_the_bot_introduces_itself(bot):
    scope = BotCommandScopeChat(42)
    assert await bot.set_my_commands([("start", "Begin")])
    assert await bot.set_my_commands([BotCommand("admin", "Rule")], scope=scope)
    assert [one.command for one in await bot.get_my_commands()] == ["start"]
    assert [one.command for one in await bot.get_my_commands(scope=scope)] == ["admin"]
    assert await bot.delete_my_commands(scope=scope)
    assert await bot.get_my_commands(scope=scope) == ()
    assert await bot.set_chat_menu_button(42, MenuButtonCommands())
    assert await bot.get_chat_menu_button(42) == MenuButtonCommands()
    assert await bot.set_my_description("Views for points")
    assert (await bot.get_my_description()).description == "Views for points"
    assert await bot.set_my_description("Просмотры", language_code="ru")
    assert (await bot.get_my_description(language_code="ru")).description == "Просмотры"
    assert await bot.set_my_short_description("Views")
    assert (await bot.get_my_short_description()).short_description == "Views"


async def test_chats_and_members_can_be_asked_for(bot, ann):
    chat = await bot.get_chat(42)
    assert (chat.first_name, chat.username, chat.type) == ("Ann", "ann_walks", "private")
    assert (await bot.get_chat_member(42, 42)).status == "member"
    await ann.block()
    assert (await bot.get_chat_member(42, bot.id)).status == "kicked"
    with pytest.raises(BadRequest, match=r"(?i)invalid user_id"):
        await bot.get_chat_member(42, 999)


async def test_webhooks_are_set_and_shown_and_taken_away(bot):
    assert await bot.set_webhook("https://example.com/hook", secret_token="abc")
    assert (await bot.get_webhook_info()).url == "https://example.com/hook"
    with pytest.raises(Conflict, match="webhook is active"):
        await bot.get_updates()
    assert await bot.delete_webhook()
    assert (await bot.get_webhook_info()).url == ""


async def test_refusals_are_the_librarys_exceptions(bot, ann):
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(999, "x")
    long = InlineKeyboardMarkup([[InlineKeyboardButton("b", callback_data="x" * 65)]])
    with pytest.raises(BadRequest, match=r"(?i)button_data_invalid"):
        await bot.send_message(42, "x", reply_markup=long)
    sent = await bot.send_message(42, "x")
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_text("x", 42, sent.message_id)
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query("1")
    await ann.block()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(42, "x")


async def test_planned_faults_are_the_librarys_exceptions(bot, ann, world, monkeypatch):
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    await world.fault("429", "sendMessage", retry_after_s=7)
    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(42, "x")
    assert caught.value.retry_after.total_seconds() == 7
    await world.fault("500")
    with pytest.raises(NetworkError):
        await bot.send_message(42, "x")
    await world.fault("drop", after=True)
    with pytest.raises(NetworkError):
        await bot.send_message(42, "arrived all the same")
    assert (await ann.last()).text == "arrived all the same"
    await world.fault("slow")
    with pytest.raises(TimedOut):
        await bot.send_message(42, "slow", read_timeout=0.2)
    assert (await ann.last()).text == "slow"
    assert await world.clear_faults() == 4


async def test_a_wrong_token_is_known_at_once(served):
    application = (
        Application.builder().token("123:wrong").base_url(f"{served.telegram_api_url}/bot").build()
    )
    with pytest.raises(InvalidToken):
        await application.initialize()


async def test_a_whole_bot_can_talk_with_people(served, world):
    """Commands with a deep link, buttons, alerts and edits, through the library's handlers."""

    async def start(update, context):
        await update.message.reply_text(f"Hi, code {context.args}", reply_markup=BUTTON)

    async def pressed(update, _context):
        await update.callback_query.answer("Paid.", show_alert=True)
        await update.callback_query.edit_message_text("Thank you")

    async def anything(update, _context):
        await update.message.reply_text(update.message.text[::-1], do_quote=True)

    address = f"{served.telegram_api_url}/bot"
    application = Application.builder().token(served.token).base_url(address).build()
    application.add_handler(CommandHandler("start", start))
    application.add_handler(CallbackQueryHandler(pressed, pattern="^pay:"))
    application.add_handler(MessageHandler(filters.TEXT, anything))
    async with application:
        await application.start()
        await application.updater.start_polling(allowed_updates=Update.ALL_TYPES)
        ann = await world.add_user("Ann", invite="https://t.me/viewbank_demo_bot?start=r42")
        ben = await world.add_user("Ben")
        await ann.wait_for("Hi, code ['r42']")
        answer = await ann.press("Pay")
        assert (answer.text, answer.is_alert) == ("Paid.", True)
        assert (await ann.wait_for("Thank you")).is_edited
        await asyncio.gather(ann.say("abc"), ben.say("xyz"))
        assert (await ann.wait_for("cba")).reply_to.text == "abc"
        await ben.wait_for("zyx")
        await application.updater.stop()
        await application.stop()
