"""Events of people: joining, earning, inviting, being reachable."""

from ledger.event_types.base import MicroUsd, Points, UserEvent


class UserJoined(UserEvent, frozen=True, kw_only=True, tag="user_joined"):
    """A person used the bot for the first time. By that user.

    `referral_code` is for this person's own invitation link. `referred_by` is the Telegram id of
    the person who invited them; it never changes.
    """

    referral_code: str
    referred_by: int | None = None


class AdRewarded(UserEvent, frozen=True, kw_only=True, tag="ad_rewarded"):
    """A person was paid for watching an ad. By that user (`link` mode) or the ad network.

    `ad_number` counts this person's ads: 1, 2, 3 ... An ad session is created for one number, and
    each number is paid once: the natural key.

    Attributes:
        network: the ad network whose server confirmed it; empty if it was the person's word.
        session_id: the random part of the ad session, as the network got it; may be empty.
        price_microusd: the network's estimate of what it owes for the ad, in millionths of a US
            dollar. For statistics only; 0 if unknown.
    """

    ad_number: int
    amount_points: Points
    network: str = ""
    session_id: str = ""
    price_microusd: MicroUsd = 0


class AdOpened(UserEvent, frozen=True, kw_only=True, tag="ad_opened"):
    """A person opened an ad that has not been paid yet. By that user.

    `network` and `session_id` are as in `AdRewarded`, both empty in `link` mode.
    """

    ad_number: int
    network: str = ""
    session_id: str = ""


class ReferralBonusPaid(UserEvent, frozen=True, kw_only=True, tag="referral_bonus_paid"):
    """`user_id` was paid for a friend who qualified. By the friend.

    Attributes:
        referee_id: the friend. Each friend is paid for once: the natural key.
        number_today: which bonus of this UTC day it is for `user_id`: 1, 2, 3 ... In lines older
            than the daily limit it is 0, and they don't count towards it.
        day_max: the daily limit (`referrals_per_day_max`) that was in force.
        within_days: in how many days after joining the friend had to qualify; 0: no limit.
    """

    referee_id: int
    amount_points: Points
    number_today: int = 0
    day_max: int = 0
    within_days: int = 0

    @property
    def is_last_of_day(self) -> bool:
        """Whether the person reached the daily limit with it."""
        return 0 < self.day_max <= self.number_today


class ReferralBonusWaits(UserEvent, frozen=True, kw_only=True, tag="referral_bonus_waits"):
    """A friend qualified in time, and `user_id` can't be paid for it yet. By the friend.

    From now on the bonus waits without a deadline. `referee_id` is the friend; this is recorded
    once for each: the natural key.
    """

    referee_id: int


class ReferralWelcomePaid(UserEvent, frozen=True, kw_only=True, tag="referral_welcome_paid"):
    """A person invited by `referrer_id` qualified and got the welcome gift. By that person."""

    referrer_id: int
    amount_points: Points


class AppealSent(UserEvent, frozen=True, kw_only=True, tag="appeal_sent"):
    """A banned person's message was passed on to the admins. By that user.

    `message_id` is its number in the person's chat with the bot: the natural key.
    """

    message_id: int


class UserUnreachable(UserEvent, frozen=True, kw_only=True, tag="user_unreachable"):
    """Telegram no longer delivers to this person. By `system`.

    `reason` is a code: `blocked` or `deactivated`.
    """

    reason: str


class UserReachable(UserEvent, frozen=True, kw_only=True, tag="user_reachable"):
    """A person who was unreachable wrote again. By that user."""


class OpeningBalanceRecorded(UserEvent, frozen=True, kw_only=True, tag="opening_balance_recorded"):
    """What a person had in the previous bot. Once for each person. By `system`.

    Attributes:
        amount_points: their balance there.
        ads_watched: the ads they watched there, in addition to those watched here.
        joined_at: when they joined there, as in `ledger.clocks.timestamps`, or empty.
        referral_paid: whether their inviter was paid for them there.
        referral_reward_points: how much; it was paid there, so it moves no points here.
        referral_code: their code there, if they have another one here. Both lead to them.
    """

    amount_points: Points
    ads_watched: int
    joined_at: str = ""
    referral_paid: bool = False
    referral_reward_points: int = 0
    referral_code: str = ""
