"""All methods of the simulated Bot API."""

from collections.abc import Awaitable, Callable

from sandbox.botapi import editing, profile, receiving, sending
from sandbox.botapi.call import Call

Method = Callable[[Call], Awaitable[object]]

METHODS: dict[str, Method] = {
    # updates
    "getUpdates": receiving.get_updates,
    "setWebhook": receiving.set_webhook,
    "deleteWebhook": receiving.delete_webhook,
    "getWebhookInfo": receiving.get_webhook_info,
    # messages
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_photo,
    "sendDocument": sending.send_document,
    "copyMessage": sending.copy_message,
    "copyMessages": sending.copy_messages,
    "forwardMessage": sending.forward_message,
    "sendChatAction": sending.send_chat_action,
    "editMessageText": editing.edit_message_text,
    "editMessageCaption": editing.edit_message_caption,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "deleteMessage": editing.delete_message,
    "deleteMessages": editing.delete_messages,
    "answerCallbackQuery": editing.answer_callback_query,
    # files, chats, people
    "getFile": profile.get_file,
    "getChat": profile.get_chat,
    "getChatMember": profile.get_chat_member,
    # the bot itself
    "getMe": profile.get_me,
    "setMyCommands": profile.set_my_commands,
    "getMyCommands": profile.get_my_commands,
    "deleteMyCommands": profile.delete_my_commands,
    "setChatMenuButton": profile.set_chat_menu_button,
    "getChatMenuButton": profile.get_chat_menu_button,
    "setMyDescription": profile.set_my_description,
    "getMyDescription": profile.get_my_description,
    "setMyShortDescription": profile.set_my_short_description,
    "getMyShortDescription": profile.get_my_short_description,
    "logOut": profile.log_out,
    "close": profile.close,
}

BY_LOWER_NAME = {name.lower(): (name, method) for name, method in METHODS.items()}

COUNTED_AS_MESSAGES = frozenset(
    {
        "sendMessage",
        "sendPhoto",
        "sendDocument",
        "copyMessage",
        "copyMessages",
        "forwardMessage",
        "editMessageText",
        "editMessageCaption",
        "editMessageReplyMarkup",
    }
)
"""The methods that count towards the limit on messages a second, if it is on."""
