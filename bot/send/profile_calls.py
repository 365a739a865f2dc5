"""Calls about what Telegram shows of the bot: its commands, descriptions and menu button."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec
from telegram import BotCommand, BotCommandScope

from bot.send.call_params import for_readers
from bot.send.methods import Method

T = TypeVar("T")


class WebApp(msgspec.Struct, frozen=True):
    """A page that opens inside Telegram."""

    url: str = ""


class MenuButton(msgspec.Struct, frozen=True):
    """The button beside the input. `type`: `default`, `commands` or `web_app`."""

    type: str = "default"
    text: str = ""
    web_app: WebApp = WebApp()


class _Command(msgspec.Struct):
    command: str
    description: str


class _Description(msgspec.Struct):
    description: str


class _ShortDescription(msgspec.Struct):
    short_description: str


class ProfileCalls(ABC):
    """A part of `BotClient`, which makes the calls."""

    @abstractmethod
    async def _call(self, method: Method, params: dict[str, Any], kind: type[T]) -> T:
        """Make a call; its result is decoded as this type."""

    async def get_my_commands(
        self, *, scope: BotCommandScope | None = None, language_code: str | None = None
    ) -> list[BotCommand]:
        """The list of commands that is set for just these chats and readers.

        Raises:
            TelegramError: Telegram refuses it.
        """
        params = for_readers({}, scope, language_code)
        found = await self._call("getMyCommands", params, list[_Command])
        return [BotCommand(one.command, one.description) for one in found]

    async def set_my_commands(
        self,
        commands: Sequence[BotCommand],
        *,
        scope: BotCommandScope | None = None,
        language_code: str | None = None,
    ) -> None:
        """Set the list of commands, for some chats and readers of one language, if given.

        Raises:
            TelegramError: Telegram refuses it.
        """
        params = {"commands": [command.to_dict() for command in commands]}
        await self._call("setMyCommands", for_readers(params, scope, language_code), msgspec.Raw)

    async def delete_my_commands(
        self, *, scope: BotCommandScope | None = None, language_code: str | None = None
    ) -> None:
        """Remove a list of commands; the next more general one is shown then.

        Raises:
            TelegramError: Telegram refuses it.
        """
        await self._call("deleteMyCommands", for_readers({}, scope, language_code), msgspec.Raw)

    async def get_my_description(self, *, language_code: str | None = None) -> str:
        """What an empty chat with the bot shows to readers of just this language.

        Raises:
            TelegramError: Telegram refuses it.
        """
        params = for_readers({}, None, language_code)
        return (await self._call("getMyDescription", params, _Description)).description

    async def set_my_description(
        self, description: str, *, language_code: str | None = None
    ) -> None:
        """Set what an empty chat with the bot shows, for readers of one language, if given.

        Raises:
            TelegramError: Telegram refuses it.
        """
        params = {"description": description}
        await self._call("setMyDescription", for_readers(params, None, language_code), msgspec.Raw)

    async def get_my_short_description(self, *, language_code: str | None = None) -> str:
        """What the bot's profile shows to readers of just this language.

        Raises:
            TelegramError: Telegram refuses it.
        """
        params = for_readers({}, None, language_code)
        found = await self._call("getMyShortDescription", params, _ShortDescription)
        return found.short_description

    async def set_my_short_description(
        self, description: str, *, language_code: str | None = None
    ) -> None:
        """Set what the bot's profile and shared links show, for readers of one language, if given.

        Raises:
            TelegramError: Telegram refuses it.
        """
        params = {"short_description": description}
        await self._call(
            "setMyShortDescription", for_readers(params, None, language_code), msgspec.Raw
        )

    async def get_menu_button(self) -> MenuButton:
        """The button beside the input, in chats that have none of their own.

        Raises:
            TelegramError: Telegram refuses it.
        """
        return await self._call("getChatMenuButton", {}, MenuButton)

    async def set_menu_button(self, button: MenuButton) -> None:
        """Set the button beside the input, in chats that have none of their own.

        Raises:
            TelegramError: Telegram refuses it.
        """
        wanted: dict[str, Any] = {"type": button.type}
        if button.web_app.url:
            wanted |= {"text": button.text, "web_app": {"url": button.web_app.url}}
        await self._call("setChatMenuButton", {"menu_button": wanted}, msgspec.Raw)
