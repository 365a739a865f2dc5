"""Parts of inline keyboards, and the numbers in a button's data.

A button's data is at most 64 bytes, and anybody's client may send any data: whoever reads it
trusts nothing in it. The first part names the handler in `bot/routes.py`.
"""

import re
from typing import Any, TypeAlias

from bot.send.client import Keyboard

Button: TypeAlias = dict[str, Any]

_NUMBER = re.compile(r"-?[0-9]{1,18}")


def button(label: str, data: str) -> Button:
    """A button that calls a handler. The label is plain text."""
    return {"text": label, "callback_data": data}


def link(label: str, url: str) -> Button:
    """A button that opens an address."""
    return {"text": label, "url": url}


def page(label: str, url: str) -> Button:
    """A button that opens a page inside Telegram."""
    return {"text": label, "web_app": {"url": url}}


def rows(*given: list[Button]) -> Keyboard:
    """An inline keyboard; empty rows are left out."""
    return {"inline_keyboard": [row for row in given if row]}


def number(part: str) -> int | None:
    """The whole number in a part of a button's data; None if it is none, or absurdly long."""
    return int(part) if _NUMBER.fullmatch(part) else None
