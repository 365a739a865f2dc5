"""The events: every fact that the log can hold, and the decoder for its lines.

An event is appended and never edited; a correction is a new event. Points are whole numbers
(`int`), times are UTC text (see `ledger.clocks.timestamps`), people are Telegram ids: the log
holds no names. An event states facts in codes and numbers. A text in it was written by a person or
by the provider, except in lines that are older than `reason_code`.

Tags and field names never change. A new field must have a constant default, and a field's type
and meaning never change.
"""

from typing import TypeAlias

import msgspec

from ledger.event_types.admin import (
    BalanceAdjusted,
    BroadcastEvent,
    BroadcastFinished,
    BroadcastProgressed,
    BroadcastStarted,
    ChannelRequired,
    EarningFrozen,
    EarningsTakenBack,
    EarningUnfrozen,
    SettingChanged,
    UserBanned,
    UserUnbanned,
)
from ledger.event_types.base import (
    POINTS_MAX,
    PRICE_MAX_MICROUSD,
    Event,
    Micros,
    MicroUsd,
    Points,
    UserEvent,
)
from ledger.event_types.books import ClockStepped, DigestSent, LogStarted, TailCut
from ledger.event_types.catalogue import Mismatch, OfferChanged, OrdersReconciled
from ledger.event_types.orders import (
    OrderAccepted,
    OrderCanceled,
    OrderCompleted,
    OrderCorrected,
    OrderEndEvent,
    OrderEvent,
    OrderEvidenceFound,
    OrderImported,
    OrderInProgress,
    OrderNeedsReview,
    OrderNotSent,
    OrderPartial,
    OrderPlaced,
    OrderReasonEvent,
    OrderRejected,
    OrderRequestAnswered,
    OrderRequestMade,
    OrderSending,
    OrderUnclear,
)
from ledger.event_types.people import (
    AdOpened,
    AdRewarded,
    AppealSent,
    OpeningBalanceRecorded,
    ReferralBonusPaid,
    ReferralBonusWaits,
    ReferralWelcomePaid,
    UserJoined,
    UserReachable,
    UserUnreachable,
)

LOG_FORMAT = 1
"""The format that this program writes, and the highest that it reads."""

AnyEvent: TypeAlias = (
    AdRewarded
    | OrderPlaced
    | OrderSending
    | OrderAccepted
    | OrderInProgress
    | OrderCompleted
    | UserJoined
    | ReferralBonusPaid
    | ReferralWelcomePaid
    | OrderRejected
    | OrderUnclear
    | OrderNotSent
    | OrderPartial
    | OrderCanceled
    | OrderCorrected
    | OrderEvidenceFound
    | OrderNeedsReview
    | OrderRequestMade
    | OrderRequestAnswered
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
    | OfferChanged
    | OrdersReconciled
    | DigestSent
    | TailCut
    | ClockStepped
    | LogStarted
)
"""Every event, frequent ones first: a `match` tries them in this order."""

encode: msgspec.json.Encoder = msgspec.json.Encoder()
decode: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)

__all__ = [
    "LOG_FORMAT",
    "POINTS_MAX",
    "PRICE_MAX_MICROUSD",
    "AdOpened",
    "AdRewarded",
    "AnyEvent",
    "AppealSent",
    "BalanceAdjusted",
    "BroadcastEvent",
    "BroadcastFinished",
    "BroadcastProgressed",
    "BroadcastStarted",
    "ChannelRequired",
    "ClockStepped",
    "DigestSent",
    "EarningFrozen",
    "EarningUnfrozen",
    "EarningsTakenBack",
    "Event",
    "LogStarted",
    "MicroUsd",
    "Micros",
    "Mismatch",
    "OfferChanged",
    "OpeningBalanceRecorded",
    "OrderAccepted",
    "OrderCanceled",
    "OrderCompleted",
    "OrderCorrected",
    "OrderEndEvent",
    "OrderEvent",
    "OrderEvidenceFound",
    "OrderImported",
    "OrderInProgress",
    "OrderNeedsReview",
    "OrderNotSent",
    "OrderPartial",
    "OrderPlaced",
    "OrderReasonEvent",
    "OrderRejected",
    "OrderRequestAnswered",
    "OrderRequestMade",
    "OrderSending",
    "OrderUnclear",
    "OrdersReconciled",
    "Points",
    "ReferralBonusPaid",
    "ReferralBonusWaits",
    "ReferralWelcomePaid",
    "SettingChanged",
    "TailCut",
    "UserBanned",
    "UserEvent",
    "UserJoined",
    "UserReachable",
    "UserUnbanned",
    "UserUnreachable",
    "decode",
    "encode",
]
