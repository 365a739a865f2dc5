"""HTTP failures as python-telegram-bot's errors: was the call sent, and never with a secret."""

import re
from typing import Final

import aiohttp
from telegram.error import NetworkError, TelegramError, TimedOut

HIDDEN: Final = "(hidden)"

_SECRETS = re.compile(r"(?<=bot)\d+(?::|%3A)[\w-]+|(?<=://)[^/@\s]+(?=@)", re.IGNORECASE | re.ASCII)
"""The token in an address of the Bot API, and name and password in the address of a proxy."""

_SECRETS_IN_BYTES = re.compile(_SECRETS.pattern.encode(), re.IGNORECASE)

_BEFORE_SENDING = (
    aiohttp.ClientConnectorError,  # refused, no such name, a certificate that doesn't check
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,  # the proxy opens no tunnel
    aiohttp.InvalidURL,
    aiohttp.NonHttpUrlClientError,
)


class NeverSent(RuntimeError):  # noqa: N818 - says what happened
    """The cause of an error: nothing of the request has left. It can be sent again."""


class MaybeSent(RuntimeError):  # noqa: N818 - likewise
    """The cause of an error: the request may have arrived, and may have been executed."""


def as_telegram_error(error: Exception) -> TelegramError:
    """The error that callers expect, with `NeverSent` or `MaybeSent` as its cause.

    aiohttp's own exceptions hold the address of the request, and so the token: in their texts,
    their arguments, their attributes. So none of them stays in the chain; its text does.
    """
    reason = without_secrets(
        f"{type(error).__module__.partition('.')[0]}.{type(error).__name__}: {error}"
    )
    never = isinstance(error, (NeverSent, *_BEFORE_SENDING))
    cause = (NeverSent if never else MaybeSent)(reason).with_traceback(error.__traceback__)
    failed = TimedOut() if isinstance(error, TimeoutError) else NetworkError(reason)
    failed.__cause__ = cause
    return failed


def pool_timed_out() -> TimedOut:
    """All connections were in use for longer than the caller wanted to wait."""
    failed = TimedOut(
        "Pool timeout: all connections are in use. The request was *not* sent to Telegram."
    )
    failed.__cause__ = NeverSent("no connection became free in time")
    return failed


def without_secrets(text: str) -> str:
    """The same text, without tokens and passwords in addresses."""
    return _SECRETS.sub(HIDDEN, text)


def without_secrets_in_bytes(body: bytes) -> bytes:
    """As `without_secrets`: a page that says what went wrong may repeat the address."""
    return _SECRETS_IN_BYTES.sub(HIDDEN.encode(), body)
