"""The commands: what the rest of the program can ask of the ledger.

`ledger.rules.decide.decide` answers a command with events or with a refusal. Each command has a
natural key (an ad's number, an order's id, an admin's message), so that one that is delivered
twice changes nothing the second time.

Each has an explicit tag, so that commands can be written down and read back, as events are. A
test pins the tags.
"""

from typing import TypeAlias

import msgspec

from ledger.command_types.admin import (
    AdjustBalance,
    Ban,
    ChangeSetting,
    FinishBroadcast,
    FreezeEarning,
    ProgressBroadcast,
    RequireChannel,
    StartBroadcast,
    TakeBackEarnings,
    Unban,
    UnfreezeEarning,
)
from ledger.command_types.base import Command
from ledger.command_types.books import (
    NoteClockStep,
    NoteDigest,
    NoteTailCut,
    StartLog,
)
from ledger.command_types.catalogue import (
    ChangeOffer,
    NoteReconciled,
)
from ledger.command_types.orders import (
    AcceptOrder,
    EndOrder,
    ImportOrder,
    NoteEvidence,
    NoteNotSent,
    NoteProgress,
    NoteRequestAnswer,
    NoteReview,
    NoteUnclear,
    PlaceOrder,
    RejectOrder,
    RequestForOrder,
    SendOrder,
)
from ledger.command_types.people import (
    ImportUser,
    Join,
    NoteAppeal,
    NoteReachable,
    NoteUnreachable,
    OpenAd,
    RewardAd,
)

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

__all__ = [
    "AcceptOrder",
    "AdjustBalance",
    "AnyCommand",
    "Ban",
    "ChangeOffer",
    "ChangeSetting",
    "Command",
    "EndOrder",
    "FinishBroadcast",
    "FreezeEarning",
    "ImportOrder",
    "ImportUser",
    "Join",
    "NoteAppeal",
    "NoteClockStep",
    "NoteDigest",
    "NoteEvidence",
    "NoteNotSent",
    "NoteProgress",
    "NoteReachable",
    "NoteReconciled",
    "NoteRequestAnswer",
    "NoteReview",
    "NoteTailCut",
    "NoteUnclear",
    "NoteUnreachable",
    "OpenAd",
    "PlaceOrder",
    "ProgressBroadcast",
    "RejectOrder",
    "RequestForOrder",
    "RequireChannel",
    "RewardAd",
    "SendOrder",
    "StartBroadcast",
    "StartLog",
    "TakeBackEarnings",
    "Unban",
    "UnfreezeEarning",
    "decode",
    "encode",
]
