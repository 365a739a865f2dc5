"""Given these commands, when this one, then these events."""

from typing import Any

from ledger import commands as c
from ledger import events as e
from ledger.clocks.clock_watch import ClockWatch
from ledger.clocks.steady_time import newest_ms
from ledger.order_status import OrderStatus
from ledger.projections import apply
from ledger.rules.decide import decide
from ledger.rules.decision import Decision
from ledger.state import State

NOON_MS = 1_767_268_800_000  # 2026-01-01T12:00:00Z
ANNA, BEN, ADMIN = 1, 2, 7
LINK, KEY = "https://youtu.be/AbCdEfGhI_k", "youtube:AbCdEfGhI_k"


class Scenario:
    """A state in memory, with its own clock that a test may set."""

    def __init__(self) -> None:
        self.state = State()
        self.now_ms = NOON_MS
        self.log: list[e.AnyEvent] = []
        self._keys = 0
        self._watch = ClockWatch(None)

    def when(self, command: c.AnyCommand) -> Decision:
        """Decide, and apply the events if it was granted; first that of a clock set back."""
        step_ms = self._watch.step_ms(self.now_ms, lambda: newest_ms(self.state))
        if step_ms:
            self._carry_out(c.NoteClockStep(by="system", step_ms=step_ms))
        return self._carry_out(command)

    def clock_is_set(self, seconds: float) -> None:
        """The clock is set while the program runs, which notices it."""
        self.now_ms += int(seconds * 1000)
        self._carry_out(c.NoteClockStep(by="system", step_ms=int(seconds * 1000)))
        self._watch = ClockWatch(None)

    def _carry_out(self, command: c.AnyCommand) -> Decision:
        decision = decide(self.state, command, self.now_ms)
        if isinstance(decision, tuple):
            for event in decision:
                apply(self.state, event)
            self.log.extend(decision)
        return decision

    def later(self, seconds: float) -> None:
        self.now_ms += int(seconds * 1000)

    def key(self) -> str:
        self._keys += 1
        return f"7:{self._keys}"

    def join(self, user_id: int, invited_by_code: str = "") -> Decision:
        return self.when(
            c.Join(
                by=f"user:{user_id}",
                user_id=user_id,
                referral_code=f"code{user_id:04}",
                invited_by_code=invited_by_code,
            )
        )

    def ad(self, user_id: int, number: int | None = None, *, watched_s: float = 60) -> Decision:
        if number is None:
            number = self.state.users[user_id].ads_watched + 1
        return self.when(
            c.RewardAd(
                by=f"user:{user_id}",
                user_id=user_id,
                ad_number=number,
                opened_at_ms=self.now_ms - int(watched_s * 1000),
            )
        )

    def ads(self, user_id: int, count: int) -> None:
        for _ in range(count):
            self.later(60)
            assert isinstance(self.ad(user_id), tuple)

    def give(self, user_id: int, points: int, key: str | None = None) -> Decision:
        return self.when(
            c.AdjustBalance(
                by="admin:7",
                user_id=user_id,
                amount_points=points,
                reason="a gift",
                key=key or self.key(),
            )
        )

    def set(self, name: str, value: int, key: str | None = None) -> Decision:
        command = c.ChangeSetting(by="admin:7", name=name, value=value, key=key or self.key())
        return self.when(command)

    def order(
        self,
        user_id: int,
        order_id: str,
        quantity: int = 10,
        price: int = 100,
        *,
        service_id: str = "",
        comments: str = "",
    ) -> Decision:
        return self.when(
            c.PlaceOrder(
                by=f"user:{user_id}",
                user_id=user_id,
                order_id=order_id,
                video_link=LINK,
                video_key=KEY,
                quantity=quantity,
                price_points=price,
                service_id=service_id,
                comments=comments,
            )
        )

    def followed(self, user_id: int, order_id: str, quantity: int = 1000, price: int = 333) -> None:
        """An order of service 1 that a provider has accepted who reports what becomes of it."""
        self.when(offer(points_per_1000=price * 1000 // quantity, key=self.key()))
        self.give(user_id, price)
        assert isinstance(self.order(user_id, order_id, quantity, price, service_id="1"), tuple)
        self.when(c.SendOrder(by="system", order_id=order_id))
        accepted = c.AcceptOrder(
            by="provider", order_id=order_id, provider_order_id=f"P-{order_id}", followed=True
        )
        assert isinstance(self.when(accepted), tuple)

    def end(
        self, order_id: str, status: OrderStatus, remains: int | None = None, **charge: Any
    ) -> Decision:
        return self.when(
            c.EndOrder(by="provider", order_id=order_id, status=status, remains=remains, **charge)
        )

    def balance(self, user_id: int) -> int:
        return self.state.users[user_id].balance


def offer(service_id: str = "1", **fields: Any) -> c.ChangeOffer:
    """Views from 10 to 100,000 for 333 points a thousand, if nothing else is said."""
    usual = {
        "name": "Views",
        "points_per_1000": 333,
        "quantity_min": 10,
        "quantity_max": 100_000,
        "can_cancel": True,
        "can_refill": True,
    }
    return c.ChangeOffer(by="admin:7", service_id=service_id, **{**usual, **fields})


def replayed(log: list[e.AnyEvent]) -> State:
    """The state that these events add up to."""
    state = State()
    for event in log:
        apply(state, event)
    return state


def facts(decision: Decision) -> list[tuple[object, ...]]:
    """Events as (type, user, points), which most rules are about."""
    assert isinstance(decision, tuple), decision
    found: list[tuple[object, ...]] = []
    for event in decision:
        user_id = getattr(event, "user_id", None)
        found.append((type(event).__name__, user_id, getattr(event, "amount_points", None)))
    return found
