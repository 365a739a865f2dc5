"""The keyboards under the page of the provider."""

from bot.send.client import Keyboard
from bot.text.admin.admin_keyboards import back
from bot.text.buttons import Button, button, rows
from i18n import Translator


def provider(t: Translator, differences: int) -> Keyboard:
    """The differences, if there are any."""
    label = t("⚠️ Differences ({count})", count=differences)
    return rows(
        [button(label.text, "differences:0")] if differences else [],
        [button(t("🔄 Refresh").text, "provider"), button(t("📦 Orders").text, "desk")],
        [back(t)],
    )


def differences(t: Translator, page: int, *, has_more: bool) -> Keyboard:
    """The other pages, and the way back."""
    turn = [button(t("‹ Previous").text, f"differences:{page - 1}")] if page else []
    if has_more:
        turn.append(button(t("Next ›").text, f"differences:{page + 1}"))
    return rows(turn, [_provider(t), back(t)])


def to_provider(t: Translator) -> Keyboard:
    """Under a notice about the comparison."""
    return rows([button(t("⚠️ Look at them").text, "differences:0"), _provider(t)])


def _provider(t: Translator) -> Button:
    return button(t("🏦 Provider").text, "provider")
