"""The signs of fraud, as data. The words for them are chosen where they are shown.

Each has a code, which a freeze may name as its cause (`ledger.events.EarningFrozen`): codes never
change. `accounts` are those that it speaks of, the one that stands out first.
"""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple, TypeAlias


class SessionCount(NamedTuple):
    """How many ads a person opened at an ad network, and how many of them it confirmed."""

    opened: int
    paid: int


@dataclass(frozen=True, slots=True)
class AdsTogether:
    """Accounts whose ads are paid within seconds of each other, again and again.

    Attributes:
        accounts: the one with most ads first.
        ads: how many ads of the first were looked at.
        at_one_address: how many of the accounts had the same address; 0 if that isn't known.
    """

    code: ClassVar = "together"
    accounts: tuple[int, ...]
    ads: int
    at_one_address: int = 0

    @property
    def weight(self) -> int:
        """How much there is of it."""
        return len(self.accounts) * self.ads


@dataclass(frozen=True, slots=True)
class SteadyPace:
    """An account that is paid for one ad after the other as soon as the pause is over.

    Attributes:
        accounts: it alone.
        ads: how many in a row.
        lasted_s: how long this went on.
        pause_s: the pause between two ads that was in force.
    """

    code: ClassVar = "steady"
    accounts: tuple[int, ...]
    ads: int
    lasted_s: int
    pause_s: int

    @property
    def weight(self) -> int:
        """How much there is of it."""
        return self.ads


@dataclass(frozen=True, slots=True)
class FriendsStop:
    """An inviter whose friends stop as soon as the bonus for them is paid.

    Attributes:
        accounts: the inviter, then the friends who stopped, newest first.
        paid: for how many of the friends looked at the inviter got the bonus.
        stopped: how many of these stopped right after that.
    """

    code: ClassVar = "ring"
    accounts: tuple[int, ...]
    paid: int
    stopped: int

    @property
    def weight(self) -> int:
        """How much there is of it."""
        return self.stopped


@dataclass(frozen=True, slots=True)
class FriendsTogether:
    """An inviter most of whose friends joined within minutes of each other.

    Attributes:
        accounts: the inviter, then these friends.
        friends: how many they are.
        within_s: how long there was between the first and the last of them.
    """

    code: ClassVar = "rush"
    accounts: tuple[int, ...]
    friends: int
    within_s: int

    @property
    def weight(self) -> int:
        """How much there is of it."""
        return self.friends


@dataclass(frozen=True, slots=True)
class UnpaidSessions:
    """An account that opens many ads which the ad network never confirms.

    Attributes:
        accounts: it alone.
        opened: how many it opened.
        unpaid: how many of these were not confirmed.
        usual_percent: the share of those among the ads of everybody.
    """

    code: ClassVar = "unpaid"
    accounts: tuple[int, ...]
    opened: int
    unpaid: int
    usual_percent: int

    @property
    def weight(self) -> int:
        """How much there is of it."""
        return self.unpaid


Sign: TypeAlias = AdsTogether | SteadyPace | FriendsStop | FriendsTogether | UnpaidSessions
