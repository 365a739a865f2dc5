"""New messages from the bot: texts, pictures, files, copies, forwards, and the typing sign."""

from msgspec.structs import replace

from sandbox.botapi.call import Call, checked_length
from sandbox.botapi.errors import bad_request
from sandbox.botapi.files import Kind, as_document, as_photo
from sandbox.botapi.markup import parse_markup
from sandbox.shapes import Account, Json, Kept, Message, Origin

TEXT_MAX = 4096
CAPTION_MAX = 1024
COPIED_MAX = 100
CHAT_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)


async def send_message(call: Call) -> Message:
    """`sendMessage`."""
    account = call.open_account()
    if not call.params.text("text"):
        raise bad_request("message text is empty")
    text, entities = call.formatted("text", "entities")
    if not text:
        raise bad_request("text must be non-empty")
    checked_length(text, TEXT_MAX, "message is too long")
    message = _blank(call, account)
    message.text, message.entities = text, entities
    return _send(call, account, message)


async def send_photo(call: Call) -> Message:
    """`sendPhoto`."""
    return _send_file(call, "photo")


async def send_document(call: Call) -> Message:
    """`sendDocument`."""
    return _send_file(call, "document")


async def copy_message(call: Call) -> Json:
    """`copyMessage`: the same content, without a trace of where it comes from."""
    account = call.open_account()
    source = call.message(call.known_account("from_chat_id"), "copy").message
    if source.story is not None:
        raise bad_request("message can't be copied")
    message = _copy_of(call, account, source)
    if call.params.has("caption") and not source.text:
        _add_caption(call, message)
    return {"message_id": _send(call, account, message).message_id}


async def copy_messages(call: Call) -> list[Json]:
    """`copyMessages`: what can't be found or copied is left out; albums stay albums."""
    account = call.open_account()
    sources = call.known_account("from_chat_id").messages
    ids = call.params.json("message_ids")
    if not isinstance(ids, list) or not 0 < len(ids) <= COPIED_MAX or ids != sorted(set(ids)):
        raise bad_request("message identifiers must be in a strictly increasing order")
    kept = [sources[one] for one in ids if one in sources and not sources[one].message.story]
    if not kept:
        raise bad_request("there are no messages to copy")
    albums: dict[str, str] = {}
    sent: list[Json] = []
    for source in (one.message for one in kept):
        message = _copy_of(call, account, source)
        if source.media_group_id:
            new = albums.setdefault(source.media_group_id, call.sandbox.new_album())
            message.media_group_id = new
        sent.append({"message_id": _send(call, account, message).message_id})
    return sent


async def forward_message(call: Call) -> Message:
    """`forwardMessage`."""
    account = call.open_account()
    source = call.message(call.known_account("from_chat_id"), "forward").message
    message = replace(
        source,
        message_id=call.sandbox.next_message_id(),
        date=int(call.sandbox.clock()),
        chat=account.chat,
        sender=call.sandbox.bot,
        edit_date=None,
        reply_markup=None,
        forward_origin=source.forward_origin or Origin("user", source.date, source.sender),
    )
    return call.sandbox.keep(account, Kept(message, by_bot=True)).message


async def send_chat_action(call: Call) -> bool:
    """`sendChatAction`: the line under the bot's name."""
    account = call.open_account()
    action = call.params.text("action").lower()
    if action not in CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    call.sandbox.feed.publish("typing", account.person.id, {"action": action})
    return True


def _copy_of(call: Call, account: Account, source: Message) -> Message:
    message = _blank(call, account)
    message.text, message.entities = source.text, source.entities
    message.photo, message.document = source.photo, source.document
    message.caption, message.caption_entities = source.caption, source.caption_entities
    return message


def _blank(call: Call, account: Account) -> Message:
    sandbox = call.sandbox
    return Message(
        0,
        int(sandbox.clock()),
        account.chat,
        sender=sandbox.bot,
        has_protected_content=call.params.flag("protect_content"),
    )


def _send_file(call: Call, kind: Kind) -> Message:
    account = call.open_account()
    message = _blank(call, account)
    _add_caption(call, message)
    stored = call.sandbox.files.from_call(kind, call.params)
    if kind == "photo":
        message.photo = as_photo(stored)
    else:
        message.document = as_document(stored)
    return _send(call, account, message)


def _add_caption(call: Call, message: Message) -> None:
    caption, entities = call.formatted("caption", "caption_entities")
    checked_length(caption, CAPTION_MAX, "message caption is too long")
    message.caption, message.caption_entities = caption or None, entities


def _send(call: Call, account: Account, message: Message) -> Message:
    """Assign the message id only after all checks have passed."""
    sandbox = call.sandbox
    markup = parse_markup(call.params.json("reply_markup"))
    reply_to_id = call.reply_to_id(account)
    message.reply_markup = markup.inline
    message.message_id = sandbox.next_message_id()
    kept = Kept(
        message,
        by_bot=True,
        reply_to_id=reply_to_id,
        has_reply_keyboard=markup.removes or markup.reply is not None,
    )
    sandbox.keep(account, kept)
    if kept.has_reply_keyboard:
        sandbox.set_reply_keyboard(account, markup.reply)
    return sandbox.full(account, kept)
