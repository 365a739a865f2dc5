"""What the state knows of a person."""

import msgspec
from msgspec import UNSET, UnsetType


class User(msgspec.Struct, kw_only=True, gc=False):
    """One person. Points are whole numbers, times are UTC text.

    Attributes:
        username: from the profile, not the log, like the next four; may be empty.
        language: the language of the person's Telegram app, an IETF tag.
        language_choice: the language they chose with /language.
        balance: points to spend.
        referrals_count: friends who joined with this person's link.
        ads_today: ads paid on the UTC day of `last_ad_at`.
        referral_paid: whether this person's own inviter has got the bonus for them.
        last_seq: `seq` of this person's newest event, where reading a history starts.
        imported: whether their balance in the previous bot is included.
        ad_clock_steps_ms: `clock_steps_ms` at `last_ad_at`.
    """

    user_id: int
    username: str = ""
    first_name: str = ""
    last_name: str = ""
    language: str = ""
    language_choice: str = ""
    balance: int = 0
    ads_watched: int = 0
    referral_code: str = ""
    referred_by: int | None = None
    referrals_count: int = 0
    join_date: str = ""
    ads_today: int = 0
    last_ad_at: str = ""
    referral_paid: bool = False
    banned: bool = False
    unreachable: bool = False
    last_seq: int = 0
    imported: bool = False
    ad_clock_steps_ms: int | UnsetType = UNSET


class Referral(msgspec.Struct, gc=False):
    """An invited friend. `reward` is the bonus paid for them in points, 0 until it is paid."""

    user_id: int
    date: str
    reward: int = 0


class BonusDay(msgspec.Struct, kw_only=True, gc=False):
    """The bonuses for friends of one UTC day: the newest day on which one was paid.

    Attributes:
        day: `2026-11-22`, empty before the first.
        counts: how many each person got on that day, by their id.
    """

    day: str = ""
    counts: dict[int, int] = {}

    def count_of(self, user_id: int, day: str) -> int:
        """How many bonuses this person got on this day."""
        return self.counts.get(user_id, 0) if day == self.day else 0


class Opening(msgspec.Struct, gc=False):
    """An ad that a person has opened and that is not paid; the fields are those of `AdOpened`."""

    ad_number: int
    at: str
    network: str = ""
    session_id: str = ""


class Appeal(msgspec.Struct, gc=False):
    """The last message of a banned person to the admins."""

    message_id: int
    at: str


class Freeze(msgspec.Struct, kw_only=True, gc=False):
    """Why and since when a person earns nothing; the fields are those of `EarningFrozen`."""

    at: str
    by: str
    reason: str = ""
    sign: str = ""
