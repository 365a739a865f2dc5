"""The refusals: every reason for which the ledger refuses a command.

A refusal is data with a precise name. The words for it are chosen where it is shown. Each has an
explicit tag, so that refusals can be written down and read back, as events are. A test pins the
tags.
"""

from typing import TypeAlias

import msgspec

from ledger.order_status import OrderStatus


class Refusal(
    msgspec.Struct,
    frozen=True,
    tag_field="type",
    forbid_unknown_fields=True,
    gc=False,
):
    """Nothing changed."""


class AlreadyDone(Refusal, frozen=True, tag="already_done"):
    """The ledger has this command already; it was delivered a second time."""


class UnknownUser(Refusal, frozen=True, tag="unknown_user"):
    """Nobody with this id has joined."""

    user_id: int


class AlreadyJoined(Refusal, frozen=True, tag="already_joined"):
    """The person has joined before; a referral code that they come with now is ignored."""


class ReferralCodeTaken(Refusal, frozen=True, tag="referral_code_taken"):
    """Somebody has the new code already; the caller tries another one."""


class UserIsBanned(Refusal, frozen=True, tag="user_is_banned"):
    """A banned person can't earn or order."""


class AdAlreadyPaid(Refusal, frozen=True, tag="ad_already_paid"):
    """This ad was paid, or another one that was opened at the same time."""


class UnknownAd(Refusal, frozen=True, tag="unknown_ad"):
    """No ad with this number can have been opened yet."""


class AdNotOpened(Refusal, frozen=True, tag="ad_not_opened"):
    """The person has not opened the ad yet."""


class AdNotWatchedLongEnough(Refusal, frozen=True, tag="ad_not_watched_long_enough"):
    """The ad must stay open for longer."""

    seconds_left: int


class CooldownActive(Refusal, frozen=True, tag="cooldown_active"):
    """Too soon after the last paid ad."""

    seconds_left: int


class DailyCapReached(Refusal, frozen=True, tag="daily_cap_reached"):
    """The person watched all the ads of this UTC day."""

    cap: int
    seconds_left: int


class QuantityOutOfRange(Refusal, frozen=True, tag="quantity_out_of_range"):
    """Fewer or more views than one order may have."""

    low: int
    high: int


class PriceChanged(Refusal, frozen=True, tag="price_changed"):
    """The price is not the one that the person confirmed."""

    price_points: int


class NotEnoughPoints(Refusal, frozen=True, tag="not_enough_points"):
    """The balance is too low for this."""

    short_by_points: int
    balance_points: int


class TooManyOrders(Refusal, frozen=True, tag="too_many_orders"):
    """The person has placed as many orders as a minute may have.

    `seconds_left` says when the next one is possible. A limit of 0 means that nobody can order.
    """

    limit: int
    seconds_left: int


class UnknownOrder(Refusal, frozen=True, tag="unknown_order"):
    """There is no such order."""


class WrongOrderStatus(Refusal, frozen=True, tag="wrong_order_status"):
    """This can't follow from the order's present status."""

    status: OrderStatus


class NotOnOffer(Refusal, frozen=True, tag="not_on_offer"):
    """The service is not offered, or not for now."""

    service_id: str


class RemainsUnknown(Refusal, frozen=True, tag="remains_unknown"):
    """What a partly delivered order gives back depends on a number that the provider didn't say."""


class NotPossibleHere(Refusal, frozen=True, tag="not_possible_here"):
    """The provider doesn't do this for orders of this service."""


class WrongOffer(Refusal, frozen=True, tag="wrong_offer"):
    """An offer with a price, a quantity or a name that can't be."""


class NothingToAdjust(Refusal, frozen=True, tag="nothing_to_adjust"):
    """An adjustment by zero points, or beyond the highest balance."""


class AlreadyBanned(Refusal, frozen=True, tag="already_banned"):
    """The person is banned already."""


class NotBanned(Refusal, frozen=True, tag="not_banned"):
    """The person isn't banned."""


class EarningIsFrozen(Refusal, frozen=True, tag="earning_is_frozen"):
    """An admin has stopped what this person earns."""


class AlreadyFrozen(Refusal, frozen=True, tag="already_frozen"):
    """What the person earns is stopped already."""


class NotFrozen(Refusal, frozen=True, tag="not_frozen"):
    """What the person earns isn't stopped."""


class NotAChannelName(Refusal, frozen=True, tag="not_a_channel_name"):
    """A channel is named as in `@name`."""


class AppealSentToday(Refusal, frozen=True, tag="appeal_sent_today"):
    """A banned person may send the admins one message in a UTC day."""

    seconds_left: int


class UnknownSetting(Refusal, frozen=True, tag="unknown_setting"):
    """No setting has this name."""

    name: str


class SettingOutOfRange(Refusal, frozen=True, tag="setting_out_of_range"):
    """The setting can't have this value."""

    name: str
    low: int
    high: int


class NothingChanges(Refusal, frozen=True, tag="nothing_changes"):
    """It is so already."""


class NobodyToWrite(Refusal, frozen=True, tag="nobody_to_write"):
    """A broadcast needs at least one user."""


class UnknownBroadcast(Refusal, frozen=True, tag="unknown_broadcast"):
    """There is no such broadcast, or it is finished."""


class ImpossibleOpening(Refusal, frozen=True, tag="impossible_opening"):
    """More points or ads than anybody can have had in the previous bot."""


AnyRefusal: TypeAlias = (
    AlreadyDone
    | UnknownUser
    | AlreadyJoined
    | ReferralCodeTaken
    | UserIsBanned
    | AdAlreadyPaid
    | UnknownAd
    | AdNotOpened
    | AdNotWatchedLongEnough
    | CooldownActive
    | DailyCapReached
    | QuantityOutOfRange
    | PriceChanged
    | NotEnoughPoints
    | TooManyOrders
    | UnknownOrder
    | WrongOrderStatus
    | NotOnOffer
    | RemainsUnknown
    | NotPossibleHere
    | WrongOffer
    | NothingToAdjust
    | AlreadyBanned
    | NotBanned
    | EarningIsFrozen
    | AlreadyFrozen
    | NotFrozen
    | NotAChannelName
    | AppealSentToday
    | UnknownSetting
    | SettingOutOfRange
    | NothingChanges
    | NobodyToWrite
    | UnknownBroadcast
    | ImpossibleOpening
)
"""Every refusal."""

encode: msgspec.json.Encoder = msgspec.json.Encoder()
decode: msgspec.json.Decoder[AnyRefusal] = msgspec.json.Decoder(AnyRefusal)
