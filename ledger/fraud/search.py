"""The search for signs of fraud: the newest part of the log, and everybody's friends.

The log is read and counted in threads, people are looked at in short steps between other work.
What is read and what is found is bounded.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping

from ledger.fraud.friends import signs_of
from ledger.fraud.paid_ads import PaidAd, PaidAds, ads_together, steady_paces
from ledger.fraud.signs import SessionCount, Sign, UnpaidSessions
from ledger.ledger import Ledger
from ledger.state import State

EVENTS_READ_MAX = 100_000
SIGNS_OF_A_KIND_MAX = 10
INVITERS_A_STEP = 200
SESSIONS_MIN = 20
UNPAID_SHARE = 0.5
FAR_ABOVE = 3


async def search(
    ledger: Ledger,
    sessions: Mapping[int, SessionCount] | None = None,
    addresses: Mapping[int, str] | None = None,
) -> list[Sign]:
    """All signs, the strongest of each kind first; without those whose accounts are stopped.

    Args:
        ledger: what is searched.
        sessions: the ad sessions of each person, where an ad network confirms ads.
        addresses: each person's network address, or what stands for it, as far as known.

    Raises:
        LookupError, BadLog, OSError: the log can't be read.
        LedgerFailed: the store failed.
    """
    await ledger.settled()
    state = ledger.state
    paid = PaidAds(state.economy.ad_cooldown_s)
    async for event in ledger.events_after(max(0, ledger.head.seq - EVENTS_READ_MAX)):
        paid.note(event)
    found = await asyncio.to_thread(_in_ads, dict(paid.by_user), dict(addresses or {}))
    inviters = list(state.referrals)
    for begin in range(0, len(inviters), INVITERS_A_STEP):
        for inviter_id in inviters[begin : begin + INVITERS_A_STEP]:
            found += signs_of(state, inviter_id, ledger.now_ms())
        await asyncio.sleep(0)
    found += _unpaid(sessions or {})
    return list(_strongest(sign for sign in found if not _is_settled(state, sign)))


def _in_ads(by_user: dict[int, list[PaidAd]], addresses: dict[int, str]) -> list[Sign]:
    return [*ads_together(by_user, addresses), *steady_paces(by_user)]


def _unpaid(sessions: Mapping[int, SessionCount]) -> Iterator[UnpaidSessions]:
    opened = sum(count.opened for count in sessions.values())
    if not opened:
        return
    usual = 1 - sum(count.paid for count in sessions.values()) / opened
    least = max(UNPAID_SHARE, min(0.95, FAR_ABOVE * usual))
    for user_id, count in sessions.items():
        unpaid = count.opened - count.paid
        if count.opened >= SESSIONS_MIN and unpaid >= least * count.opened:
            yield UnpaidSessions((user_id,), count.opened, unpaid, round(100 * usual))


def _is_settled(state: State, sign: Sign) -> bool:
    """Whether none of the accounts that stand out can earn any more."""
    accounts = sign.accounts if sign.code == "together" else sign.accounts[:1]
    return all(
        user_id in state.books.frozen or user_id not in state.users or state.users[user_id].banned
        for user_id in accounts
    )


def _strongest(found: Iterable[Sign]) -> Iterator[Sign]:
    left: dict[str, int] = {}
    order = ("together", "steady", "ring", "rush", "unpaid")
    for sign in sorted(found, key=lambda sign: (order.index(sign.code), -sign.weight)):
        left[sign.code] = left.get(sign.code, SIGNS_OF_A_KIND_MAX) - 1
        if left[sign.code] >= 0:
            yield sign
