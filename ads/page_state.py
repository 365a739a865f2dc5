"""The state of the ad page: all that it shows of a person, as one struct."""

from typing import Literal, TypeAlias, assert_never

import msgspec

from ledger import refusals as r
from ledger.clocks.timestamps import DAY_MS
from ledger.economy import on_sale, reference_offer
from ledger.rules.ads import ads_today, why_no_ad
from ledger.state import State

Status: TypeAlias = Literal["ready", "cooldown", "daily_cap", "banned", "frozen", "off"]
"""What the person can do now; `off`: no ad network is set up, or ads are switched off."""


class PageState(msgspec.Struct, frozen=True, kw_only=True):
    """What the page shows. The names carry the units.

    `channel` is the @name of the channel whose members can earn; empty: everybody can. Whether the
    person is one is no part of this: Telegram is asked when an ad is started. The smallest order is
    that of the offer in which balances are measured; its quantity is 0 if nothing is on sale.
    """

    status: Status
    balance_points: int
    ads_today: int
    ads_per_day_max: int
    cooldown_s: int
    cooldown_left_s: int
    resets_in_s: int
    reward_points: int
    order_metric: str
    order_min_quantity: int
    order_min_points: int
    bot_username: str
    channel: str = ""


def page_state(
    state: State, user_id: int, now_ms: int, *, has_networks: bool, bot_username: str
) -> PageState:
    """The state for a person who has joined. It may be ahead of the disk, as the ledger's is."""
    user, economy = state.users[user_id], state.economy
    refusal = why_no_ad(state, user, now_ms)
    offer = reference_offer(on_sale(economy, state.offers))
    quantity = offer.quantity_min if offer is not None else 0
    return PageState(
        status="off" if refusal is None and not has_networks else status_of(refusal),
        balance_points=user.balance,
        ads_today=ads_today(state, user, now_ms),
        ads_per_day_max=economy.ads_per_day_max,
        cooldown_s=economy.ad_cooldown_s,
        cooldown_left_s=refusal.seconds_left if isinstance(refusal, r.CooldownActive) else 0,
        resets_in_s=-(-(DAY_MS - now_ms % DAY_MS) // 1000),
        reward_points=economy.ad_reward_points,
        order_metric=offer.metric if offer is not None else "",
        order_min_quantity=quantity,
        order_min_points=offer.price_points(quantity) if offer is not None else 0,
        bot_username=bot_username,
        channel=state.books.required_channel,
    )


def status_of(
    refusal: r.UserIsBanned | r.EarningIsFrozen | r.CooldownActive | r.DailyCapReached | None,
) -> Status:
    """The word for the ledger's answer to whether there is an ad now."""
    match refusal:
        case None:
            return "ready"
        case r.UserIsBanned():
            return "banned"
        case r.EarningIsFrozen():
            return "frozen"
        case r.CooldownActive():
            return "cooldown"
        case r.DailyCapReached():
            # A cap of 0 means that there are no ads.
            return "daily_cap" if refusal.cap else "off"
        case _:
            assert_never(refusal)
