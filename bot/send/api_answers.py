"""Answers of the Bot API: from the bytes of an HTTP response to a result, or to an error.

The errors are python-telegram-bot's classes, chosen by the status and the parameters. An answer
that is not the Bot API's (a proxy's page, a network's login form) may hide whether the call was
executed, so its error's cause is `MaybeSent`.
"""

from contextlib import suppress
from datetime import timedelta
from functools import lru_cache
from http import HTTPStatus
from typing import Any, Final, Literal, TypeVar, cast

import msgspec
from telegram import error as telegram_error
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
)

from bot.lenient_json import repaired
from bot.send.http_errors import MaybeSent

T = TypeVar("T")

_SHOWN_BYTES: Final = 200
"""How much of a page that is not the Bot API's goes into an error's text."""

RETRY_AFTER_MIN_S: Final = 0.5
RETRY_AFTER_MAX_S: Final = 900.0
"""Telegram is believed that far. Then it may ask once more."""

_BY_STATUS: Final[dict[int, type[TelegramError]]] = {
    HTTPStatus.BAD_REQUEST: BadRequest,
    HTTPStatus.UNAUTHORIZED: InvalidToken,
    HTTPStatus.FORBIDDEN: Forbidden,
    # A malformed token, or a method that this server doesn't know.
    HTTPStatus.NOT_FOUND: InvalidToken,
    HTTPStatus.CONFLICT: Conflict,
}


class RetryAfter(telegram_error.RetryAfter):
    """Telegram asks for a pause (429).

    The library's own class has the wait as a number or as a timedelta, depending on the
    environment, and warns of that whenever it is read, or made.

    Attributes:
        wait_s: how long to wait.
    """

    def __init__(self, wait_s: float) -> None:
        """Ask for a wait."""
        self.wait_s = wait_s
        super().__init__(timedelta(seconds=wait_s))

    @property
    def retry_after(self) -> timedelta:
        """The wait, under the library's name."""
        return timedelta(seconds=self.wait_s)


class _Refusal(msgspec.Struct):
    """A call that was not executed. Only `ok` is sure to be what it should be.

    Attributes:
        parameters: what the caller may do about it.
    """

    ok: Literal[False]
    description: Any = ""
    parameters: Any = None


def decode_result(status: int, body: bytes, kind: type[T]) -> T:
    """The result of a call, decoded as this type; `msgspec.Raw` accepts any.

    Raises:
        TelegramError: the call was refused, or this is no answer of the Bot API.
    """
    if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        raise refusal_of(status, body)
    answer = _read(body, _answers(kind))  # type: ignore[arg-type]  # any type is hashable
    if answer is None:
        # Not chained to what the decoder raised: that may hold the body, and so an address.
        raise TelegramError("What answered is not Telegram.") from MaybeSent("no Bot API's answer")
    return cast("T", answer.result)


def refusal_of(status: int, body: bytes) -> TelegramError:
    """The error for a call that was refused.

    What is not the Bot API's own answer says nothing about the chat, the message or the token.
    """
    try:
        reason = f"{HTTPStatus(status).phrase} ({status})"
    except ValueError:
        reason = f"Unknown HTTP status ({status})"
    refusal: _Refusal | None = _read(body, _refusals)
    if refusal is None:
        error = NetworkError(f"{reason}, and not from the Bot API: {body[:_SHOWN_BYTES]!r}")
        error.__cause__ = MaybeSent("no Bot API's answer")
        return error
    parameters = refusal.parameters if isinstance(refusal.parameters, dict) else {}
    chat_id = parameters.get("migrate_to_chat_id")
    if chat_id and isinstance(chat_id, int):
        return ChatMigrated(chat_id)
    wait_s = _number(parameters.get("retry_after"))
    if wait_s > 0:
        return RetryAfter(min(max(wait_s, RETRY_AFTER_MIN_S), RETRY_AFTER_MAX_S))
    description = refusal.description
    return _BY_STATUS.get(status, NetworkError)(
        description if description and isinstance(description, str) else reason
    )


_refusals = msgspec.json.Decoder(_Refusal)


def _number(value: object) -> float:
    """A number, whether or not it is written as one; 0 for anything else."""
    with suppress(ValueError, OverflowError):
        if isinstance(value, int | float | str) and not isinstance(value, bool):
            return value if isinstance(value, int) else float(value)
    return 0


@lru_cache(maxsize=32)
def _answers(kind: Any) -> msgspec.json.Decoder[Any]:  # noqa: ANN401 - msgspec takes any type
    """A decoder for answers with a result of this type."""
    return msgspec.json.Decoder(msgspec.defstruct("Answer", [("result", kind)]))


def _read(body: bytes, decoder: msgspec.json.Decoder[Any]) -> Any:  # noqa: ANN401 - and gives it
    """The body, or None if it is something else."""
    with suppress(ValueError, RecursionError):
        return decoder.decode(body)
    with suppress(ValueError, RecursionError):
        return decoder.decode(repaired(body))
    return None
