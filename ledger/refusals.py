"""Owns the refusals: every reason for which the ledger says no, as data with a precise name.

The words that people read are chosen by the room that talks to them.
"""

from typing import TypeAlias

import msgspec


class Refusal(msgspec.Struct, frozen=True, gc=False):
    """A no. Nothing changed."""


class AlreadyDone(Refusal, frozen=True):
    """This very command is in the books already; it was delivered a second time."""


class UnknownUser(Refusal, frozen=True):
    """Nobody with this id has joined."""

    user_id: int


class AlreadyJoined(Refusal, frozen=True):
    """The person is known already; a code they come with later changes nothing."""


class ReferralCodeTaken(Refusal, frozen=True):
    """The fresh code belongs to somebody; ask again with another."""


class UserIsBanned(Refusal, frozen=True):
    """A banned person can't earn or order."""


class AdAlreadyPaid(Refusal, frozen=True):
    """This ad has been paid, or another one opened at the same time has."""


class UnknownAd(Refusal, frozen=True):
    """No such ad can have been opened yet."""


class AdNotWatchedLongEnough(Refusal, frozen=True):
    """The ad has to stay open a while longer."""

    seconds_left: int


class CooldownActive(Refusal, frozen=True):
    """Too soon after the last paid ad."""

    seconds_left: int


class DailyCapReached(Refusal, frozen=True):
    """All the ads of this UTC day have been watched."""

    cap: int
    seconds_left: int


class QuantityOutOfRange(Refusal, frozen=True):
    """Fewer or more views than one order may have."""

    low: int
    high: int


class PriceChanged(Refusal, frozen=True):
    """The price is not what the person agreed to."""

    price_points: int


class NotEnoughPoints(Refusal, frozen=True):
    """The balance is too low for this."""

    short_by_points: int
    balance_points: int


class UnknownOrder(Refusal, frozen=True):
    """There is no such order."""


class WrongOrderStatus(Refusal, frozen=True):
    """The order is at a stage where this can't happen (any more)."""

    status: str


class NothingToAdjust(Refusal, frozen=True):
    """An adjustment by zero points, or beyond what a balance may be."""


class AlreadyBanned(Refusal, frozen=True):
    """The person is banned already."""


class NotBanned(Refusal, frozen=True):
    """The person isn't banned."""


class UnknownSetting(Refusal, frozen=True):
    """No setting has this name."""

    name: str


class SettingOutOfRange(Refusal, frozen=True):
    """The setting can't have this value."""

    name: str
    low: int
    high: int


class NothingChanges(Refusal, frozen=True):
    """It is as wished already."""


class NobodyToWrite(Refusal, frozen=True):
    """A broadcast needs somebody to read it."""


class UnknownBroadcast(Refusal, frozen=True):
    """There is no such broadcast, or it has ended."""


class ImpossibleOpening(Refusal, frozen=True):
    """No person can have brought along so many points or ads."""


AnyRefusal: TypeAlias = (
    AlreadyDone
    | UnknownUser
    | AlreadyJoined
    | ReferralCodeTaken
    | UserIsBanned
    | AdAlreadyPaid
    | UnknownAd
    | AdNotWatchedLongEnough
    | CooldownActive
    | DailyCapReached
    | QuantityOutOfRange
    | PriceChanged
    | NotEnoughPoints
    | UnknownOrder
    | WrongOrderStatus
    | NothingToAdjust
    | AlreadyBanned
    | NotBanned
    | UnknownSetting
    | SettingOutOfRange
    | NothingChanges
    | NobodyToWrite
    | UnknownBroadcast
    | ImpossibleOpening
)
