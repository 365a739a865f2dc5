"""Commands about people: joining, earning, being reachable."""

from ledger.command_types.base import Command


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


class NoteAppeal(Command, frozen=True, kw_only=True, tag="note_appeal"):
    """Record that a banned person's message was passed on. Key: `message_id`."""

    user_id: int
    message_id: int


class NoteUnreachable(Command, frozen=True, kw_only=True, tag="note_unreachable"):
    """Record that Telegram no longer delivers to a person: `blocked` or `deactivated`."""

    user_id: int
    reason: str


class NoteReachable(Command, frozen=True, kw_only=True, tag="note_reachable"):
    """Record that a person who was unreachable wrote again."""

    user_id: int


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
