"""Changes of existing messages: edits, deletions, and the answer to a button press."""

from sandbox.botapi.call import Call, checked_length
from sandbox.botapi.errors import NOT_MODIFIED, QUERY_TOO_OLD, bad_request
from sandbox.botapi.markup import Markup, parse_markup
from sandbox.botapi.sending import CAPTION_MAX, TEXT_MAX
from sandbox.shapes import Account, Json, Kept, Message

CALLBACK_TEXT_MAX = 200
CALLBACK_LIFE_S = 150
"""How long Telegram takes an answer is not documented; its queue keeps a press for this time."""
DELETE_WITHIN_S = 48 * 3600
DELETE_MANY_MAX = 100


async def edit_message_text(call: Call) -> Message:
    """`editMessageText`; without a keyboard in the call, the old one goes."""
    account = call.open_account()
    kept = _editable(call, account)
    if kept.message.text is None:
        raise bad_request("there is no text in the message to edit")
    if not call.params.text("text"):
        raise bad_request("message text is empty")
    text, entities = call.formatted("text", "entities")
    if not text:
        raise bad_request("text must be non-empty")
    checked_length(text, TEXT_MAX, "message is too long")
    markup = _inline_only(call)
    message = kept.message
    if (message.text, message.entities, message.reply_markup) == (text, entities, markup.inline):
        raise bad_request(NOT_MODIFIED)
    message.text, message.entities = text, entities
    return _edited(call, account, kept, markup)


async def edit_message_caption(call: Call) -> Message:
    """`editMessageCaption`."""
    account = call.open_account()
    kept = _editable(call, account)
    message = kept.message
    if message.text is not None:
        raise bad_request("there is no caption in the message to edit")
    caption, entities = call.formatted("caption", "caption_entities")
    checked_length(caption, CAPTION_MAX, "message caption is too long")
    markup = _inline_only(call)
    before = (message.caption or "", message.caption_entities, message.reply_markup)
    if before == (caption, entities, markup.inline):
        raise bad_request(NOT_MODIFIED)
    message.caption, message.caption_entities = caption or None, entities
    return _edited(call, account, kept, markup)


async def edit_message_reply_markup(call: Call) -> Message:
    """`editMessageReplyMarkup`: only the keyboard; the message is not marked as edited."""
    account = call.open_account()
    kept = _editable(call, account)
    markup = _inline_only(call)
    if kept.message.reply_markup == markup.inline:
        raise bad_request(NOT_MODIFIED)
    kept.message.reply_markup = markup.inline
    call.sandbox.edited(account, kept)
    return call.sandbox.full(account, kept)


async def delete_message(call: Call) -> bool:
    """`deleteMessage`: in a private chat the bot may delete both sides, for two days."""
    account = call.known_account()
    kept = call.message(account, "delete")
    if call.sandbox.clock() - kept.message.date > DELETE_WITHIN_S:
        raise bad_request("message can't be deleted for everyone")
    call.sandbox.delete(account, kept)
    return True


async def delete_messages(call: Call) -> bool:
    """`deleteMessages`: what is not there is skipped."""
    account = call.known_account()
    message_ids = call.params.json("message_ids")
    if not isinstance(message_ids, list) or not 0 < len(message_ids) <= DELETE_MANY_MAX:
        raise bad_request("message identifiers are not specified")
    for message_id in message_ids:
        if kept := account.messages.get(message_id):
            call.sandbox.delete(account, kept)
    return True


async def answer_callback_query(call: Call) -> bool:
    """`answerCallbackQuery`: once, and in time."""
    params = call.params
    text = params.text("text")
    checked_length(text, CALLBACK_TEXT_MAX, "MESSAGE_TOO_LONG")
    callback = call.sandbox.callbacks.get(params.text("callback_query_id"))
    if (
        callback is None
        or callback.answer is not None
        or call.sandbox.clock() - callback.at > CALLBACK_LIFE_S
    ):
        raise bad_request(QUERY_TOO_OLD)
    callback.answer = {
        "text": text,
        "show_alert": params.flag("show_alert"),
        "url": params.text("url"),
    }
    shown: Json = {
        "callback_query_id": callback.id,
        "message_id": callback.message_id,
        "data": callback.data,
        "answer": callback.answer,
    }
    call.sandbox.feed.publish("callback", callback.user_id, shown)
    return True


def _editable(call: Call, account: Account) -> Kept:
    kept = call.message(account, "edit")
    if not kept.by_bot or kept.has_reply_keyboard or kept.message.forward_origin:
        raise bad_request("message can't be edited")
    return kept


def _inline_only(call: Call) -> Markup:
    return parse_markup(call.params.json("reply_markup"), only_inline=True)


def _edited(call: Call, account: Account, kept: Kept, markup: Markup) -> Message:
    kept.message.reply_markup = markup.inline
    kept.message.edit_date = int(call.sandbox.clock())
    call.sandbox.edited(account, kept)
    return call.sandbox.full(account, kept)
