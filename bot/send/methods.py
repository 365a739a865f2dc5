"""The Bot API's methods that the program calls."""

from typing import Final, Literal, TypeAlias, get_args

Method: TypeAlias = Literal[
    "getUpdates",
    "getMe",
    "setWebhook",
    "deleteWebhook",
    "getWebhookInfo",
    "getMyCommands",
    "setMyCommands",
    "deleteMyCommands",
    "getMyDescription",
    "setMyDescription",
    "getMyShortDescription",
    "setMyShortDescription",
    "getChatMenuButton",
    "setChatMenuButton",
    "sendMessage",
    "sendPhoto",
    "sendDocument",
    "copyMessage",
    "copyMessages",
    "editMessageText",
    "deleteMessage",
    "answerCallbackQuery",
    "getChatMember",
]

METHODS: Final[frozenset[str]] = frozenset(get_args(Method))

CONNECTION_METHODS: Final[frozenset[str]] = frozenset(
    {
        "getUpdates",
        "getMe",
        "setWebhook",
        "deleteWebhook",
        "getWebhookInfo",
        "getMyCommands",
        "setMyCommands",
        "deleteMyCommands",
        "getMyDescription",
        "setMyDescription",
        "getMyShortDescription",
        "setMyShortDescription",
        "getChatMenuButton",
        "setChatMenuButton",
    }
)
"""What connecting and receiving call. Their callers have pauses of their own."""

_WRITES = ("send", "copy", "edit", "forward")


def writes_to_chat(method: str) -> bool:
    """Whether a method puts a message into a chat, and so counts against the rate limits."""
    return method.startswith(_WRITES)
