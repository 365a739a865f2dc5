"""Opening a Mini App, as Telegram's clients do: signed initData and the launch parameters.

The parameters go into the address's fragment; `/page/telegram-web-app.js` reads them there.
"""

import base64
import hashlib
import hmac
import json
from typing import Literal
from urllib.parse import quote, urldefrag, urlencode

import msgspec
from msgspec import Struct

from sandbox.people import PersonCannotError
from sandbox.shapes import Account, Json
from sandbox.state import Sandbox

VERSION = "9.1"
PLATFORM = "weba"

Scheme = Literal["light", "dark"]

THEMES: dict[Scheme, dict[str, str]] = {
    "light": {
        "bg_color": "#ffffff",
        "text_color": "#10171d",
        "hint_color": "#6b7882",
        "link_color": "#1666a8",
        "button_color": "#1c6fb3",
        "button_text_color": "#ffffff",
        "secondary_bg_color": "#f1f3f5",
        "header_bg_color": "#ffffff",
        "accent_text_color": "#1666a8",
        "section_bg_color": "#ffffff",
        "section_header_text_color": "#1666a8",
        "section_separator_color": "#dfe3e6",
        "subtitle_text_color": "#56636d",
        "destructive_text_color": "#b3261e",
        "bottom_bar_bg_color": "#ffffff",
    },
    "dark": {
        "bg_color": "#17212b",
        "text_color": "#f3f6f8",
        "hint_color": "#93a6b5",
        "link_color": "#74bcf7",
        "button_color": "#2a6fa8",
        "button_text_color": "#ffffff",
        "secondary_bg_color": "#202c38",
        "header_bg_color": "#17212b",
        "accent_text_color": "#74bcf7",
        "section_bg_color": "#17212b",
        "section_header_text_color": "#74bcf7",
        "section_separator_color": "#0d141b",
        "subtitle_text_color": "#93a6b5",
        "destructive_text_color": "#ff8a80",
        "bottom_bar_bg_color": "#17212b",
    },
}
"""The colours of the chat page, under Telegram's names."""


class Opening(Struct, forbid_unknown_fields=True):
    """A person opens a Mini App."""

    url: str = ""
    """The button's address; empty: the menu button's."""
    message_id: int = 0
    """The message with the button; 0: the menu button."""
    scheme: Scheme = "light"
    start_param: str = ""
    """Set: opened by a link with `startapp`, so without a `query_id`."""
    age_s: int = 0
    """How old the initData is, as on a page that was left open and is reloaded."""


def open_app(sandbox: Sandbox, account: Account, opening: Opening) -> Json:
    """The launch: the address with the parameters, and the parameters by themselves."""
    if account.deactivated:
        raise PersonCannotError("this account is deleted")
    url = _offered_url(sandbox, account, opening)
    signed = init_data(sandbox, account, start_param=opening.start_param, age_s=opening.age_s)
    launch = {
        "tgWebAppData": signed,
        "tgWebAppVersion": VERSION,
        "tgWebAppPlatform": PLATFORM,
        "tgWebAppThemeParams": json.dumps(THEMES[opening.scheme], separators=(",", ":")),
    }
    page = urldefrag(url).url
    return {
        "page": page,
        "url": f"{page}#{urlencode(launch, quote_via=quote)}",
        "init_data": signed,
        "themes": THEMES,
    }


def init_data(sandbox: Sandbox, account: Account, *, start_param: str = "", age_s: int = 0) -> str:
    """The signed fields, as a query string."""
    at = int(sandbox.clock()) - age_s
    fields = {"user": _user_json(account), "auth_date": str(at)}
    if start_param:
        fields |= {
            "chat_type": "sender",
            "chat_instance": str(account.person.id * 7919),
            "start_param": start_param,
        }
    else:
        fields["query_id"] = f"AAHsandbox{account.person.id:x}{at:x}"
    fields["signature"] = _unverifiable_signature(fields)
    return urlencode({**fields, "hash": sign(sandbox.token, fields)}, quote_via=quote)


def sign(token: str, fields: dict[str, str]) -> str:
    """The hash of initData: with the key that Telegram derives from the bot's token."""
    secret = hmac.digest(b"WebAppData", token.encode(), hashlib.sha256)
    checked = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    return hmac.new(secret, checked.encode(), hashlib.sha256).hexdigest()


def _offered_url(sandbox: Sandbox, account: Account, opening: Opening) -> str:
    if not opening.message_id:
        buttons = sandbox.settings.menu_buttons
        button = buttons.get(account.person.id) or buttons.get(0) or {}
        offered = str((button.get("web_app") or {}).get("url", ""))
        if not offered or opening.url not in {"", offered}:
            raise PersonCannotError("the menu button opens no such Mini App")
        return offered
    kept = account.messages.get(opening.message_id)
    markup = (kept.message.reply_markup if kept else None) or {"inline_keyboard": []}
    apps = [(button.get("web_app") or {}) for row in markup["inline_keyboard"] for button in row]
    if opening.url not in [app.get("url") for app in apps]:
        raise PersonCannotError(
            f"message {opening.message_id} has no button that opens {opening.url!r}"
        )
    return opening.url


def _user_json(account: Account) -> str:
    user = msgspec.to_builtins(account.person)
    del user["is_bot"]
    user["photo_url"] = f"https://t.me/i/userpic/320/sandbox{account.person.id}.svg"
    if account.started and not account.blocked:
        user["allows_write_to_pm"] = True
    # Telegram escapes slashes: who parses and writes this anew gets another hash.
    return json.dumps(user, ensure_ascii=False, separators=(",", ":")).replace("/", "\\/")


def _unverifiable_signature(fields: dict[str, str]) -> str:
    """In the form of Telegram's Ed25519 signature, which only Telegram can make.

    The hash covers it, so a validator that leaves it out fails here as it would with real data.
    """
    raw = hashlib.sha512(repr(sorted(fields.items())).encode()).digest()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
