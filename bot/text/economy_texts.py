"""What the economy pays and costs, in whole sentences that other texts contain."""

from i18n import Html, Translator
from i18n.words import points
from ledger.economy import Economy, price_points


def ad_pays(t: Translator, economy: Economy) -> Html:
    """What one ad pays."""
    return t("Every ad gives you {points}.", points=points(t, economy.ad_reward_points))


def ads_a_day(t: Translator, economy: Economy) -> Html:
    """How many ads there are in a day, and how soon after one another."""
    if not economy.ad_cooldown_s:
        return t.plural("Up to {n} ad a day.", "Up to {n} ads a day.", economy.ads_per_day_max)
    return t.plural(
        "Up to {n} ad a day, {pause} apart.",
        "Up to {n} ads a day, {pause} apart.",
        economy.ads_per_day_max,
        pause=t.duration(economy.ad_cooldown_s),
    )


def friend_pays(t: Translator, economy: Economy) -> Html:
    """What a friend pays, and for what."""
    bonus = points(t, economy.referral_bonus_points)
    if not economy.referral_after_ads:
        return t("You get {points} for every friend who joins.", points=bonus)
    return t.plural(
        "You get {points} for every friend who joins and watches {n} ad.",
        "You get {points} for every friend who joins and watches {n} ads.",
        economy.referral_after_ads,
        points=bonus,
    )


def view_costs(t: Translator, economy: Economy) -> Html:
    """The price of one view if that is a whole number of points, else of ten."""
    if economy.points_per_1000_views % 1000 == 0:
        price = points(t, economy.points_per_1000_views // 1000)
        return t("A view costs {points}.", points=price)
    return t("10 views cost {points}.", points=points(t, price_points(economy, 10)))
