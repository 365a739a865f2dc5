"""Signs in the moments at which ads were paid: a robot's pace, and accounts that go together.

All functions are pure and may run in a thread. What they look at is bounded.
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ledger import events as e
from ledger.clocks.timestamps import moment_ms
from ledger.fraud.signs import AdsTogether, SteadyPace

SOON_MS = 3_000
"""Nobody looks at an ad, comes back and taps within this time after a pause, again and again."""
STEADY_ADS_MIN = 30

TOGETHER_MS = 3_000
TOGETHER_ADS_MIN = 20
"""Two people who watch without a break meet by chance at one ad of five, never at 16 of 20."""
TOGETHER_SHARE = 0.8
FEW_ADS_MIN, FEW_ADS_ACCOUNTS_MIN = 5, 10
"""With few ads, chance is ruled out by many accounts that meet at every one of them."""
ACCOUNTS_MIN = 3
LEADERS_MAX = 300
ADS_OF_LEADER_MAX = 200
NEIGHBOURS_MAX = 300
"""At a moment with more ads than that, being together says nothing."""


class PaidAd(NamedTuple):
    """When an ad was paid, by a clock that is never set; the pause in force, None: unknown."""

    at_ms: int
    pause_ms: int | None


class PaidAds:
    """The paid ads of a part of the log, by person."""

    def __init__(self, pause_s: int) -> None:
        """Nothing yet. `pause_s` is the pause in force now."""
        self.by_user: dict[int, list[PaidAd]] = defaultdict(list)
        self._pause_ms: int | None = pause_s * 1000
        self._pause_was_set = False
        self._steps_ms = 0

    def note(self, event: e.AnyEvent) -> None:
        """The next event of the log."""
        if isinstance(event, e.AdRewarded):
            at_ms = moment_ms(event.at) - self._steps_ms
            self.by_user[event.user_id].append(PaidAd(at_ms, self._pause_ms))
        elif isinstance(event, e.SettingChanged) and event.name == "ad_cooldown_s":
            if not self._pause_was_set:
                self._forget_pause()
            self._pause_was_set = True
            self._pause_ms = event.value * 1000
        elif isinstance(event, e.ClockStepped):
            self._steps_ms += event.step_ms

    def _forget_pause(self) -> None:
        """What the pause was before it was set is in a part of the log that was not read."""
        for ads in self.by_user.values():
            ads[:] = [ad._replace(pause_ms=None) for ad in ads]


def steady_paces(by_user: Mapping[int, list[PaidAd]]) -> Iterator[SteadyPace]:
    """Each account's longest row of ads without a human pause, if it is long enough."""
    for user_id, ads in by_user.items():
        best = SteadyPace((user_id,), 0, 0, 0)
        begin = 0
        for place, ad in enumerate(ads):
            if place and not _is_soon(ads[place - 1], ad):
                begin = place
            count = place - begin + 1
            if count > best.ads and ad.pause_ms is not None:
                lasted_s = (ad.at_ms - ads[begin].at_ms) // 1000
                best = SteadyPace((user_id,), count, lasted_s, ad.pause_ms // 1000)
        if best.ads >= STEADY_ADS_MIN:
            yield best


def _is_soon(last: PaidAd, ad: PaidAd) -> bool:
    return ad.pause_ms is not None and 0 <= ad.at_ms - last.at_ms - ad.pause_ms <= SOON_MS


def ads_together(
    by_user: Mapping[int, list[PaidAd]], addresses: Mapping[int, str]
) -> Iterator[AdsTogether]:
    """Groups of accounts that are paid at the same moments. `addresses`: of those known."""
    paid = sorted((ad.at_ms, user_id) for user_id, ads in by_user.items() for ad in ads)
    moments = [at_ms for at_ms, _ in paid]
    grouped: set[int] = set()
    leaders = sorted(by_user, key=lambda user_id: len(by_user[user_id]), reverse=True)
    for leader in leaders[:LEADERS_MAX]:
        if leader in grouped:
            continue
        met: Counter[int] = Counter()
        looked_at = 0
        for ad in by_user[leader][-ADS_OF_LEADER_MAX:]:
            low = bisect_left(moments, ad.at_ms - TOGETHER_MS)
            high = bisect_right(moments, ad.at_ms + TOGETHER_MS)
            if high - low <= NEIGHBOURS_MAX:
                looked_at += 1
                met.update({user_id for _, user_id in paid[low:high]} - {leader})
        members = _members(met, looked_at)
        if members:
            accounts = (leader, *members)
            grouped.update(accounts)
            yield AdsTogether(accounts, looked_at, _at_one_address(accounts, addresses))


def _members(met: Counter[int], looked_at: int) -> list[int]:
    """Who was there so often that it can't be chance; the most faithful first."""
    share, least = TOGETHER_SHARE, ACCOUNTS_MIN - 1
    if looked_at < TOGETHER_ADS_MIN:
        share, least = 1.0, FEW_ADS_ACCOUNTS_MIN - 1
    if looked_at < FEW_ADS_MIN:
        return []
    found = [user_id for user_id, count in met.most_common() if count >= share * looked_at]
    return found if len(found) >= least else []


def _at_one_address(accounts: tuple[int, ...], addresses: Mapping[int, str]) -> int:
    known = Counter(addresses[user_id] for user_id in accounts if user_id in addresses)
    most = max(known.values(), default=0)
    return most if most > 1 else 0
