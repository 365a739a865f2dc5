"""Owns the commands: what the rooms may ask of the ledger, each with its natural key.

A command is a wish. `ledger.rules.decide.decide` answers it with events or a named refusal. The
natural key (an ad's number, an order's id, an admin's message) makes the same command, delivered
twice, change nothing the second time.
"""

from typing import TypeAlias

import msgspec


class Command(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A wish. `by` says whose, as it will stand in the log: `user:42`, `admin:7`, `system` ..."""

    by: str


class Join(Command, frozen=True, kw_only=True):
    """Let a person in. Key: the person.

    Attributes:
        user_id: Telegram id.
        referral_code: a fresh code for this person's own link.
        invited_by_code: the code they came with, however odd; one that names nobody is ignored.
    """

    user_id: int
    referral_code: str
    invited_by_code: str = ""


class RewardAd(Command, frozen=True, kw_only=True):
    """Pay a person for an ad. Key: the person and the ad's number.

    Attributes:
        user_id: Telegram id.
        ad_number: the number the session was minted for.
        opened_at_ms: when the session was minted, epoch milliseconds.
        timed: whether the ledger has to see to the shortest watching time (`link` mode).
    """

    user_id: int
    ad_number: int
    opened_at_ms: int
    timed: bool = True


class PlaceOrder(Command, frozen=True, kw_only=True):
    """Order views. Key: the order's id. `price_points` is what the person agreed to."""

    user_id: int
    order_id: str
    video_link: str
    video_key: str
    quantity: int
    price_points: int


class SendOrder(Command, frozen=True, kw_only=True):
    """Note that an order is about to leave for the provider."""

    order_id: str


class NoteNotSent(Command, frozen=True, kw_only=True):
    """Note that the request certainly never left; the order waits again."""

    order_id: str
    reason: str


class AcceptOrder(Command, frozen=True, kw_only=True):
    """Note that the provider has the order (its answer, or an admin's word)."""

    order_id: str
    provider_order_id: str = ""
    answer: str = ""


class RejectOrder(Command, frozen=True, kw_only=True):
    """End an order that will not be carried out, and give its points back."""

    order_id: str
    reason: str
    answer: str = ""


class NoteUnclear(Command, frozen=True, kw_only=True):
    """Note that nobody can say whether the order arrived."""

    order_id: str
    reason: str
    answer: str = ""


class AdjustBalance(Command, frozen=True, kw_only=True):
    """Change a balance by hand. Key: bot, chat and message of the admin's command."""

    user_id: int
    amount_points: int
    reason: str
    key: str


class Ban(Command, frozen=True, kw_only=True):
    """Stop a person from earning and ordering. Key as in `AdjustBalance`."""

    user_id: int
    key: str
    reason: str = ""


class Unban(Command, frozen=True, kw_only=True):
    """Lift a ban. Key as in `AdjustBalance`."""

    user_id: int
    key: str


class ChangeSetting(Command, frozen=True, kw_only=True):
    """Change an economy setting. Key as in `AdjustBalance`."""

    name: str
    value: int
    key: str


class StartBroadcast(Command, frozen=True, kw_only=True):
    """Send a message to everybody. Key: the broadcast's id (see `ledger.events`)."""

    broadcast_id: str
    chat_id: int
    message_id: int


class ProgressBroadcast(Command, frozen=True, kw_only=True):
    """Note who is about to be written to (`cursor`), and how those before them fared."""

    broadcast_id: str
    cursor: int
    sent: int
    unreachable: int
    failed: int


class FinishBroadcast(Command, frozen=True, kw_only=True):
    """Note the end of a broadcast, with its counts."""

    broadcast_id: str
    sent: int
    unreachable: int
    failed: int


class ImportUser(Command, frozen=True, kw_only=True):
    """Take over a person from the bot before this one. Key: the person, once for all.

    Attributes:
        user_id: Telegram id.
        referral_code: their code there, or a fresh one if that belongs to somebody here.
        referred_by: who invited them there; that person has joined here already.
        amount_points: what they held there.
        ads_watched: the ads they had watched there.
        joined_at: when they had joined there, a moment or empty.
        referral_paid: whether their inviter had been paid for them.
        referral_reward_points: how much that was.
    """

    user_id: int
    referral_code: str
    referred_by: int | None
    amount_points: int
    ads_watched: int
    joined_at: str = ""
    referral_paid: bool = False
    referral_reward_points: int = 0


class ImportOrder(Command, frozen=True, kw_only=True):
    """Take over an order from the bot before this one, as history. Key: the order's id."""

    user_id: int
    order_id: str
    video_link: str
    quantity: int
    price_points: int
    created_at: str = ""
    old_status: str = ""


class NoteDigest(Command, frozen=True, kw_only=True):
    """Note what the admins were told of the log. Key: the day. As in `DigestSent`."""

    day: str
    head_seq: int
    head_hash: str
    people: int
    ads: int
    orders: int


class NoteUnreachable(Command, frozen=True, kw_only=True):
    """Note that messages no longer reach a person: `blocked` or `deactivated`."""

    user_id: int
    reason: str


class NoteReachable(Command, frozen=True, kw_only=True):
    """Note that a person who could not be reached wrote again."""

    user_id: int


class NoteTailCut(Command, frozen=True, kw_only=True):
    """Note that a crash's unfinished command was cut off the file."""

    offset_bytes: int
    length_bytes: int
    kept_as: str


class StartLog(Command, frozen=True, kw_only=True):
    """Write the first line of a new log."""


AnyCommand: TypeAlias = (
    RewardAd
    | PlaceOrder
    | SendOrder
    | AcceptOrder
    | Join
    | RejectOrder
    | NoteNotSent
    | NoteUnclear
    | AdjustBalance
    | Ban
    | Unban
    | ChangeSetting
    | StartBroadcast
    | ProgressBroadcast
    | FinishBroadcast
    | ImportUser
    | ImportOrder
    | NoteDigest
    | NoteUnreachable
    | NoteReachable
    | NoteTailCut
    | StartLog
)
