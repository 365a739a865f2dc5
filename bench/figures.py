"""A figure: what we measured, what it is compared with, and the aim."""

from typing import Literal

import msgspec

RATE = "/s"


class Aim(msgspec.Struct, frozen=True):
    """The ratio, or our own figure, is to be `at most` or `at least` a value."""

    of: Literal["ratio", "ours"]
    bound: Literal["at least", "at most"]
    value: float


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the table.

    Attributes:
        key: `row.what`; never changes, because notes and earlier results are found by it.
        what: its description.
        unit: of `ours` and `other`; ends with `/s` where more is better.
        ours: the median.
        spread: the lowest and the highest that went into the median.
        other: what it is compared with, in the same unit; None if there is nothing.
        other_name: what that is.
        aim: None for a figure that is only reported.
        limit: what limits it, measured in the same run; printed when the aim is missed.
    """

    key: str
    what: str
    unit: str
    ours: float
    spread: tuple[float, float] | None = None
    other: float | None = None
    other_name: str = ""
    aim: Aim | None = None
    limit: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours divided by the other."""
        return self.ours / self.other if self.other else None

    @property
    def reached(self) -> bool | None:
        """Whether the aim is reached; None without an aim."""
        if self.aim is None:
            return None
        value = self.ratio if self.aim.of == "ratio" else self.ours
        if value is None:
            return False
        return value >= self.aim.value if self.aim.bound == "at least" else value <= self.aim.value


def at_least(value: float, of: Literal["ratio", "ours"] = "ratio") -> Aim:
    """More is better."""
    return Aim(of, "at least", value)


def at_most(value: float, of: Literal["ratio", "ours"] = "ratio") -> Aim:
    """Less is better."""
    return Aim(of, "at most", value)
