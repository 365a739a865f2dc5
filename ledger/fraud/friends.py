"""Signs in whom people invite: friends who stop once they are paid for, or join all together."""

from collections.abc import Sequence

from ledger.clocks.timestamps import DAY_MS, moment_ms
from ledger.fraud.signs import FriendsStop, FriendsTogether
from ledger.state import Referral, State

FRIENDS_MIN = 5
FRIENDS_LOOKED_AT_MAX = 1_000
STOP_SHARE = 0.8
QUIET_MS = 2 * DAY_MS
"""Who was paid for an ad in this time has not stopped."""
SPARE_ADS = 1
"""Who watched this many ads more than they had to has not gone on either."""
RUSH_MS = 5 * 60_000
RUSH_SHARE = 0.5


def signs_of(state: State, inviter_id: int, at_ms: int) -> list[FriendsStop | FriendsTogether]:
    """The signs in the newest friends of one inviter."""
    friends = state.referrals.get(inviter_id, [])[-FRIENDS_LOOKED_AT_MAX:]
    # What the previous bot paid for, and when people came there, says little.
    friends = [friend for friend in friends if not state.users[friend.user_id].imported]
    if len(friends) < FRIENDS_MIN:
        return []
    found = [_stop(state, inviter_id, friends, at_ms), _rush(inviter_id, friends)]
    return [sign for sign in found if sign is not None]


def _stop(
    state: State, inviter_id: int, friends: Sequence[Referral], at_ms: int
) -> FriendsStop | None:
    paid = [friend.user_id for friend in friends if friend.reward]
    needed = state.economy.referral_after_ads + SPARE_ADS
    stopped = [
        user_id
        for user_id in paid
        if state.users[user_id].ads_watched <= needed
        and at_ms - moment_ms(state.users[user_id].last_ad_at) > QUIET_MS
    ]
    if len(paid) < FRIENDS_MIN or len(stopped) < STOP_SHARE * len(paid):
        return None
    return FriendsStop((inviter_id, *reversed(stopped)), len(paid), len(stopped))


def _rush(inviter_id: int, friends: Sequence[Referral]) -> FriendsTogether | None:
    """The most friends that joined within a few minutes, if they are most of them."""
    joined = sorted((moment_ms(friend.date), friend.user_id) for friend in friends)
    begin, best = 0, (0, 0)
    for end in range(len(joined)):
        while joined[end][0] - joined[begin][0] > RUSH_MS:
            begin += 1
        if end - begin > best[1] - best[0]:
            best = (begin, end)
    rush = joined[best[0] : best[1] + 1]
    if len(rush) < FRIENDS_MIN or len(rush) < RUSH_SHARE * len(friends):
        return None
    within_s = (rush[-1][0] - rush[0][0]) // 1000
    accounts = (inviter_id, *(user_id for _, user_id in rush))
    return FriendsTogether(accounts, len(rush), within_s)
