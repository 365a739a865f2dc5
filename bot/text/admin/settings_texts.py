"""The settings of the economy, for admins."""

from bot.text.channel_texts import current
from bot.text.formats import shortened
from i18n import N_, Html, Message, Translator
from ledger.economy import Economy

MEANINGS: dict[str, Message] = {
    "ad_reward_points": N_("points for one ad"),
    "ad_cooldown_s": N_("seconds between two ads"),
    "ad_watch_s": N_("seconds an ad must be open before “I watched it” counts"),
    "ads_per_day_max": N_("ads a person may watch in a day (UTC; 0: there are no ads)"),
    "referral_bonus_points": N_("points for inviting a friend"),
    "referral_welcome_points": N_("points for the invited friend"),
    "referral_after_ads": N_("ads the friend must watch first (0: the bonus is paid at once)"),
    "referral_within_days": N_("days after joining in which they must watch them (0: any time)"),
    "referrals_per_day_max": N_(
        "bonuses for friends that one person may get in a day (UTC; 0: none)"
    ),
    "points_per_1000_views": N_("price of 1,000 views, in points"),
    "order_views_min": N_("fewest views in one order"),
    "order_views_max": N_("most views in one order"),
    "orders_per_minute_max": N_("orders a person may place in a minute (0: nobody can order)"),
    "order_attempts_max": N_(
        "times we try to reach the provider for an order before its points go back (0: as often as "
        "it takes)"
    ),
    "order_poll_s": N_("seconds between two looks at how far an order is"),
    "order_stuck_hours": N_(
        "hours without news after which an order that isn't done is shown to you"
    ),
    "point_value_micro": N_(
        "what a point is worth to you, in millionths of the provider's currency (100: 10,000 "
        "points are 1 dollar)"
    ),
}
"""What each field of `ledger.economy.Economy` means."""

USE_SET = N_("Use it like this: <code>/set ad_reward_points 2</code>")

NO_VALUE = N_("The new value is missing.")

TYPED_CHARS_MAX = 40


def settings(t: Translator, economy: Economy, required_channel: str = "") -> Html:
    """All settings, with what they mean."""
    listed = [
        t(
            "<code>{name}</code> = <b>{value}</b>\n   {meaning}",
            name=name,
            value=getattr(economy, name),
            meaning=t.message(meaning),
        )
        for name, meaning in MEANINGS.items()
    ]
    return Html("\n\n").join(
        [
            t("⚙️ <b>Settings</b>"),
            Html("\n").join([*listed, current(t, required_channel)]),
            t("To change one: <code>/set ad_reward_points 2</code>"),
        ]
    )


def setting_changed(t: Translator, name: str, value: int) -> Html:
    """A setting has a new value."""
    return t(
        "✅ <code>{name}</code> is {value} from now on ({meaning}).",
        name=name,
        value=value,
        meaning=t.message(MEANINGS[name]),
    )


def not_a_number(t: Translator, name: str, typed: str) -> Html:
    """What was typed for a setting is no whole number."""
    return t(
        "{name} takes a whole number, not “{typed}”.",
        name=shortened(name, TYPED_CHARS_MAX),
        typed=shortened(typed, TYPED_CHARS_MAX),
    )
