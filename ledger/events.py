"""Owns the events: everything that can ever have happened, and their form in the log.

An event is a fact. It is appended, never edited; a correction is a new event. Points are whole
numbers (`int`), moments are UTC text (see `ledger.timestamps`), people are Telegram ids: names stay
out of the log. The tags and field names below are for ever; a new field must have a constant
default, and a field's type and meaning never change.
"""

from typing import Annotated, TypeAlias

import msgspec

LOG_FORMAT = 1
"""The format this program writes, and the highest it reads."""

POINTS_MAX = 2**53 - 1
"""Beyond it some JSON readers lose whole numbers. `ledger.rules.decide` stays far below."""

Points: TypeAlias = Annotated[int, msgspec.Meta(ge=-POINTS_MAX, le=POINTS_MAX)]
"""An amount in a line, in points. A line with more is not one of ours."""


class Event(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    tag_field="type",
    forbid_unknown_fields=True,
    omit_defaults=True,
    gc=False,
):
    """What every line of the log has. `ledger.rules.decide` fills these in for a whole command.

    Attributes:
        seq: 1, 2, 3 ... without a gap.
        at: when it was decided, UTC text with milliseconds.
        by: who caused it: `user:42`, `admin:7`, `monetag`, `provider` or `system`.
        more: how many further lines of the same command follow. A reader has the whole command
            when it reaches a line without it; the lines of one command count all or none.
        joined: written to the disk in one write with the line before it. A line without it shows
            that all before it was on the disk first; so what a power cut left of the last write
            can be told from damage (see `ledger.store.torn_write`).
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
        prev: `seq` of this person's event before this one, 0 if there is none. It makes a
            person's history a chain that is read backwards from its newest line.
    """

    user_id: int
    prev: int = 0


class LogStarted(Event, frozen=True, kw_only=True, tag="log_started"):
    """The first line of every log. `format` says which reader can read on. By `system`."""

    format: int


class TailCut(Event, frozen=True, kw_only=True, tag="tail_cut"):
    """A crash had left an unfinished command at the end; it was cut off. By `system`.

    Attributes:
        offset_bytes: where in the file the cut was made.
        length_bytes: how much was cut; nobody had been told of it.
        kept_as: the file beside the log that keeps it.
    """

    offset_bytes: int
    length_bytes: int
    kept_as: str


class UserJoined(UserEvent, frozen=True, kw_only=True, tag="user_joined"):
    """A person used the bot for the first time. By that user.

    Attributes:
        referral_code: the code in this person's own invitation link.
        referred_by: Telegram id of who invited them, if anyone. It never changes later.
    """

    referral_code: str
    referred_by: int | None = None


class AdRewarded(UserEvent, frozen=True, kw_only=True, tag="ad_rewarded"):
    """A person watched an ad and was paid. By that user (`link` mode) or the ad network.

    Attributes:
        ad_number: which of the person's ads this was: 1, 2, 3 ... An ad session is minted for
            one number, and each number is paid once: the natural key.
        amount_points: the reward.
    """

    ad_number: int
    amount_points: Points


class ReferralBonusPaid(UserEvent, frozen=True, kw_only=True, tag="referral_bonus_paid"):
    """A friend qualified, and `user_id`, who invited them, was paid. Caused by the friend.

    Attributes:
        referee_id: the friend. Each friend pays once: the natural key.
        amount_points: the bonus.
    """

    referee_id: int
    amount_points: Points


class ReferralWelcomePaid(UserEvent, frozen=True, kw_only=True, tag="referral_welcome_paid"):
    """An invited person qualified and got the welcome gift. Caused by that person.

    Attributes:
        referrer_id: who invited them.
        amount_points: the gift.
    """

    referrer_id: int
    amount_points: Points


class OrderEvent(UserEvent, frozen=True, kw_only=True):
    """An event about one order of one person.

    Attributes:
        order_id: 12 hex characters. It is minted with the confirmation question, so two taps on
            Confirm name the same order: the natural key.
    """

    order_id: str


class OrderPlaced(OrderEvent, frozen=True, kw_only=True, tag="order_placed"):
    """A person ordered views; the price moved from their balance to the order. By that user.

    Attributes:
        video_link: the link as it goes to the provider, in its canonical form.
        video_key: platform and id, `youtube:AbCdEfGhI_k`: the same video, however it was linked.
        quantity: how many views.
        price_points: what all of them cost.
    """

    video_link: str
    video_key: str
    quantity: int
    price_points: Points


class OrderSending(OrderEvent, frozen=True, kw_only=True, tag="order_sending"):
    """The order is about to leave for the provider. On disk before the request. By `system`.

    Attributes:
        attempt: 1 for the first try; more only after tries that certainly never left.
    """

    attempt: int


class OrderNotSent(OrderEvent, frozen=True, kw_only=True, tag="order_not_sent"):
    """The provider certainly didn't take it, so it may be tried again. By `system`.

    No connection was made, or the answer says so beyond doubt (too many requests, the operator's
    own account there is empty). `reason` is for people.
    """

    reason: str


class OrderAccepted(OrderEvent, frozen=True, kw_only=True, tag="order_accepted"):
    """The provider took the order. By `provider`, or an admin who checked an unclear one.

    Attributes:
        provider_order_id: the provider's own number, empty if it gave none.
        answer: the first 2 kB of what the provider said.
    """

    provider_order_id: str = ""
    answer: str = ""


class OrderRejected(OrderEvent, frozen=True, kw_only=True, tag="order_rejected"):
    """The order will not be carried out; all its points went back. By `provider` or an admin.

    Attributes:
        refund_points: what went back to the person: all that the order had reserved.
        reason: why, in a few words.
        answer: the first 2 kB of what the provider said.
    """

    refund_points: Points
    reason: str
    answer: str = ""


class OrderUnclear(OrderEvent, frozen=True, kw_only=True, tag="order_unclear"):
    """The order may or may not have arrived. It is never sent again; an admin decides.

    By `system` (no answer, or a restart while it was on its way) or `provider` (an answer that
    nobody can read).
    """

    reason: str
    answer: str = ""


class BalanceAdjusted(UserEvent, frozen=True, kw_only=True, tag="balance_adjusted"):
    """An admin changed a balance by hand. By that admin.

    Attributes:
        amount_points: added, or with a minus taken away.
        reason: told to the person.
        key: bot, chat and message of the admin's command: the natural key.
    """

    amount_points: Points
    reason: str
    key: str


class UserBanned(UserEvent, frozen=True, kw_only=True, tag="user_banned"):
    """A person may no longer earn or order. By an admin. `key` as in `BalanceAdjusted`."""

    key: str
    reason: str = ""


class UserUnbanned(UserEvent, frozen=True, kw_only=True, tag="user_unbanned"):
    """A ban was lifted. By an admin. `key` as in `BalanceAdjusted`."""

    key: str


class UserUnreachable(UserEvent, frozen=True, kw_only=True, tag="user_unreachable"):
    """Telegram said that messages no longer reach this person. By `system`.

    Attributes:
        reason: `blocked` or `deactivated`.
    """

    reason: str


class UserReachable(UserEvent, frozen=True, kw_only=True, tag="user_reachable"):
    """A person who could not be reached wrote again. By that user."""


class OpeningBalanceRecorded(UserEvent, frozen=True, kw_only=True, tag="opening_balance_recorded"):
    """What a person brought along from the bot before this one. Once for each person. By `system`.

    Attributes:
        amount_points: what they held there.
        ads_watched: the ads they had watched there, on top of any they watched here.
        joined_at: when they had joined there, a moment as `ledger.timestamps` writes it, or empty.
        referral_paid: whether their inviter had been paid for them there.
        referral_reward_points: how much that was; paid there, so it moves nothing here.
        referral_code: their code there, if they have another one here: it leads to them too.
    """

    amount_points: Points
    ads_watched: int
    joined_at: str = ""
    referral_paid: bool = False
    referral_reward_points: int = 0
    referral_code: str = ""


class OrderImported(OrderEvent, frozen=True, kw_only=True, tag="order_imported"):
    """An order from the bot before this one: history, it moves nothing. By `system`.

    Attributes:
        video_link: the link as it was given there.
        quantity: how many views.
        price_points: what all of them had cost there.
        created_at: when it was placed there, a moment, or empty.
        old_status: what had become of it there, in that bot's word.
    """

    video_link: str
    quantity: int
    price_points: int
    created_at: str = ""
    old_status: str = ""


class DigestSent(Event, frozen=True, kw_only=True, tag="digest_sent"):
    """The admins were told where the log stood, for `verify --head`. By `system`.

    Attributes:
        day: the last UTC day that the digest speaks of: the natural key.
        head_seq: the line they were told of.
        head_hash: its hash, as they were told it.
        people: how many had joined by that line.
        ads: how many ads had been watched by then.
        orders: how many orders there were.
    """

    day: str
    head_seq: int
    head_hash: str
    people: int
    ads: int
    orders: int


class SettingChanged(Event, frozen=True, kw_only=True, tag="setting_changed"):
    """An economy setting has a new value from here on. By an admin, or `system` in the demo.

    Attributes:
        name: one of the fields of `ledger.economy.Economy`, which say the unit.
        value: the new value.
        key: as in `BalanceAdjusted`.
    """

    name: str
    value: Points
    key: str


class BroadcastEvent(Event, frozen=True, kw_only=True):
    """An event about one broadcast.

    Attributes:
        broadcast_id: bot, chat and message of the admin's confirmation question: the natural key.
    """

    broadcast_id: str


class BroadcastStarted(BroadcastEvent, frozen=True, kw_only=True, tag="broadcast_started"):
    """An admin sent a message to everybody. By that admin.

    Attributes:
        chat_id: the chat that holds the message to copy.
        message_id: that message.
        audience: how many people had joined: the first so many, in the order of joining.
    """

    chat_id: int
    message_id: int
    audience: int


class BroadcastProgressed(BroadcastEvent, frozen=True, kw_only=True, tag="broadcast_progressed"):
    """The next people of a broadcast are about to be written to. By `system`.

    On disk before the messages leave: after a crash nobody gets the message twice.

    Attributes:
        cursor: how many of the audience have been taken up so far.
        sent: messages delivered so far.
        unreachable: people who could not be reached (blocked or deleted) so far.
        failed: messages that Telegram refused for another reason so far.
    """

    cursor: int
    sent: int
    unreachable: int
    failed: int


class BroadcastFinished(BroadcastEvent, frozen=True, kw_only=True, tag="broadcast_finished"):
    """A broadcast came to its end. By `system`. The counts are as in `BroadcastProgressed`."""

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
    | UserUnreachable
    | UserReachable
    | SettingChanged
    | BroadcastStarted
    | BroadcastProgressed
    | BroadcastFinished
    | OpeningBalanceRecorded
    | OrderImported
    | DigestSent
    | TailCut
    | LogStarted
)
"""Every event, the frequent ones first (matching goes in this order)."""

encode: msgspec.json.Encoder = msgspec.json.Encoder()
decode: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)
