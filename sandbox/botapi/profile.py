"""Methods on the bot's own profile, and look-ups of chats, people and files."""

import re

import msgspec

from sandbox.botapi.call import Call
from sandbox.botapi.errors import bad_request
from sandbox.botapi.markup import checked_app
from sandbox.shapes import Json, Person

COMMAND = re.compile(r"[a-z0-9_]+")
LANGUAGE_CODE = re.compile(r"([a-z]{2})?")
COMMAND_MAX = 32
COMMAND_DESCRIPTION_MAX = 256
COMMANDS_MAX = 100
DESCRIPTION_MAX = 512
SHORT_DESCRIPTION_MAX = 120
PLAIN_SCOPES = frozenset(
    {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}
)


ADMIN_RIGHTS = (
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
    "can_edit_tag",
    "can_react_to_messages",
)
"""What an administrator may do, and what a restricted member may."""


async def get_me(call: Call) -> Json:
    """`getMe`."""
    return {
        **msgspec.to_builtins(call.sandbox.bot),
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def get_chat(call: Call) -> Json:
    """`getChat`: the full form, with the fields that Telegram always gives."""
    account = call.known_account()
    return {
        **msgspec.to_builtins(account.chat),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": True,
            "limited_gifts": True,
            "unique_gifts": True,
            "premium_subscription": True,
            "gifts_from_channels": True,
        },
    }


async def get_chat_member(call: Call) -> Json:
    """`getChatMember`: in a channel, anybody; in a private chat, the person or the bot."""
    if call.params.text("chat_id").startswith(("@", "-100")):
        return _channel_member(call)
    account = call.known_account()
    user_id = call.params.integer("user_id")
    if user_id == call.sandbox.bot.id:
        status = "kicked" if account.blocked else "member"
        until: Json = {"until_date": 0} if account.blocked else {}
        return {"user": msgspec.to_builtins(call.sandbox.bot), "status": status, **until}
    if user_id not in call.sandbox.accounts:
        raise bad_request("invalid user_id specified")
    if user_id != account.person.id:
        raise bad_request("member not found")
    return {"user": msgspec.to_builtins(account.person), "status": "member"}


def _channel_member(call: Call) -> Json:
    """What somebody is in a channel; only its administrators may ask about others."""
    given, sandbox = call.params.text("chat_id"), call.sandbox
    channel = sandbox.channels.get(given.removeprefix("@").lower())
    channel = channel or next(
        (one for one in sandbox.channels.values() if str(one.id) == given), None
    )
    if channel is None:
        raise bad_request("chat not found")
    user_id = call.params.integer("user_id")
    if not channel.bot_is_admin:
        raise bad_request("member list is inaccessible")
    if user_id == sandbox.bot.id:
        return _as_member(sandbox.bot, "administrator", is_member=True)
    account = sandbox.accounts.get(user_id)
    if account is None:
        raise bad_request("invalid user_id specified")
    status = channel.statuses.get(user_id, "left")
    return _as_member(account.person, status, is_member=user_id in channel.still_in)


def _as_member(person: Person, status: str, *, is_member: bool) -> Json:
    """Telegram's ChatMember, with all that it always says of somebody with this status."""
    more: Json = {}
    match status:
        case "creator":
            more = {"is_anonymous": False}
        case "administrator":
            more = {"can_be_edited": False, **dict.fromkeys(ADMIN_RIGHTS, False)}
        case "restricted":
            more = {"is_member": is_member, "until_date": 0}
            more |= dict.fromkeys(PERMISSIONS, False)
        case "kicked":
            more = {"until_date": 0}
    return {"user": msgspec.to_builtins(person), "status": status, **more}


async def get_file(call: Call) -> Json:
    """`getFile`: the path to download from."""
    stored = call.sandbox.files.find(call.params.text("file_id"))
    return {
        "file_id": stored.file_id,
        "file_unique_id": stored.unique_id,
        "file_size": len(stored.content),
        "file_path": stored.path,
    }


async def set_my_commands(call: Call) -> bool:
    """`setMyCommands`."""
    given = call.params.json("commands")
    if not isinstance(given, list):
        raise bad_request("expected an Array of BotCommand")
    if len(given) > COMMANDS_MAX:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    commands = [_checked_command(one) for one in given]
    scope, language = _scope(call), _language(call)
    call.sandbox.settings.commands.setdefault(scope, {})[language] = commands
    call.sandbox.feed.publish("commands", 0, {})
    return True


async def get_my_commands(call: Call) -> list[Json]:
    """`getMyCommands`: exactly the list set for this scope and language."""
    lists = call.sandbox.settings.commands.get(_scope(call), {})
    return lists.get(_language(call), [])


async def delete_my_commands(call: Call) -> bool:
    """`deleteMyCommands`."""
    call.sandbox.settings.commands.get(_scope(call), {}).pop(_language(call), 0)
    call.sandbox.feed.publish("commands", 0, {})
    return True


async def set_chat_menu_button(call: Call) -> bool:
    """`setChatMenuButton`."""
    button = call.params.object("menu_button") or {"type": "default"}
    if button.get("type") not in {"default", "commands", "web_app"}:
        raise bad_request("MenuButton has unsupported type")
    if button["type"] == "web_app":
        text = button.get("text")
        if not isinstance(text, str) or not text.strip():
            raise bad_request("MenuButton text must be non-empty")
        button = {"type": "web_app", "text": text, "web_app": checked_app(button.get("web_app"))}
    chat_id = call.known_account().person.id if call.params.has("chat_id") else 0
    call.sandbox.settings.menu_buttons[chat_id] = button
    call.sandbox.feed.publish("commands", chat_id, {})
    return True


async def get_chat_menu_button(call: Call) -> Json:
    """`getChatMenuButton`."""
    buttons = call.sandbox.settings.menu_buttons
    chat_id = call.known_account().person.id if call.params.has("chat_id") else 0
    return buttons.get(chat_id, buttons.get(0, {"type": "default"}))


async def set_my_description(call: Call) -> bool:
    """`setMyDescription`: what an empty chat shows."""
    text, language = call.params.text("description"), _language(call)
    if len(text) > DESCRIPTION_MAX:
        raise bad_request("DESCRIPTION_TOO_LONG")
    call.sandbox.settings.descriptions[language] = text
    call.sandbox.feed.publish("commands", 0, {})
    return True


async def get_my_description(call: Call) -> Json:
    """`getMyDescription`: exactly the one set for this language."""
    return {"description": call.sandbox.settings.descriptions.get(_language(call), "")}


async def set_my_short_description(call: Call) -> bool:
    """`setMyShortDescription`."""
    text, language = call.params.text("short_description"), _language(call)
    if len(text) > SHORT_DESCRIPTION_MAX:
        raise bad_request("SHORT_DESCRIPTION_TOO_LONG")
    call.sandbox.settings.short_descriptions[language] = text
    return True


async def get_my_short_description(call: Call) -> Json:
    """`getMyShortDescription`: exactly the one set for this language."""
    found = call.sandbox.settings.short_descriptions.get(_language(call), "")
    return {"short_description": found}


async def log_out(call: Call) -> bool:
    """`logOut`: the bot moves to another server, so this one refuses its calls."""
    call.sandbox.settings.logged_out = True
    return True


async def close(_call: Call) -> bool:
    """`close`: nothing to do."""
    return True


def _language(call: Call) -> str:
    """The language that a text is for: two letters, or empty for all the others."""
    code = call.params.text("language_code")
    if not LANGUAGE_CODE.fullmatch(code):
        raise bad_request("invalid language code specified")
    return code


def _scope(call: Call) -> str:
    scope = call.params.object("scope") or {"type": "default"}
    kind = scope.get("type")
    if kind in PLAIN_SCOPES:
        return str(kind)
    if kind not in {"chat", "chat_administrators", "chat_member"}:
        raise bad_request("BotCommandScope has unsupported type")
    account = call.sandbox.accounts.get(int(scope.get("chat_id") or 0))
    if account is None or not account.started:
        raise bad_request("chat not found")
    if kind != "chat":
        raise bad_request("can't use specified scope in private chats")
    return f"chat:{account.person.id}"


def _checked_command(given: object) -> Json:
    if not isinstance(given, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    command = str(given.get("command", "")).removeprefix("/")
    description = str(given.get("description", "")).strip()
    if not command:
        raise bad_request("command must be non-empty")
    if len(command) > COMMAND_MAX:
        raise bad_request("command length must not exceed 32")
    if not COMMAND.fullmatch(command):
        raise bad_request("BOT_COMMAND_INVALID")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > COMMAND_DESCRIPTION_MAX:
        raise bad_request("command description length must not exceed 256")
    return {"command": command, "description": description}
