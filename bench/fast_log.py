"""Writes a long realistic log fast: lines put together as text, without a ledger.

Personas need a ledger, which decides about 60,000 commands a second: too slow for ten million
events. So their mix is repeated here, with only as much state as the rules need (who has how many
points, who watched when). A test runs the ledger's own `verify` and its own encoder over the
result, so what is measured on such a log holds for the ledger's own.

Of 100 events about 10 are joins (a third invited), 78 ads, 2 referral bonuses, 8 steps of 3 orders,
2 changes by the admin.
"""

import random
from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from ledger.clocks.timestamps import to_text
from ledger.economy import Economy
from ledger.store.record import ZERO_HASH

FIRST_ID = 1_000_000_000
START_MS = 1_767_268_800_000
ORDER_PRICE = 100
ORDER_SHARE = 0.25
ADJUST_SHARE = 0.02
ACCEPTED_SHARE = 0.9
DAY_MS = 86_400_000
CHUNK_LINES = 20_000
LARGEST_ORDER = 400
ALL_JOINED_AFTER = 0.8
"""All users have joined when this share of the events is written."""
_ECONOMY = Economy()


class FastLog:
    """Writes one log. `FastLog(path, ...).write()`, once.

    Attributes:
        last_seq: of each person, in the order of joining; `FIRST_ID` is the first one's id.
        balance: of each person, in points.
    """

    def __init__(self, path: Path, events: int, users: int, seed: int = 1) -> None:
        """A log with at least this many events and exactly this many users."""
        self._path = path
        self._events = events
        self._users = users
        self._join_share = users / (events * ALL_JOINED_AFTER)
        self._dice = random.Random(seed)
        self._seq = 0
        self._now_ms = START_MS
        self._at = to_text(START_MS)
        self._hash = ZERO_HASH
        self._lines: list[str] = []
        self.last_seq: list[int] = []
        self.balance: list[int] = []
        self._ads: list[int] = []
        self._ads_today: list[int] = []
        self._last_ad_ms: list[int] = []
        self._inviter: list[int] = []
        """Who is still due the bonus for this user; -1 for nobody."""
        self._orders = 0
        self._bonus_day = 0
        self._bonuses: Counter[int] = Counter()

    def write(self) -> int:
        """Write the log, about 200,000 events a second; how many it has."""
        chance = self._dice.random
        with self._path.open("wb") as file:
            self._line("log_started", '"by":"system","format":1')
            while self._seq < self._events or len(self.last_seq) < self._users:
                known = len(self.last_seq)
                self._pass(1 + int(chance() * 400))
                if known < self._users and (not known or chance() < self._join_share):
                    self._join(known)
                else:
                    self._come(int(known * chance() ** 1.5), chance())
                if len(self._lines) >= CHUNK_LINES:
                    self._flush(file.write)
            self._flush(file.write)
        return self._seq

    def _flush(self, write: Callable[[bytes], int]) -> None:
        write("".join(self._lines).encode())
        self._lines.clear()

    def _pass(self, milliseconds: int) -> None:
        self._now_ms += milliseconds
        self._at = to_text(self._now_ms)

    def _line(self, kind: str, rest: str) -> None:
        self._seq += 1
        body = f'{{"type":"{kind}","seq":{self._seq},"at":"{self._at}",{rest}'
        self._hash = sha256(f"{self._hash}{body}".encode()).hexdigest()
        self._lines.append(f'{body},"hash":"{self._hash}"}}\n')

    def _about(self, kind: str, person: int, by: str, rest: str, more: str = "") -> None:
        """A line about a user, linked to their line before it."""
        last = self.last_seq[person]
        prev = f'"prev":{last},' if last else ""
        self.last_seq[person] = self._seq + 1
        self._line(kind, f'"by":"{by}",{more}"user_id":{FIRST_ID + person},{prev}{rest}')

    def _join(self, known: int) -> None:
        inviter = -1
        if known and self._dice.random() < 1 / 3:
            inviter = int(known * self._dice.random() ** 1.5)
        self.last_seq.append(0)
        self.balance.append(0)
        self._ads.append(0)
        self._ads_today.append(0)
        self._last_ad_ms.append(-DAY_MS)
        self._inviter.append(inviter)
        referred = f',"referred_by":{FIRST_ID + inviter}' if inviter >= 0 else ""
        rest = f'"referral_code":"{known:08x}"{referred}'
        self._about("user_joined", known, f"user:{FIRST_ID + known}", rest)

    def _come(self, person: int, roll: float) -> None:
        """A user orders, is given points, or watches an ad."""
        if roll < ORDER_SHARE and self.balance[person] >= ORDER_PRICE:
            self._order(person)
        elif roll < ORDER_SHARE + ADJUST_SHARE and roll >= ORDER_SHARE:
            points = self._dice.randint(100, 3000)
            self.balance[person] += points
            rest = (
                f'"amount_points":{points},"reason":"thank you for your patience",'
                f'"key":"7:{self._seq}"'
            )
            self._about("balance_adjusted", person, "admin:7", rest)
        else:
            self._ad(person)

    def _ad(self, person: int) -> None:
        """Watch an ad, and pay the inviter when it is the ad that counts."""
        since_ms = self._now_ms - self._last_ad_ms[person]
        if since_ms < _ECONOMY.ad_cooldown_s * 1000:
            self._pass(_ECONOMY.ad_cooldown_s * 1000)
        same_day = self._last_ad_ms[person] // DAY_MS == self._now_ms // DAY_MS
        today = self._ads_today[person] if same_day else 0
        if today >= _ECONOMY.ads_per_day_max:
            self._pass(DAY_MS)
            today = 0
        self._ads_today[person] = today + 1
        self._last_ad_ms[person] = self._now_ms
        self._ads[person] = number = self._ads[person] + 1
        self.balance[person] += 1
        by = f"user:{FIRST_ID + person}"
        rest = f'"ad_number":{number},"amount_points":1'
        inviter = self._inviter[person]
        if (
            inviter < 0
            or number < _ECONOMY.referral_after_ads
            or self._bonuses_today(inviter) >= _ECONOMY.referrals_per_day_max
        ):
            self._about("ad_rewarded", person, by, rest)
            return
        self._inviter[person] = -1
        self._about("ad_rewarded", person, by, rest, '"more":1,')
        points = _ECONOMY.referral_bonus_points
        self.balance[inviter] += points
        self._bonuses[inviter] += 1
        rest = (
            f'"referee_id":{FIRST_ID + person},"amount_points":{points},'
            f'"number_today":{self._bonuses[inviter]},"day_max":{_ECONOMY.referrals_per_day_max},'
            f'"within_days":{_ECONOMY.referral_within_days}'
        )
        self._about("referral_bonus_paid", inviter, by, rest)

    def _bonuses_today(self, person: int) -> int:
        if self._bonus_day != self._now_ms // DAY_MS:
            self._bonus_day = self._now_ms // DAY_MS
            self._bonuses.clear()
        return self._bonuses[person]

    def _order(self, person: int) -> None:
        """Place an order, send it, and get the provider's answer."""
        self._orders += 1
        order = f'"order_id":"{self._orders:012x}"'
        video = f"{self._dice.getrandbits(44):011x}"
        views = min(self._dice.randint(10, LARGEST_ORDER), self.balance[person] // 10)
        price = views * 10
        rest = (
            f'{order},"video_link":"https://www.youtube.com/watch?v={video}",'
            f'"video_key":"youtube:{video}","quantity":{views},"price_points":{price}'
        )
        self._about("order_placed", person, f"user:{FIRST_ID + person}", rest)
        self._pass(20)
        self._about("order_sending", person, "system", f'{order},"attempt":1')
        self._pass(20)
        if self._dice.random() < ACCEPTED_SHARE:
            self.balance[person] -= price
            rest = f'{order},"provider_order_id":"{self._orders + 23_500}"'
            self._about("order_accepted", person, "provider", rest)
        else:
            rest = f'{order},"refund_points":{price},"reason_code":"link_refused"'
            self._about("order_rejected", person, "provider", rest)
