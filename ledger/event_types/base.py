"""What all events have, and the units in them."""

from typing import Annotated, TypeAlias

import msgspec

POINTS_MAX = 2**53 - 1
"""Some JSON readers lose precision beyond this. `ledger.rules` stays far below it."""

Points: TypeAlias = Annotated[int, msgspec.Meta(ge=-POINTS_MAX, le=POINTS_MAX)]
"""An amount of points. A line with a larger one was not written by this program."""

PRICE_MAX_MICROUSD = 10**9
"""A thousand dollars; no ad is worth that much."""

Micros: TypeAlias = Annotated[int, msgspec.Meta(ge=-POINTS_MAX, le=POINTS_MAX)]
"""Millionths of a provider's currency."""

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
