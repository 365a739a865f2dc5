"""What people do in Telegram: write, press buttons, send files, block the bot."""

import msgspec

from sandbox.botapi.detect import with_detected
from sandbox.botapi.entities import utf16
from sandbox.botapi.files import as_document, as_photo
from sandbox.shapes import Account, Callback, Json, Kept, Message, StoredFile
from sandbox.state import Sandbox

TEXT_MAX = 4096
START_CODE_MAX = 64
ALBUM_MIN, ALBUM_MAX = 2, 10


class PersonCannotError(Exception):
    """An action that no Telegram client allows; the control API refuses it."""


def say(sandbox: Sandbox, account: Account, text: str, *, reply_to: int = 0) -> Kept:
    """Send a text to the bot."""
    text = text.strip()
    if not text:
        raise PersonCannotError("there is nothing to send")
    if utf16(text) > TEXT_MAX:
        raise PersonCannotError(f"a message has at most {TEXT_MAX} characters")
    message = _new_message(sandbox, account, reply_to)
    message.text = text
    message.entities = with_detected(text, [])
    return _send(sandbox, account, message, reply_to)


def send_file(
    sandbox: Sandbox, account: Account, stored: StoredFile, *, caption: str = "", reply_to: int = 0
) -> Kept:
    """Send a picture or a file to the bot."""
    message = _new_message(sandbox, account, reply_to)
    _add_file(message, stored, caption)
    return _send(sandbox, account, message, reply_to)


def send_album(
    sandbox: Sandbox,
    account: Account,
    files: list[StoredFile],
    *,
    caption: str = "",
    reply_to: int = 0,
) -> list[Kept]:
    """Send pictures or files together; the caption is that of the first."""
    if not ALBUM_MIN <= len(files) <= ALBUM_MAX:
        raise PersonCannotError(f"an album has {ALBUM_MIN} to {ALBUM_MAX} parts")
    album, sent = sandbox.new_album(), []
    for number, stored in enumerate(files):
        message = _new_message(sandbox, account, reply_to)
        _add_file(message, stored, "" if number else caption)
        message.media_group_id = album
        sent.append(_send(sandbox, account, message, reply_to))
    return sent


def share_story(sandbox: Sandbox, account: Account) -> Kept:
    """Send a story to the bot, which Telegram lets nobody copy."""
    message = _new_message(sandbox, account, 0)
    message.story = {"chat": msgspec.to_builtins(account.chat), "id": 1}
    return _send(sandbox, account, message, 0)


def delete(sandbox: Sandbox, account: Account, message_id: int) -> None:
    """Delete a message for both; the bot is not notified."""
    kept = account.messages.get(message_id)
    if kept is None:
        raise PersonCannotError(f"no message {message_id} in this chat")
    sandbox.delete(account, kept)


def press(
    sandbox: Sandbox, account: Account, message_id: int, data: str, *, forged: bool = False
) -> Callback:
    """Press an inline button; the answer comes later, through the feed."""
    _must_be_able_to_write(account)
    kept = account.messages.get(message_id)
    if kept is None:
        raise PersonCannotError(f"no message {message_id} in this chat")
    keyboard = kept.message.reply_markup or {"inline_keyboard": []}
    offered = [button.get("callback_data") for row in keyboard["inline_keyboard"] for button in row]
    if data not in offered and not forged:
        raise PersonCannotError(f"message {message_id} has no button with {data!r}")
    sandbox.last_callback_id += 1
    callback = Callback(
        str(sandbox.last_callback_id), account.person.id, message_id, data, sandbox.clock()
    )
    sandbox.callbacks[callback.id] = callback
    query = {
        "id": callback.id,
        "from": msgspec.to_builtins(account.person),
        "message": msgspec.to_builtins(sandbox.full(account, kept)),
        "chat_instance": str(account.person.id * 7919),
        "data": data,
    }
    sandbox.updates.add("callback_query", query, account.person.id)
    return callback


def block(sandbox: Sandbox, account: Account) -> None:
    """Block the bot; Telegram notifies the bot."""
    if not account.blocked:
        account.blocked = True
        _membership_changed(sandbox, account, "member", "kicked")


def unblock(sandbox: Sandbox, account: Account) -> None:
    """Let the bot write again."""
    if account.blocked:
        account.blocked = False
        _membership_changed(sandbox, account, "kicked", "member")


def deactivate(sandbox: Sandbox, account: Account) -> None:
    """Delete the account; the bot is not notified."""
    account.deactivated = True
    sandbox.person_changed(account)


def _membership_changed(sandbox: Sandbox, account: Account, before: str, after: str) -> None:
    bot = msgspec.to_builtins(sandbox.bot)

    def member(status: str) -> Json:
        until: Json = {"until_date": 0} if status == "kicked" else {}
        return {"user": bot, "status": status, **until}

    if account.started:
        update = {
            "chat": msgspec.to_builtins(account.chat),
            "from": msgspec.to_builtins(account.person),
            "date": int(sandbox.clock()),
            "old_chat_member": member(before),
            "new_chat_member": member(after),
        }
        sandbox.updates.add("my_chat_member", update, account.person.id)
    sandbox.person_changed(account)


def _must_be_able_to_write(account: Account) -> None:
    if account.deactivated:
        raise PersonCannotError("this account is deleted")
    if account.blocked:
        raise PersonCannotError("unblock the bot first")


def _new_message(sandbox: Sandbox, account: Account, reply_to: int) -> Message:
    _must_be_able_to_write(account)
    if reply_to and reply_to not in account.messages:
        raise PersonCannotError(f"no message {reply_to} to reply to")
    return Message(
        sandbox.next_message_id(), int(sandbox.clock()), account.chat, sender=account.person
    )


def _add_file(message: Message, stored: StoredFile, caption: str) -> None:
    if stored.kind == "photo":
        message.photo = as_photo(stored)
    else:
        message.document = as_document(stored)
    if caption:
        message.caption = caption
        message.caption_entities = with_detected(caption, [])


def _send(sandbox: Sandbox, account: Account, message: Message, reply_to: int) -> Kept:
    kept = sandbox.keep(account, Kept(message, by_bot=False, reply_to_id=reply_to))
    if not account.started:
        account.started = True
        sandbox.person_changed(account)
    if account.reply_keyboard and account.reply_keyboard.get("force_reply"):
        sandbox.set_reply_keyboard(account, None)
    payload = msgspec.to_builtins(sandbox.full(account, kept))
    sandbox.updates.add("message", payload, account.person.id)
    return kept
