"""The commands: what the rest of the program can ask of the ledger.

`ledger.rules.decide.decide` answers a command with events or with a refusal. Each command has a
natural key (an ad's number, an order's id, an admin's message), so that one that is delivered
twice changes nothing the second time.

Each has an explicit tag, so that commands can be written down and read back, as events are. A
test pins the tags.
"""

from typing import TypeAlias

import msgspec

from ledger.event_types.catalogue import Mismatch
from ledger.order_status import OrderStatus
from ledger.reason_codes import OrderRequest, PauseReason, ReasonCode


class Command(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    tag_field="type",
    forbid_unknown_fields=True,
    omit_defaults=True,
    gc=False,
):
    """A request. `by` says whose it is, as in the log: `user:42`, `admin:7`, `system` ..."""

    by: str


class Join(Command, frozen=True, kw_only=True, tag="join"):
    """Let a person in. Key: the person.

    Attributes:
        user_id: Telegram id.
        referral_code: a new code for this person's own link.
        invited_by_code: the code they came with, unchecked; one that nobody has is ignored.
    """

    user_id: int
    referral_code: str
    invited_by_code: str = ""


class RewardAd(Command, frozen=True, kw_only=True, tag="reward_ad"):
    """Pay a person for an ad. Key: the person and the ad's number.

    Attributes:
        user_id: Telegram id.
        ad_number: the number that the ad session was created for.
        opened_at_ms: when that was, in epoch milliseconds.
        timed: whether the ledger enforces the minimum watching time (`link` mode).
        after_opening: whether the ad must have been opened since then (`OpenAd`). The minimum
            time counts from the opening.
        network: the ad network that says it showed the ad; empty if it is the person's word.
        session_id: the random part of the ad session, empty in `link` mode.
        price_microusd: what the network estimates that it owes for the ad, in millionths of a
            US dollar.
    """

    user_id: int
    ad_number: int
    opened_at_ms: int
    timed: bool = True
    after_opening: bool = False
    network: str = ""
    session_id: str = ""
    price_microusd: int = 0


class OpenAd(Command, frozen=True, kw_only=True, tag="open_ad"):
    """Record that a person opened an ad. Key: the person, the ad's number, and `since_ms`.

    Attributes:
        user_id: Telegram id.
        ad_number: the number that the ad session was created for.
        since_ms: an opening of this ad at or after this moment is the same one.
        network: the ad network that shows it; empty in `link` mode.
        session_id: the random part of the ad session, empty in `link` mode.
    """

    user_id: int
    ad_number: int
    since_ms: int
    network: str = ""
    session_id: str = ""


class PlaceOrder(Command, frozen=True, kw_only=True, tag="place_order"):
    """Order something. Key: the order's id. `price_points` is the price that the person confirmed.

    The other fields are as in `OrderPlaced`.
    """

    user_id: int
    order_id: str
    video_link: str
    video_key: str
    quantity: int
    price_points: int
    service_id: str = ""
    comments: str = ""


class SendOrder(Command, frozen=True, kw_only=True, tag="send_order"):
    """Record that an order is about to be sent to the provider. As in `OrderSending`."""

    order_id: str
    balance_micro: int | None = None


class NoteNotSent(Command, frozen=True, kw_only=True, tag="note_not_sent"):
    """Record that the provider certainly did not take the order; it waits again.

    Attributes:
        order_id: the order.
        reason_code: why.
        http_status: the status of the provider's answer, 0 if there was none.
        answer: what the provider said.
    """

    order_id: str
    reason_code: ReasonCode
    http_status: int = 0
    answer: str = ""


class AcceptOrder(Command, frozen=True, kw_only=True, tag="accept_order"):
    """Record that the provider has the order, by its own answer or by an admin's check.

    `followed` as in `OrderAccepted`; it needs a `provider_order_id`.
    """

    order_id: str
    provider_order_id: str = ""
    answer: str = ""
    followed: bool = False


class RejectOrder(Command, frozen=True, kw_only=True, tag="reject_order"):
    """Close an order that will not be carried out, and return its points.

    The fields are as in `NoteNotSent`.
    """

    order_id: str
    reason_code: ReasonCode
    http_status: int = 0
    answer: str = ""


class NoteUnclear(Command, frozen=True, kw_only=True, tag="note_unclear"):
    """Record that the order may or may not have arrived. The fields are as in `NoteNotSent`.

    `evidence_follows` as in `OrderUnclear`.
    """

    order_id: str
    reason_code: ReasonCode
    http_status: int = 0
    answer: str = ""
    evidence_follows: bool = False


class NoteEvidence(Command, frozen=True, kw_only=True, tag="note_evidence"):
    """Record what shows whether an unclear order arrived. As in `OrderEvidenceFound`."""

    order_id: str
    cost_micro: int | None = None
    balance_before_micro: int | None = None
    balance_after_micro: int | None = None
    others_micro: int = 0
    currency: str = ""
    refused_as_running: bool = False


class NoteProgress(Command, frozen=True, kw_only=True, tag="note_progress"):
    """Record that the provider is delivering. As in `OrderInProgress`."""

    order_id: str
    start_count: int | None = None
    remains: int | None = None


class EndOrder(Command, frozen=True, kw_only=True, tag="end_order"):
    """Record how an order that was followed has ended, or how it ended after all.

    The ledger computes what is spent and given back.

    Attributes:
        order_id: the order.
        status: `completed`, `partial` or `canceled`.
        remains: what was not delivered, as the provider says; None: it doesn't say.
        charge_micro: as in `OrderEndEvent`.
        currency: as in `OrderEndEvent`.
    """

    order_id: str
    status: OrderStatus
    remains: int | None = None
    charge_micro: int | None = None
    currency: str = ""


class NoteReview(Command, frozen=True, kw_only=True, tag="note_review"):
    """Record that a person must look at a running order. The fields are as in `NoteNotSent`."""

    order_id: str
    reason_code: ReasonCode
    http_status: int = 0
    answer: str = ""


class RequestForOrder(Command, frozen=True, kw_only=True, tag="request_for_order"):
    """Ask the provider to cancel or refill an order. By its owner, or an admin."""

    order_id: str
    what: OrderRequest


class NoteRequestAnswer(Command, frozen=True, kw_only=True, tag="note_request_answer"):
    """Record the provider's answer to that. As in `OrderRequestAnswered`."""

    order_id: str
    what: OrderRequest
    granted: bool
    provider_ref: str = ""
    answer: str = ""


class ChangeOffer(Command, frozen=True, kw_only=True, tag="change_offer"):
    """Offer a service, or change what is offered. As in `OfferChanged`."""

    service_id: str
    name: str
    points_per_1000: int
    quantity_min: int
    quantity_max: int
    platform: str = ""
    metric: str = ""
    target: str = ""
    service_type: str = ""
    rate_micro: int = 0
    is_on: bool = True
    paused_because: PauseReason | None = None
    position: int = 0
    can_cancel: bool = False
    can_refill: bool = False
    key: str = ""


class NoteReconciled(Command, frozen=True, kw_only=True, tag="note_reconciled"):
    """Record a comparison with the provider's account. Key: the day. As in `OrdersReconciled`."""

    day: str
    orders: int
    charged_micro: int
    balance_micro: int | None = None
    currency: str = ""
    mismatches: tuple[Mismatch, ...] = ()
    mismatches_count: int = 0


class AdjustBalance(Command, frozen=True, kw_only=True, tag="adjust_balance"):
    """Change a balance by hand. Key: bot, chat and message of the admin's command."""

    user_id: int
    amount_points: int
    reason: str
    key: str


class Ban(Command, frozen=True, kw_only=True, tag="ban"):
    """Stop a person from earning and ordering. Key as in `AdjustBalance`."""

    user_id: int
    key: str
    reason: str = ""


class Unban(Command, frozen=True, kw_only=True, tag="unban"):
    """Lift a ban. Key as in `AdjustBalance`."""

    user_id: int
    key: str


class FreezeEarning(Command, frozen=True, kw_only=True, tag="freeze_earning"):
    """Stop paying a person for ads and friends. Fields as in `EarningFrozen`."""

    user_id: int
    key: str
    reason: str = ""
    sign: str = ""


class UnfreezeEarning(Command, frozen=True, kw_only=True, tag="unfreeze_earning"):
    """Pay a person again. Key as in `AdjustBalance`."""

    user_id: int
    key: str


class TakeBackEarnings(Command, frozen=True, kw_only=True, tag="take_back_earnings"):
    """Take back what was earned by fraud. Key as in `AdjustBalance`.

    `amount_points` is above zero. `below_zero`: the balance may go below zero with it.
    """

    user_id: int
    amount_points: int
    key: str
    reason: str = ""
    below_zero: bool = False


class NoteAppeal(Command, frozen=True, kw_only=True, tag="note_appeal"):
    """Record that a banned person's message was passed on. Key: `message_id`."""

    user_id: int
    message_id: int


class ChangeSetting(Command, frozen=True, kw_only=True, tag="change_setting"):
    """Change an economy setting. Key as in `AdjustBalance`."""

    name: str
    value: int
    key: str


class RequireChannel(Command, frozen=True, kw_only=True, tag="require_channel"):
    """Let only members of a channel earn; empty: everybody. Key as in `AdjustBalance`."""

    channel: str
    key: str


class StartBroadcast(Command, frozen=True, kw_only=True, tag="start_broadcast"):
    """Send a message or album to all users. Key: the broadcast's id (see `ledger.events`)."""

    broadcast_id: str
    chat_id: int
    message_id: int
    more_message_ids: tuple[int, ...] = ()


class ProgressBroadcast(Command, frozen=True, kw_only=True, tag="progress_broadcast"):
    """Record how far a broadcast is about to go (`cursor`), and the results so far."""

    broadcast_id: str
    cursor: int
    sent: int
    unreachable: int
    failed: int


class FinishBroadcast(Command, frozen=True, kw_only=True, tag="finish_broadcast"):
    """Record the end of a broadcast, with its results."""

    broadcast_id: str
    sent: int
    unreachable: int
    failed: int


class ImportUser(Command, frozen=True, kw_only=True, tag="import_user"):
    """Import a person from the previous bot. Key: the person, once and for all.

    Attributes:
        user_id: Telegram id.
        referral_code: their code there, or a new one if somebody here has that.
        referred_by: who invited them there; that person has joined here already.
        amount_points: their balance there.
        ads_watched: the ads they watched there.
        joined_at: when they joined there, as in `ledger.clocks.timestamps`, or empty.
        referral_paid: whether their inviter was paid for them.
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


class ImportOrder(Command, frozen=True, kw_only=True, tag="import_order"):
    """Import an order from the previous bot, as history. Key: the order's id."""

    user_id: int
    order_id: str
    video_link: str
    quantity: int
    price_points: int
    created_at: str = ""
    old_status: str = ""


class NoteDigest(Command, frozen=True, kw_only=True, tag="note_digest"):
    """Record the head that the admins got in a digest. Key: the day. As in `DigestSent`."""

    day: str
    head_seq: int
    head_hash: str
    people: int
    ads: int
    orders: int


class NoteUnreachable(Command, frozen=True, kw_only=True, tag="note_unreachable"):
    """Record that Telegram no longer delivers to a person: `blocked` or `deactivated`."""

    user_id: int
    reason: str


class NoteReachable(Command, frozen=True, kw_only=True, tag="note_reachable"):
    """Record that a person who was unreachable wrote again."""

    user_id: int


class NoteTailCut(Command, frozen=True, kw_only=True, tag="note_tail_cut"):
    """Record that an incomplete command, left by a crash, was cut off the log."""

    offset_bytes: int
    length_bytes: int
    kept_as: str


class NoteClockStep(Command, frozen=True, kw_only=True, tag="note_clock_step"):
    """Record that the machine's clock was set. Negative: back."""

    step_ms: int


class StartLog(Command, frozen=True, kw_only=True, tag="start_log"):
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
    | NoteEvidence
    | NoteProgress
    | EndOrder
    | NoteReview
    | RequestForOrder
    | NoteRequestAnswer
    | ChangeOffer
    | NoteReconciled
    | AdjustBalance
    | Ban
    | Unban
    | NoteAppeal
    | OpenAd
    | FreezeEarning
    | UnfreezeEarning
    | TakeBackEarnings
    | ChangeSetting
    | RequireChannel
    | StartBroadcast
    | ProgressBroadcast
    | FinishBroadcast
    | ImportUser
    | ImportOrder
    | NoteDigest
    | NoteUnreachable
    | NoteReachable
    | NoteTailCut
    | NoteClockStep
    | StartLog
)
"""Every command, frequent ones first: a `match` tries them in this order."""

encode: msgspec.json.Encoder = msgspec.json.Encoder()
decode: msgspec.json.Decoder[AnyCommand] = msgspec.json.Decoder(AnyCommand)
