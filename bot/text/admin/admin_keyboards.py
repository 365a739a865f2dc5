"""The keyboards under messages to admins, with the data that their buttons carry."""

from collections.abc import Sequence

from bot.send.client import Keyboard
from bot.text.admin.admin_texts import user_label
from bot.text.buttons import Button, button, rows
from i18n import N_, Translator
from ledger.history import Cursor
from ledger.state import User

IN_PLACE = "here"
"""Ends the data of a button whose message may be replaced by what the button opens.

The message above any other button may be one that a person wrote, which must stay as it is.
"""


SURE = "sure"
"""Ends the data of a button that was asked for once more."""

NO_BACK = N_("✖️ No, back")


def panel(
    t: Translator, orders_count: int, *, has_services: bool = False, has_account: bool = False
) -> Keyboard:
    """What /admin offers. `orders_count`: how many orders need a person."""
    orders = t("📦 Orders ({count})", count=orders_count) if orders_count else t("📦 Orders")
    shop = [button(t("🛍 Services").text, "services")] if has_services else []
    if has_account:
        shop.append(button(t("🏦 Provider").text, "provider"))
    return rows(
        [button(t("📊 Statistics").text, "stats"), _people(t)],
        [
            button(t("📣 Write to everybody").text, "broadcast"),
            button(t("⚙️ Settings").text, "settings"),
        ],
        [button(orders.text, "desk")],
        shop,
        [button(t("🕵️ Fraud").text, "fraud")],
    )


def to_panel(t: Translator) -> Keyboard:
    """The way back."""
    return rows([back(t)])


def statistics(t: Translator) -> Keyboard:
    """Under the statistics."""
    return rows([button(t("🔄 Refresh").text, "stats"), back(t)])


def users_page(t: Translator, users: Sequence[User], page: int, *, has_older: bool) -> Keyboard:
    """A page of people, with the way to other pages and search."""
    pages = [button(t("‹ Newest").text, "users:0")] if page else []
    if has_older:
        pages.append(button(t("Older ›").text, f"users:{page + 1}"))
    return rows(
        *[[button(user_label(t, user), f"user:{user.user_id}:{IN_PLACE}")] for user in users],
        pages,
        [button(t("🔍 Search").text, "search"), back(t)],
    )


def found_users(t: Translator, users: Sequence[User]) -> Keyboard:
    """The people that a search has found."""
    found = [[button(user_label(t, user), f"user:{user.user_id}:{IN_PLACE}")] for user in users]
    return rows(*found, [_people(t), back(t)])


def user_card(
    t: Translator, user: User, *, is_admin: bool = False, is_frozen: bool = False
) -> Keyboard:
    """What can be done with one person; an admin can't be banned."""
    user_id = user.user_id
    row = [button(t("🧾 History").text, f"audit:{user_id}")]
    if user.banned:
        row.append(button(t("✅ Unban").text, f"unban:{user_id}"))
    elif not is_admin:
        row.append(button(t("⛔️ Ban").text, f"ban:{user_id}"))
    if is_frozen:
        earning = [
            button(t("☀️ Unfreeze").text, f"unfreeze:{user_id}"),
            button(t("↩️ Take back").text, f"take_back:{user_id}"),
        ]
    else:
        earning = [button(t("❄️ Freeze").text, f"freeze:{user_id}")]
    return rows(
        row,
        earning,
        [button(t("✍️ Write").text, f"answer:{user_id}"), _people(t)],
    )


def history(
    t: Translator,
    user_id: int,
    older: Cursor | None,
    *,
    is_newest: bool,
    newer: Cursor | None = None,
) -> Keyboard:
    """The way to the other pages of somebody's history, and back to their card."""
    row = [] if is_newest else [button(t("‹ Newest").text, f"audit:{user_id}")]
    if newer is not None:
        row.append(button(t("‹ Newer").text, _page_at(user_id, newer)))
    if older is not None:
        row.append(button(t("Older ›").text, _page_at(user_id, older)))
    card = button(t("‹ Card").text, f"user:{user_id}:{IN_PLACE}")
    return rows(row, [card])


def _page_at(user_id: int, cursor: Cursor) -> str:
    return f"audit:{user_id}:{cursor.seq}:{cursor.balance_points}"


def answer_user(t: Translator, user_id: int) -> Keyboard:
    """Under a message that a person wrote to the admins. A Telegram reply finds the id here."""
    return rows(
        [
            button(t("↩️ Reply").text, f"answer:{user_id}"),
            button(t("👤 Person").text, f"user:{user_id}"),
        ]
    )


def person(t: Translator, user_id: int) -> Keyboard:
    """Under a notice about a person: the way to their card."""
    return rows([button(t("👤 Person").text, f"user:{user_id}")])


def confirm_broadcast(t: Translator, message_ids: str) -> Keyboard:
    """Send a message or an album to everybody, or don't."""
    return rows(
        [
            button(t("📣 Send").text, f"send_all:{message_ids}"),
            button(t("✖️ Cancel").text, "no_broadcast"),
        ]
    )


def sure_of_ban(t: Translator, user_id: int) -> Keyboard:
    """Is the admin sure of a ban?"""
    return rows(
        [
            button(t("⛔️ Yes, ban").text, f"ban:{user_id}:{SURE}"),
            button(t(NO_BACK).text, f"user:{user_id}:{IN_PLACE}"),
        ]
    )


def set_aside(t: Translator, key: str) -> Keyboard:
    """Under what was set aside."""
    return rows([button(t("🔁 Try it again").text, f"retry:{key}")])


def _people(t: Translator) -> Button:
    return button(t("👥 People").text, "users:0")


def back(t: Translator) -> Button:
    """The button that leads back to the panel."""
    return button(t("‹ Admin").text, "panel")
