"""Keyboards: what a bot may send, and how Telegram refuses the rest."""

from collections.abc import Callable
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from sandbox.botapi.errors import ApiError, bad_request
from sandbox.shapes import Json

CALLBACK_DATA_BYTES_MAX = 64
COPY_TEXT_MAX = 256
PLACEHOLDER_MAX = 64
URL_MAX = 2048
REPLY_FLAGS = ("is_persistent", "resize_keyboard", "one_time_keyboard", "selective")
REPLY_BUTTON_EXTRAS = (
    "request_contact",
    "request_location",
    "request_poll",
    "request_users",
    "request_chat",
    "web_app",
)


class Markup(Struct):
    """A keyboard that passed: inline, or below the input, or an order to remove that one."""

    inline: Json | None = None
    reply: Json | None = None
    removes: bool = False


def parse_markup(given: Any, *, only_inline: bool = False) -> Markup:  # noqa: ANN401  any JSON
    """The markup of a call, checked button by button."""
    if given is None or given == "":
        return Markup()
    if not isinstance(given, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in given:
        rows = [[_inline_button(button) for button in row] for row in _rows(given, "inline")]
        return Markup(inline={"inline_keyboard": rows} if any(rows) else None)
    if not given:
        return Markup()
    if only_inline:
        raise bad_request("inline keyboard expected")
    if given.get("remove_keyboard"):
        return Markup(removes=True)
    if given.get("force_reply"):
        return Markup(reply={"force_reply": True, **_placeholder(given)})
    if "keyboard" in given:
        rows = [[_reply_button(button) for button in row] for row in _rows(given, "reply")]
        if not any(rows):
            raise bad_request("REPLY_MARKUP_INVALID")
        flags = {name: True for name in REPLY_FLAGS if given.get(name)}
        return Markup(reply={"keyboard": rows, **flags, **_placeholder(given)})
    raise bad_request("can't parse reply markup JSON object")


def _rows(given: Json, kind: str) -> list[list[Any]]:
    field = "inline_keyboard" if kind == "inline" else "keyboard"
    name = "InlineKeyboardMarkup" if kind == "inline" else "ReplyKeyboardMarkup"
    rows = given[field]
    if not isinstance(rows, list):
        raise bad_request(f'Field "{field}" of the {name} must be an Array')
    for row in rows:
        if not isinstance(row, list):
            raise bad_request(f'Field "{field}" of the {name} must be an Array of Arrays')
    return [row for row in rows if row]


def _placeholder(given: Json) -> Json:
    text = given.get("input_field_placeholder")
    if not text:
        return {}
    if not isinstance(text, str) or len(text) > PLACEHOLDER_MAX:
        raise bad_request("REPLY_MARKUP_INVALID")
    return {"input_field_placeholder": text}


def _inline_button(given: Any) -> Json:  # noqa: ANN401  any JSON
    what = "can't parse inline keyboard button"
    if not isinstance(given, dict):
        raise bad_request(f"{what}: InlineKeyboardButton must be an Object")
    text = given.get("text")
    if not isinstance(text, str):
        raise bad_request(f'{what}: Can\'t find field "text"')
    if not text.strip():
        # Telegram silently drops such a button; here it is an error.
        raise bad_request("inline keyboard button text must be non-empty")
    for name, check in ACTIONS.items():
        if (value := given.get(name)) or (value == "" and name.startswith("switch_")):
            return {"text": text, name: check(value)}
    raise bad_request(f"{what}: Text buttons are unallowed in the inline keyboard")


def _reply_button(given: Any) -> Json:  # noqa: ANN401  any JSON
    if isinstance(given, str):
        given = {"text": given}
    if not isinstance(given, dict) or not isinstance(given.get("text"), str):
        raise bad_request("can't parse keyboard button: Can't find field \"text\"")
    if not given["text"].strip():
        raise bad_request("keyboard button text must be non-empty")
    extras = {name: given[name] for name in REPLY_BUTTON_EXTRAS if given.get(name)}
    return {"text": given["text"], **extras}


def _url_is_invalid(what: str, url: str, why: str) -> ApiError:
    return bad_request(f"inline keyboard button {what} '{url}' is invalid: {why}")


def _checked_url(url: str) -> str:
    if len(url) > URL_MAX or any(char.isspace() or not char.isprintable() for char in url):
        raise bad_request("BUTTON_URL_INVALID")
    if "://" not in url:
        url = f"http://{url}"
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        raise _url_is_invalid("URL", url, "Wrong HTTP URL") from None
    if parts.scheme in {"tg", "ton"}:
        return url
    if parts.scheme not in {"http", "https"}:
        raise _url_is_invalid("URL", url, "Unsupported URL protocol")
    if "." not in host.strip("."):
        # "localhost" too: Telegram wants a dot in the name.
        raise _url_is_invalid("URL", url, "Wrong HTTP URL")
    return url


def _checked_data(data: Any) -> str:  # noqa: ANN401  any JSON
    if len(str(data).encode()) > CALLBACK_DATA_BYTES_MAX:
        raise bad_request("BUTTON_DATA_INVALID")
    return str(data)


def is_loopback(url: str) -> bool:
    """Whether this is an http address on this machine.

    Telegram takes https only. The sandbox also takes this, so that the demo needs no certificate.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        return parts.scheme == "http" and (host == "localhost" or ip_address(host).is_loopback)
    except ValueError:
        return False


def checked_app(app: Any) -> Json:  # noqa: ANN401  any JSON
    """A button's Mini App."""
    url = str(app.get("url", "")) if isinstance(app, dict) else ""
    if is_loopback(url) and not any(char.isspace() for char in url) and len(url) <= URL_MAX:
        return {"url": url}
    if not url.lower().startswith("https://"):
        raise _url_is_invalid("Web App URL", url, "Only HTTPS links are allowed")
    return {"url": _checked_url(url)}


def _checked_copy(copied: Any) -> Json:  # noqa: ANN401  any JSON
    text = str(copied.get("text", "")) if isinstance(copied, dict) else ""
    if not 0 < len(text) <= COPY_TEXT_MAX:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    return {"text": text}


ACTIONS: dict[str, Callable[[Any], object]] = {
    "url": lambda url: _checked_url(str(url)),
    "callback_data": _checked_data,
    "web_app": checked_app,
    "copy_text": _checked_copy,
    "switch_inline_query": str,
    "switch_inline_query_current_chat": str,
}
"""What an inline button can do; exactly one of these."""
