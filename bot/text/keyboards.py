"""Owns the buttons and the data they carry.

A button's data is at most 64 bytes, and anybody's client may send any data: whoever reads it
trusts nothing in it. The first part names the handler in `bot.routes`'s table.
"""

import re
from typing import TypeAlias

from telegram.helpers import create_deep_linked_url

from bot.send.client import Keyboard
from bot.text import admin_texts, user_texts
from ledger.economy import Economy
from ledger.history import Cursor

QUANTITIES_SHOWN = 4

Button: TypeAlias = dict[str, str]

MENU: Keyboard = {
    "keyboard": [[{"text": label} for label in row] for row in user_texts.MENU],
    "resize_keyboard": True,
    "is_persistent": True,
}

_NUMBER = re.compile(r"-?[0-9]{1,18}")


def number(part: str) -> int | None:
    """The whole number in a part of a button's data; None if it is none, or absurdly long."""
    return int(part) if _NUMBER.fullmatch(part) else None


def _button(text: str, data: str) -> Button:
    return {"text": text, "callback_data": data}


def _link(text: str, url: str) -> Button:
    return {"text": text, "url": url}


def _rows(*rows: list[Button]) -> Keyboard:
    return {"inline_keyboard": [row for row in rows if row]}


def ad(url: str, session: str) -> Keyboard:
    """An ad, and 'I watched it' for its session."""
    return _rows([_link(user_texts.OPEN_AD, url)], [_button(user_texts.WATCHED, f"ad:{session}")])


NEXT_AD = _rows([_button(user_texts.NEXT_AD, "next_ad")])
ACCOUNT = _rows([_button(user_texts.MY_HISTORY, "mine"), _button(user_texts.MY_ORDERS, "orders")])
WRITE_MORE = _rows([_button(user_texts.WRITE_MORE, "contact")])
ANSWER = _rows([_button(user_texts.ANSWER, "contact")])


def invite_link(bot_username: str, code: str) -> str:
    """The link that invites a friend."""
    return create_deep_linked_url(bot_username, code)


def share(url: str) -> Keyboard:
    """Opens Telegram's own choice of people to share with."""
    return _rows([_link(user_texts.SHARE, url)])


def quantities(economy: Economy, most: int) -> Keyboard:
    """A few handy numbers of views, the most that can be paid for last."""
    low = economy.order_views_min
    handy = {low, most}
    for size in (50, 100, 500, 1_000, 5_000, 10_000, 50_000):
        if low < size < most:
            handy.add(size)
    chosen = sorted(handy)
    chosen = chosen if len(chosen) <= QUANTITIES_SHOWN else [*chosen[:1], *chosen[-3:]]
    return _rows(
        [_button(f"{quantity:,}", f"views:{quantity}") for quantity in chosen],
    )


def confirm_order(order_id: str, quantity: int, price_points: int) -> Keyboard:
    """Confirm or cancel. The message above holds the link; the button holds the rest."""
    return _rows(
        [
            _button(user_texts.CONFIRM, f"order:{order_id}:{quantity}:{price_points}"),
            _button(user_texts.CANCEL, f"no_order:{order_id}"),
        ]
    )


def history(older: Cursor | None, user_id: int | None, *, first: bool) -> Keyboard:
    """Leaf through a history: one's own, or (for admins) that of `user_id`."""
    mine = "mine" if user_id is None else f"audit:{user_id}"
    row = [] if first else [_button(user_texts.NEWEST, mine)]
    if older:
        row.append(_button(user_texts.OLDER, f"{mine}:{older.seq}:{older.balance_points}"))
    return _rows(row)


def answer_user(user_id: int) -> Keyboard:
    """Under a message that a person wrote to the admins. A Telegram reply finds the id here."""
    return _rows(
        [
            _button(admin_texts.REPLY, f"answer:{user_id}"),
            _button(admin_texts.CARD, f"user:{user_id}"),
        ]
    )


def admin_panel(unclear_orders: int) -> Keyboard:
    """What /admin offers."""
    return _rows(
        [_button(admin_texts.STATS, "stats"), _button(admin_texts.USERS, "users:0")],
        [_button(admin_texts.BROADCAST, "broadcast"), _button(admin_texts.SETTINGS, "settings")],
        [_button(f"{admin_texts.UNCLEAR} ({unclear_orders})", "unclear")] if unclear_orders else [],
    )


TO_PANEL = _rows([_button(admin_texts.BACK, "panel")])
STATS = _rows([_button(admin_texts.REFRESH, "stats"), _button(admin_texts.BACK, "panel")])


def users_page(people: list[tuple[str, int]], page: int, *, has_older: bool) -> Keyboard:
    """A page of people (label and id each), with leafing and search."""
    leaf = [_button(user_texts.NEWEST, "users:0")] if page else []
    if has_older:
        leaf.append(_button(user_texts.OLDER, f"users:{page + 1}"))
    return _rows(
        *[[_button(label, f"user:{user_id}")] for label, user_id in people],
        leaf,
        [_button(admin_texts.SEARCH, "search"), _button(admin_texts.BACK, "panel")],
    )


def user_card(user_id: int, *, banned: bool) -> Keyboard:
    """What can be done with one person."""
    ban = (admin_texts.UNBAN, "unban") if banned else (admin_texts.BAN, "ban")
    return _rows(
        [_button(admin_texts.HISTORY, f"audit:{user_id}"), _button(ban[0], f"{ban[1]}:{user_id}")],
        [_button(admin_texts.WRITE, f"answer:{user_id}"), _button(admin_texts.USERS, "users:0")],
    )


def confirm_broadcast(message_id: int) -> Keyboard:
    """Send a message to everybody, or don't."""
    return _rows(
        [
            _button(admin_texts.SEND_TO_ALL, f"send_all:{message_id}"),
            _button(user_texts.CANCEL, "no_broadcast"),
        ]
    )


def unclear_order(order_id: str) -> Keyboard:
    """The admin's word on an order that may or may not have arrived."""
    return _rows(
        [
            _button(admin_texts.IT_ARRIVED, f"arrived:{order_id}"),
            _button(admin_texts.IT_DID_NOT, f"refund:{order_id}"),
        ]
    )
