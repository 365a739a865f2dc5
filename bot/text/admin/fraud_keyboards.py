"""The keyboards under messages about fraud, with the data that their buttons carry."""

from collections.abc import Sequence

from bot.send.client import Keyboard
from bot.text.admin.admin_keyboards import IN_PLACE, NO_BACK, SURE
from bot.text.admin.fraud_texts import ACCOUNTS_SHOWN, is_frozen
from bot.text.buttons import Button, button, rows
from bot.text.event_texts import SIGNS
from bot.text.formats import name_of, points, shortened
from i18n import Translator
from ledger.fraud.signs import Sign
from ledger.state import State, User

NAME_CHARS_MAX = 18
"""Of a name beside another button."""
BELOW_ZERO = "below"
"""Ends the data of the button that lets a balance go below zero."""
NO_SIGN = "-"
"""In the data of a button: the freeze has no sign behind it."""


def signs(t: Translator, state: State, found: Sequence[Sign]) -> Keyboard:
    """A button for each sign, with the account that stands out."""
    listed = [
        [
            button(
                f"{t.message(SIGNS[one.code]).text}: {name_of(t, state.users[one.accounts[0]])}",
                f"sign:{one.code}:{one.accounts[0]}",
            )
        ]
        for one in found
    ]
    return rows(*listed, [button(t("🔄 Refresh").text, "fraud"), _back(t)])


def sign(t: Translator, state: State, found: Sign) -> Keyboard:
    """Each account's card and freeze."""
    listed: list[list[Button]] = []
    for user_id in found.accounts[:ACCOUNTS_SHOWN]:
        user = state.users[user_id]
        row = [
            button(
                f"👤 {shortened(name_of(t, user), NAME_CHARS_MAX)}", f"user:{user_id}:{IN_PLACE}"
            )
        ]
        if not user.banned and not is_frozen(state, user):
            row.append(button(t("❄️ Freeze").text, f"freeze:{user_id}:{found.code}"))
        listed.append(row)
    return rows(*listed, [button(t("‹ Fraud").text, "fraud"), _back(t)])


def sure_of_freeze(t: Translator, user_id: int, sign_code: str) -> Keyboard:
    """Is the admin sure of a freeze?"""
    return rows(
        [
            button(t("❄️ Yes, freeze").text, f"freeze:{user_id}:{sign_code or NO_SIGN}:{SURE}"),
            button(t(NO_BACK).text, f"user:{user_id}:{IN_PLACE}"),
        ]
    )


def take_back(t: Translator, user: User, left_points: int, last_seq: int) -> Keyboard:
    """All that was earned, or only what is there; `last_seq`: the person's newest line."""
    user_id, there = user.user_id, min(left_points, max(0, user.balance))
    data = f"taken:{user_id}:{{}}:{last_seq}"
    buttons = []
    if there:
        label = t("↩️ Take back {points}", points=points(t, there))
        buttons.append([button(label.text, data.format(there))])
    if left_points > there:
        label = t(
            "↩️ Take back {points}, balance then {balance}",
            points=points(t, left_points),
            balance=t.signed(user.balance - left_points),
        )
        buttons.append([button(label.text, f"{data.format(left_points)}:{BELOW_ZERO}")])
    return rows(*buttons, [button(t(NO_BACK).text, f"user:{user_id}:{IN_PLACE}")])


def _back(t: Translator) -> Button:
    return button(t("‹ Admin").text, "panel")
