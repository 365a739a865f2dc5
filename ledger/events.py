"""The events: every fact that the log can hold, and the decoder for its lines.

An event is appended and never edited; a correction is a new event. Points are whole numbers
(`int`), times are UTC text (see `ledger.timestamps`), people are Telegram ids: the log holds no
names. An event states facts in codes and numbers. A text in it was written by a person or by the
provider, except in lines that are older than `reason_code`.

Tags and field names never change. A new field must have a constant default, and a field's type
and meaning never change.
"""

from typing import Annotated, TypeAlias

import msgspec

from ledger.reason_codes import ReasonCode

LOG_FORMAT = 1
"""The format that this program writes, and the highest that it reads."""

POINTS_MAX = 2**53 - 1
"""Some JSON readers lose precision beyond this. `ledger.rules` stays far below it."""

Points: TypeAlias = Annotated[int, msgspec.Meta(ge=-POINTS_MAX, le=POINTS_MAX)]
"""An amount of points. A line with a larger one was not written by this program."""

PRICE_MAX_MICROUSD = 10**9
"""A thousand dollars; no ad is worth that much."""

MicroUsd: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=PRICE_MAX_MICROUSD)]
"""Millionths of a US dollar."""


class Event(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    tag_field="type",
    forbid_unknown_fields=True,
    omit_defaults=True,
    gc=False,
):
    """The fields of every line. `ledger.rules.decide` sets the first four for a whole command.

    Attributes:
        seq: 1, 2, 3 ... without a gap.
        at: when it was decided, as UTC text with milliseconds.
        by: who caused it: `user:42`, `admin:7`, `monetag`, `provider` or `system`.
        more: how many lines of the same command follow. A command is complete at its line
            without `more`; its lines count all or none.
        joined: whether this line was written to disk in one write with the line before it. A
            line without it proves that everything before it was durable first. This separates
            the rest of a torn write from damage (see `ledger.store.torn_write`).
        hash: 64 hex characters that seal this line and all before it (see `ledger.store.record`).
    """

    seq: int = 0
    at: str = ""
    by: str = ""
    more: int = 0
    joined: bool = False
    hash: str = ""


class UserEvent(Event, frozen=True, kw_only=True):
    """An event about one person.

    Attributes:
        user_id: the person's Telegram id.
        prev: `seq` of this person's previous event, 0 if there is none. It links a person's
            events into a chain that is read backwards from the newest one.
    """

    user_id: int
    prev: int = 0


class LogStarted(Event, frozen=True, kw_only=True, tag="log_started"):
    """The first line of every log. By `system`. `format` says which readers can read it."""

    format: int


class TailCut(Event, frozen=True, kw_only=True, tag="tail_cut"):
    """A crash left an incomplete command at the end; it was cut off. By `system`.

    `length_bytes` at `offset_bytes` were moved to the file `kept_as`, beside the log. Nobody had
    got a reply that rests on them.
    """

    offset_bytes: int
    length_bytes: int
    kept_as: str


class ClockStepped(Event, frozen=True, kw_only=True, tag="clock_stepped"):
    """The machine's clock was set. By `system`.

    `step_ms`: how far, in milliseconds; negative if it was set back. The lines before this one
    have the times of the clock before. See `ledger.steady_time`.
    """

    step_ms: int


class UserJoined(UserEvent, frozen=True, kw_only=True, tag="user_joined"):
    """A person used the bot for the first time. By that user.

    `referral_code` is for this person's own invitation link. `referred_by` is the Telegram id of
    the person who invited them; it never changes.
    """

    referral_code: str
    referred_by: int | None = None


class AdRewarded(UserEvent, frozen=True, kw_only=True, tag="ad_rewarded"):
    """A person was paid for watching an ad. By that user (`link` mode) or the ad network.

    `ad_number` counts this person's ads: 1, 2, 3 ... An ad session is created for one number, and
    each number is paid once: the natural key.

    Attributes:
        network: the ad network whose server confirmed it; empty if it was the person's word.
        session_id: the random part of the ad session, as the network got it; may be empty.
        price_microusd: the network's estimate of what it owes for the ad, in millionths of a US
            dollar. For statistics only; 0 if unknown.
    """

    ad_number: int
    amount_points: Points
    network: str = ""
    session_id: str = ""
    price_microusd: MicroUsd = 0


class AdOpened(UserEvent, frozen=True, kw_only=True, tag="ad_opened"):
    """A person opened an ad that has not been paid yet. By that user.

    `network` and `session_id` are as in `AdRewarded`, both empty in `link` mode.
    """

    ad_number: int
    network: str = ""
    session_id: str = ""


class ReferralBonusPaid(UserEvent, frozen=True, kw_only=True, tag="referral_bonus_paid"):
    """`user_id` was paid for a friend who qualified. By the friend.

    Attributes:
        referee_id: the friend. Each friend is paid for once: the natural key.
        number_today: which bonus of this UTC day it is for `user_id`: 1, 2, 3 ... In lines older
            than the daily limit it is 0, and they don't count towards it.
        day_max: the daily limit (`referrals_per_day_max`) that was in force.
        within_days: in how many days after joining the friend had to qualify; 0: no limit.
    """

    referee_id: int
    amount_points: Points
    number_today: int = 0
    day_max: int = 0
    within_days: int = 0

    @property
    def is_last_of_day(self) -> bool:
        """Whether the person reached the daily limit with it."""
        return 0 < self.day_max <= self.number_today


class ReferralBonusWaits(UserEvent, frozen=True, kw_only=True, tag="referral_bonus_waits"):
    """A friend qualified in time, and `user_id` can't be paid for it yet. By the friend.

    From now on the bonus waits without a deadline. `referee_id` is the friend; this is recorded
    once for each: the natural key.
    """

    referee_id: int


class ReferralWelcomePaid(UserEvent, frozen=True, kw_only=True, tag="referral_welcome_paid"):
    """A person invited by `referrer_id` qualified and got the welcome gift. By that person."""

    referrer_id: int
    amount_points: Points


class OrderEvent(UserEvent, frozen=True, kw_only=True):
    """An event about one order.

    `order_id` has 12 hex characters. It is created with the confirmation question, so that two
    taps on Confirm name the same order: the natural key.
    """

    order_id: str


class OrderPlaced(OrderEvent, frozen=True, kw_only=True, tag="order_placed"):
    """A person ordered views, and the price moved from their balance to the order. By that user.

    Attributes:
        video_link: the link for the provider, in its canonical form.
        video_key: platform and id, as in `youtube:AbCdEfGhI_k`; equal for all links to a video.
        quantity: the number of views.
        price_points: what they cost together.
    """

    video_link: str
    video_key: str
    quantity: int
    price_points: Points


class OrderSending(OrderEvent, frozen=True, kw_only=True, tag="order_sending"):
    """The order is about to be sent. Durable before the request is made. By `system`.

    `attempt` is 1, and more only after attempts that certainly did not reach the provider.
    """

    attempt: int


class OrderReasonEvent(OrderEvent, frozen=True, kw_only=True):
    """An event that says why an order was not accepted.

    Attributes:
        reason: a sentence in place of `reason_code`, in older lines only.
        reason_code: why.
        http_status: the status of the provider's answer, 0 if there was none.
        answer: the first 2 kB of the provider's answer.
    """

    reason: str = ""
    reason_code: ReasonCode | None = None
    http_status: int = 0
    answer: str = ""


class OrderNotSent(OrderReasonEvent, frozen=True, kw_only=True, tag="order_not_sent"):
    """The provider certainly did not take the order, so it is tried again later. By `system`."""


class OrderUnclear(OrderReasonEvent, frozen=True, kw_only=True, tag="order_unclear"):
    """The order may or may not have arrived. It is never sent again; an admin decides.

    By `system` (no answer, or a restart while it was in flight) or `provider` (an answer that
    does not say).
    """


class OrderAccepted(OrderEvent, frozen=True, kw_only=True, tag="order_accepted"):
    """The provider accepted the order. By `provider`, or an admin who checked an unclear one.

    `provider_order_id` is the provider's own number for it, empty if unknown. `answer` is as in
    `OrderReasonEvent`.
    """

    provider_order_id: str = ""
    answer: str = ""


class OrderRejected(OrderEvent, frozen=True, kw_only=True, tag="order_rejected"):
    """The order is not carried out, and its points were returned. By `provider` or an admin.

    `refund_points` is all that was reserved; the other fields are as in `OrderReasonEvent`. It is
    no subclass of that because these lines have always begun with `refund_points`.
    """

    refund_points: Points
    reason: str = ""
    reason_code: ReasonCode | None = None
    http_status: int = 0
    answer: str = ""


class BalanceAdjusted(UserEvent, frozen=True, kw_only=True, tag="balance_adjusted"):
    """An admin changed a balance by hand. By that admin.

    Attributes:
        amount_points: added, or subtracted if negative.
        reason: in the admin's words; the person reads it.
        key: bot, chat and message of the admin's command: the natural key.
    """

    amount_points: Points
    reason: str
    key: str


class UserBanned(UserEvent, frozen=True, kw_only=True, tag="user_banned"):
    """A person may no longer earn or order. By an admin. Fields as in `BalanceAdjusted`."""

    key: str
    reason: str = ""


class UserUnbanned(UserEvent, frozen=True, kw_only=True, tag="user_unbanned"):
    """A ban was lifted. By an admin. `key` as in `BalanceAdjusted`."""

    key: str


class EarningFrozen(UserEvent, frozen=True, kw_only=True, tag="earning_frozen"):
    """A person is no longer paid for ads or for friends. By an admin.

    They keep and spend their points. `key` and `reason` are as in `BalanceAdjusted`; `sign` is
    the code of the sign of fraud that the admin acted on (`ledger.fraud.signs`), if any.
    """

    key: str
    reason: str = ""
    sign: str = ""


class EarningUnfrozen(UserEvent, frozen=True, kw_only=True, tag="earning_unfrozen"):
    """A person is paid again. By an admin. `key` as in `BalanceAdjusted`."""

    key: str


class EarningsTakenBack(UserEvent, frozen=True, kw_only=True, tag="earnings_taken_back"):
    """Points that were earned by fraud went back to the house. By an admin.

    Attributes:
        amount_points: below zero, as it changes the balance.
        below_zero: whether the admin wanted the balance to go below zero.
        reason: in the admin's words, maybe empty. `key` is as in `BalanceAdjusted`.
    """

    amount_points: Points
    key: str
    reason: str = ""
    below_zero: bool = False


class AppealSent(UserEvent, frozen=True, kw_only=True, tag="appeal_sent"):
    """A banned person's message was passed on to the admins. By that user.

    `message_id` is its number in the person's chat with the bot: the natural key.
    """

    message_id: int


class UserUnreachable(UserEvent, frozen=True, kw_only=True, tag="user_unreachable"):
    """Telegram no longer delivers to this person. By `system`.

    `reason` is a code: `blocked` or `deactivated`.
    """

    reason: str


class UserReachable(UserEvent, frozen=True, kw_only=True, tag="user_reachable"):
    """A person who was unreachable wrote again. By that user."""


class OpeningBalanceRecorded(UserEvent, frozen=True, kw_only=True, tag="opening_balance_recorded"):
    """What a person had in the previous bot. Once for each person. By `system`.

    Attributes:
        amount_points: their balance there.
        ads_watched: the ads they watched there, in addition to those watched here.
        joined_at: when they joined there, as in `ledger.timestamps`, or empty.
        referral_paid: whether their inviter was paid for them there.
        referral_reward_points: how much; it was paid there, so it moves no points here.
        referral_code: their code there, if they have another one here. Both lead to them.
    """

    amount_points: Points
    ads_watched: int
    joined_at: str = ""
    referral_paid: bool = False
    referral_reward_points: int = 0
    referral_code: str = ""


class OrderImported(OrderEvent, frozen=True, kw_only=True, tag="order_imported"):
    """An order of the previous bot, as history; it moves no points. By `system`.

    Attributes:
        video_link: the link as it was given there.
        created_at: when it was placed there, as in `ledger.timestamps`, or empty.
        old_status: its status there, in that bot's word.
    """

    video_link: str
    quantity: int
    price_points: int
    created_at: str = ""
    old_status: str = ""


class DigestSent(Event, frozen=True, kw_only=True, tag="digest_sent"):
    """The admins got the head of the log, for `verify --head`. By `system`.

    Attributes:
        day: the last UTC day that the digest covers: the natural key.
        head_seq: the last line that it covers.
        head_hash: the hash of that line.
        people: how many people had joined by that line; `ads` and `orders` likewise.
    """

    day: str
    head_seq: int
    head_hash: str
    people: int
    ads: int
    orders: int


class SettingChanged(Event, frozen=True, kw_only=True, tag="setting_changed"):
    """An economy setting has a new value. By an admin, or by `system` in the demo.

    `name` is a field of `ledger.economy.Economy` and has the unit. `key` as in `BalanceAdjusted`.
    """

    name: str
    value: Points
    key: str


class ChannelRequired(Event, frozen=True, kw_only=True, tag="channel_required"):
    """From now on only members of a channel can earn; empty: everybody can. By an admin.

    `channel` is its @name, with the @. `key` as in `BalanceAdjusted`.
    """

    channel: str
    key: str


class BroadcastEvent(Event, frozen=True, kw_only=True):
    """An event about one broadcast.

    `broadcast_id` names bot, chat and message of the confirmation question: the natural key.
    """

    broadcast_id: str


class BroadcastStarted(BroadcastEvent, frozen=True, kw_only=True, tag="broadcast_started"):
    """An admin sent a message to all users. By that admin.

    Attributes:
        chat_id: the chat with the message to copy, `message_id`.
        more_message_ids: the other messages of the same album, ascending.
        audience: how many users had joined; the broadcast goes to them, in order of joining.
    """

    chat_id: int
    message_id: int
    audience: int
    more_message_ids: tuple[int, ...] = ()


class BroadcastProgressed(BroadcastEvent, frozen=True, kw_only=True, tag="broadcast_progressed"):
    """The next messages of a broadcast are about to be sent. By `system`.

    Durable before they are sent, so that after a crash nobody gets the message twice.

    Attributes:
        cursor: how many of the audience are done or in flight.
        sent: messages delivered so far.
        unreachable: messages to people who blocked the bot or are gone.
        failed: messages that Telegram refused for another reason.
    """

    cursor: int
    sent: int
    unreachable: int
    failed: int


class BroadcastFinished(BroadcastEvent, frozen=True, kw_only=True, tag="broadcast_finished"):
    """A broadcast is complete. By `system`. The counts are as in `BroadcastProgressed`."""

    sent: int
    unreachable: int
    failed: int


AnyEvent: TypeAlias = (
    AdRewarded
    | OrderPlaced
    | OrderSending
    | OrderAccepted
    | UserJoined
    | ReferralBonusPaid
    | ReferralWelcomePaid
    | OrderRejected
    | OrderUnclear
    | OrderNotSent
    | BalanceAdjusted
    | UserBanned
    | UserUnbanned
    | AppealSent
    | AdOpened
    | ReferralBonusWaits
    | EarningFrozen
    | EarningUnfrozen
    | EarningsTakenBack
    | UserUnreachable
    | UserReachable
    | SettingChanged
    | ChannelRequired
    | BroadcastStarted
    | BroadcastProgressed
    | BroadcastFinished
    | OpeningBalanceRecorded
    | OrderImported
    | DigestSent
    | TailCut
    | ClockStepped
    | LogStarted
)
"""Every event, frequent ones first: a `match` tries them in this order."""

encode: msgspec.json.Encoder = msgspec.json.Encoder()
decode: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)
