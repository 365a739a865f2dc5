"""What the economy pays and costs, in whole sentences that other texts contain.

Every setting may be at its edge: a maximum of 0 switches something off, and a reward may be 0. The
words then say so, and promise nothing that the ledger doesn't pay.
"""

from bot.text import menu
from i18n import N_, Html, Translator
from i18n.words import points
from ledger.economy import Economy, price_points
from ledger.rules.referrals import can_qualify

NO_ADS = N_("There are no ads at the moment.")
NO_ORDERS = N_("Nobody can order at the moment. Your points stay yours.")


def ad_pays(t: Translator, economy: Economy) -> Html:
    """What one ad pays."""
    if not economy.ads_per_day_max:
        return t(NO_ADS)
    if not economy.ad_reward_points:
        return t("Ads give no points at the moment.")
    return t("Every ad gives you {points}.", points=points(t, economy.ad_reward_points))


def ads_a_day(t: Translator, economy: Economy) -> Html:
    """How many ads there are in a day, and how soon after one another."""
    if not economy.ads_per_day_max:
        return t(NO_ADS)
    if not economy.ad_cooldown_s:
        return t.plural("Up to {n} ad a day.", "Up to {n} ads a day.", economy.ads_per_day_max)
    return t.plural(
        "Up to {n} ad a day, {pause} apart.",
        "Up to {n} ads a day, {pause} apart.",
        economy.ads_per_day_max,
        pause=t.duration(economy.ad_cooldown_s),
    )


def friends_pay(economy: Economy) -> bool:
    """Whether inviting friends gives points."""
    limit = economy.referrals_per_day_max
    return can_qualify(economy) and limit > 0 and economy.referral_bonus_points > 0


def friend_pays(t: Translator, economy: Economy) -> Html:
    """What a friend pays, and for what."""
    if not friends_pay(economy):
        return t("Inviting friends gives no points at the moment.")
    bonus = points(t, economy.referral_bonus_points)
    if not economy.referral_after_ads:
        return t("You get {points} for every friend who joins.", points=bonus)
    if within := within_days(t, economy):
        # Translators: {within} is “within 30 days”.
        return t.plural(
            "You get {points} for every friend who joins and watches {n} ad {within}.",
            "You get {points} for every friend who joins and watches {n} ads {within}.",
            economy.referral_after_ads,
            points=bonus,
            within=within,
        )
    return t.plural(
        "You get {points} for every friend who joins and watches {n} ad.",
        "You get {points} for every friend who joins and watches {n} ads.",
        economy.referral_after_ads,
        points=bonus,
    )


def friends_a_day(t: Translator, economy: Economy) -> Html:
    """How many friends are paid for in a day, and what happens to those above that."""
    return t.plural(
        "At most {n} friend is counted in a day. For others, the points come with an ad that they "
        "watch on a later day.",
        "At most {n} friends are counted in a day. For others, the points come with an ad that "
        "they watch on a later day.",
        economy.referrals_per_day_max,
    )


def within_days(t: Translator, economy: Economy) -> Html:
    """In which time an invited friend must watch the ads; empty if there is no limit."""
    if not economy.referral_within_days:
        return Html()
    return t.plural("within {n} day", "within {n} days", economy.referral_within_days)


def gift_points(economy: Economy) -> int:
    """What an invited friend gets."""
    return economy.referral_welcome_points if can_qualify(economy) else 0


def gift(t: Translator, economy: Economy) -> Html:
    """What an invited friend gets, and when; empty if they get nothing."""
    if not gift_points(economy):
        return Html()
    amount = points(t, economy.referral_welcome_points)
    if not economy.referral_after_ads:
        return t("You start with {points} as a gift.", points=amount)
    if within := within_days(t, economy):
        return t.plural(
            "After {n} ad {within} you get {points} as a gift.",
            "After {n} ads {within} you get {points} as a gift.",
            economy.referral_after_ads,
            points=amount,
            within=within,
        )
    return t.plural(
        "After {n} ad you get {points} as a gift.",
        "After {n} ads you get {points} as a gift.",
        economy.referral_after_ads,
        points=amount,
    )


def view_costs(t: Translator, economy: Economy) -> Html:
    """The price of the smallest of 1, 10 and 1,000 views that costs a whole number of points."""
    rate = economy.points_per_1000_views
    if rate % 1000 == 0:
        return t("A view costs {points}.", points=points(t, rate // 1000))
    if rate % 100 == 0:
        return t("10 views cost {points}.", points=points(t, price_points(economy, 10)))
    return t("1,000 views cost {points}.", points=points(t, rate))


def earn_more(t: Translator, economy: Economy) -> Html:
    """How to get more points; empty if there is no way at the moment."""
    ways = []
    if economy.ads_per_day_max and economy.ad_reward_points:
        ways.append(t(menu.WATCH_ADS))
    if friends_pay(economy):
        ways.append(t(menu.REFER))
    return t("Earn points with {ways}.", ways=t.any_of(ways)) if ways else Html()
