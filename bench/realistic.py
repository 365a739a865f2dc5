"""Owns the realistic log: what a shop's people do, as commands for the ledger, from one seed.

For every 100 events about: 8 joins (a third invited), 70 ads, 3 bonuses, 4 orders with their
sending and answer, 2 changes by the admin. The people are busy unevenly, as people are.
"""

import random
from collections.abc import Iterator
from pathlib import Path

from ledger import commands as c
from ledger import events as e
from ledger.projections import State, apply
from ledger.rules.decide import decide
from ledger.store.record import Head, encode_records

START_MS = 1_767_268_800_000
CHUNK = 20_000


def commands(state: State, users: int, seed: int = 1) -> Iterator[tuple[c.AnyCommand, int]]:
    """Endless commands with their moments (epoch ms); at most so many people join."""
    dice = random.Random(seed)
    now_ms = START_MS
    yield c.StartLog(by="system"), now_ms
    orders = 0
    while True:
        now_ms += dice.randint(1, 400)
        known = len(state.users)
        if known < users and (known < FIRST_PEOPLE or dice.random() < JOIN_SHARE):
            yield _join(dice, known), now_ms
            continue
        user_id = _person(dice, known)
        user = state.users[user_id]
        roll = dice.random()
        if roll < ORDER_SHARE and user.balance >= ORDER_PRICE:
            orders += 1
            order_id = f"{orders:012x}"
            for command in _order(dice, user_id, order_id):
                now_ms += dice.randint(1, 40)
                yield command, now_ms
        elif roll < ORDER_SHARE + ADJUST_SHARE:
            points = dice.randint(100, 3000)
            yield (
                c.AdjustBalance(
                    by="admin:7",
                    user_id=user_id,
                    amount_points=points,
                    reason="thank you for your patience",
                    key=f"7:{now_ms}",
                ),
                now_ms,
            )
        else:
            yield (
                c.RewardAd(
                    by=f"user:{user_id}",
                    user_id=user_id,
                    ad_number=user.ads_watched + 1,
                    opened_at_ms=now_ms - 20_000,
                ),
                now_ms,
            )


JOIN_SHARE = 0.11
ORDER_SHARE = 0.25
ADJUST_SHARE = 0.02
ORDER_PRICE = 100
ACCEPTED_SHARE = 0.9
FIRST_PEOPLE = 10


def _person(dice: random.Random, known: int) -> int:
    """Ids begin at 10^9, as Telegram's do; some people come far more often than others."""
    return 1_000_000_000 + int(known * dice.random() ** 1.5)


def _join(dice: random.Random, known: int) -> c.Join:
    inviter = _person(dice, known) - 1_000_000_000 if known and dice.random() < 1 / 3 else -1
    user_id = 1_000_000_000 + known
    return c.Join(
        by=f"user:{user_id}",
        user_id=user_id,
        referral_code=f"{known:08x}",
        invited_by_code=f"{inviter:08x}" if inviter >= 0 else "",
    )


def _order(dice: random.Random, user_id: int, order_id: str) -> Iterator[c.AnyCommand]:
    video = f"{dice.getrandbits(64):011x}"[:11]
    yield c.PlaceOrder(
        by=f"user:{user_id}",
        user_id=user_id,
        order_id=order_id,
        video_link=f"https://www.youtube.com/watch?v={video}",
        video_key=f"youtube:{video}",
        quantity=10,
        price_points=ORDER_PRICE,
    )
    yield c.SendOrder(by="system", order_id=order_id)
    if dice.random() < ACCEPTED_SHARE:
        yield c.AcceptOrder(by="provider", order_id=order_id, provider_order_id="23501")
    else:
        yield c.RejectOrder(by="provider", order_id=order_id, reason="Bad link.")


def write_log(path: Path, events: int, users: int, seed: int = 1) -> tuple[State, Head]:
    """Write a log of at least so many events; its state and head. Blocking, about 60,000/s."""
    state, head = State(), Head()
    pending: list[e.AnyEvent] = []
    with path.open("wb") as file:
        for command, at_ms in commands(state, users, seed):
            decision = decide(state, command, at_ms)
            if not isinstance(decision, tuple):
                continue
            for event in decision:
                apply(state, event)
            pending.extend(decision)
            if len(pending) >= CHUNK or state.seq >= events:
                lines, head = encode_records(pending, head, one_write=False)
                file.writelines(lines)
                pending.clear()
            if state.seq >= events:
                return state, head
    raise AssertionError
