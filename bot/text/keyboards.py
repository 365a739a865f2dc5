"""The keyboards below messages, with the data that their buttons carry."""

from collections.abc import Iterable

from telegram.helpers import create_deep_linked_url

from bot.send.client import Keyboard
from bot.text import account_texts, admin_texts, earning_texts, shop_texts, user_texts
from bot.text.buttons import button as _button
from bot.text.buttons import link as _link
from bot.text.buttons import number
from bot.text.buttons import rows as _rows
from i18n import Language, Translator
from ledger.economy import Economy
from ledger.history import Cursor

__all__ = ["number"]

QUANTITIES_SHOWN = 4
HANDY_QUANTITIES = (50, 100, 500, 1_000, 5_000, 10_000, 50_000)


def ad(t: Translator, url: str, session: str) -> Keyboard:
    """An ad, and 'I watched it' for its session."""
    return _rows(
        [_link(t(earning_texts.OPEN_AD).text, url)],
        [_button(t(earning_texts.WATCHED).text, f"ad:{session}")],
    )


def next_ad(t: Translator) -> Keyboard:
    """Under an ad that is paid."""
    return _rows([_button(t(earning_texts.NEXT_AD).text, "next_ad")])


def account(t: Translator) -> Keyboard:
    """Under the balance."""
    return _rows(
        [
            _button(t(account_texts.MY_HISTORY).text, "mine"),
            _button(t(account_texts.MY_ORDERS).text, "orders"),
        ]
    )


def write_more(t: Translator) -> Keyboard:
    """Under the word that a message has reached the admin."""
    return _rows([_button(t(user_texts.WRITE_MORE).text, "contact")])


def answer(t: Translator) -> Keyboard:
    """Under an answer from the admin."""
    return _rows([_button(t(user_texts.ANSWER).text, "contact")])


def languages(t: Translator, known: Iterable[Language]) -> Keyboard:
    """The languages in their own names, with a sign at that of the reader."""
    return _rows(
        *[
            [
                _button(
                    f"✅ {language.name}" if language == t.language else language.name,
                    f"language:{language.tag}",
                )
            ]
            for language in known
        ]
    )


def invite_link(bot_username: str, code: str) -> str:
    """The link that invites a friend."""
    return create_deep_linked_url(bot_username, code)


def share(t: Translator, url: str) -> Keyboard:
    """Opens Telegram's own choice of people to share with."""
    return _rows([_link(t(earning_texts.SHARE).text, url)])


def quantities(t: Translator, economy: Economy, most: int) -> Keyboard:
    """A few handy numbers of views, the most that can be paid for last."""
    low = economy.order_views_min
    handy = {low, most} | {size for size in HANDY_QUANTITIES if low < size < most}
    chosen = sorted(handy)
    chosen = chosen if len(chosen) <= QUANTITIES_SHOWN else [*chosen[:1], *chosen[-3:]]
    return _rows([_button(t.number(quantity).text, f"views:{quantity}") for quantity in chosen])


def confirm_order(t: Translator, order_id: str, quantity: int, price_points: int) -> Keyboard:
    """Confirm or cancel. The message above holds the link; the button holds the rest."""
    return _rows(
        [
            _button(t(shop_texts.CONFIRM).text, f"order:{order_id}:{quantity}:{price_points}"),
            _button(t(shop_texts.CANCEL).text, f"no_order:{order_id}"),
        ]
    )


def history(t: Translator, older: Cursor | None, user_id: int | None, *, first: bool) -> Keyboard:
    """Leaf through a history: one's own, or (for admins) that of `user_id`."""
    pages = "mine" if user_id is None else f"audit:{user_id}"
    row = [] if first else [_button(t(account_texts.NEWEST).text, f"{pages}:newest")]
    if older:
        data = f"{pages}:{older.seq}:{older.balance_points}"
        row.append(_button(t(account_texts.OLDER).text, data))
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
    leaf = [_button(account_texts.NEWEST.source, "users:0")] if page else []
    if has_older:
        leaf.append(_button(account_texts.OLDER.source, f"users:{page + 1}"))
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
            _button(shop_texts.CANCEL.source, "no_broadcast"),
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
