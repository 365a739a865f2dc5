"""Users of a ledger without a bot: commands from a seed and the ledger's state alone."""

import random

from ledger import commands as c
from ledger.order_status import ENDS, OrderStatus
from ledger.reason_codes import OrderRequest, ReasonCode
from ledger.state import Order, State

FIRST_ID = 1_000_000_000
SERVICE_ID = "5"
"""An offer whose orders are followed to their end."""
ORDER_POINTS = 100
QUANTITY = 10
ECONOMY = {
    "ad_cooldown_s": 0,
    "ad_watch_s": 0,
    "ads_per_day_max": 100_000,
    "ad_reward_points": 60,
    "referral_after_ads": 1,
    "referral_welcome_points": 50,
    "referrals_per_day_max": 100_000,
    "orders_per_minute_max": 100_000,
    "order_attempts_max": 0,
}
"""No waiting, and bonuses after the first ad: commands of one, two and three events."""


def opening_commands() -> list[c.AnyCommand]:
    """The admin's settings. Sent at every start; they change something the first time."""
    return [
        *(
            c.ChangeSetting(by="admin:7", name=name, value=value, key=f"opening:{name}")
            for name, value in ECONOMY.items()
        ),
        c.ChangeOffer(
            by="admin:7",
            service_id=SERVICE_ID,
            name="Views",
            points_per_1000=1000 * ORDER_POINTS // QUANTITY,
            quantity_min=1,
            quantity_max=1000,
            can_cancel=True,
            key="opening:offer",
        ),
    ]


class LedgerUser:
    """A user of the ledger, whose orders and balance an admin and a provider change as well."""

    def __init__(self, user_id: int, seed: str, inviters: int = 48) -> None:
        """The same id and seed send the same commands if the ledger decides the same.

        They are invited by one of the first `inviters` users, if that one has joined already.
        """
        self.user_id = user_id
        self._by = f"user:{user_id}"
        self._dice = random.Random(f"{seed}/{user_id}")
        self._seed = seed
        self._inviters = inviters
        self._messages = 0
        self._order_id = ""

    def next_command(self, state: State) -> c.AnyCommand:
        """The next command, given the current state."""
        user = state.users.get(self.user_id)
        if user is None:
            return self._join()
        roll = self._dice.random()
        order = state.orders.get(self._order_id)
        if order is not None and order.status.is_open and roll < 0.7:  # noqa: PLR2004 - odds
            return self._move(order)
        if order is not None and order.followed and roll < (0.5 if order.is_delivering else 0.1):
            return self._deliver(order)
        if roll < 0.09:  # noqa: PLR2004 - odds
            return self._admin(state)
        if user.balance >= ORDER_POINTS and not user.banned and roll < 0.6:  # noqa: PLR2004 - odds
            return self._place()
        return c.RewardAd(
            by=self._by, user_id=self.user_id, ad_number=user.ads_watched + 1, opened_at_ms=0
        )

    def repeats(self) -> bool:
        """Whether this command is delivered twice, as Telegram's updates may be."""
        return self._dice.random() < 0.1  # noqa: PLR2004 - odds

    def _key(self) -> str:
        self._messages += 1
        return f"{self._seed}:{self.user_id}:{self._messages}"

    def _join(self) -> c.Join:
        inviter = FIRST_ID + self._dice.randrange(self._inviters)
        return c.Join(
            by=self._by,
            user_id=self.user_id,
            referral_code=f"{self.user_id:x}",
            invited_by_code=f"{inviter:x}" if inviter != self.user_id else "",
        )

    def _place(self) -> c.PlaceOrder:
        self._order_id = f"{self._dice.getrandbits(48):012x}"
        return c.PlaceOrder(
            by=self._by,
            user_id=self.user_id,
            order_id=self._order_id,
            video_link="https://youtu.be/AbCdEfGhI_k",
            video_key="youtube:AbCdEfGhI_k",
            quantity=QUANTITY,
            price_points=ORDER_POINTS,
            service_id=self._dice.choice(["", SERVICE_ID]),
        )

    def _move(self, order: Order) -> c.AnyCommand:
        order_id, status = order.order_id, order.status
        if status is OrderStatus.PLACED:
            return c.SendOrder(by="system", order_id=order_id)
        answers: list[c.AnyCommand] = [
            c.AcceptOrder(
                by="provider",
                order_id=order_id,
                provider_order_id="P-1",
                followed=order.service_id == SERVICE_ID,
            ),
            c.RejectOrder(
                by="provider",
                order_id=order_id,
                reason_code=ReasonCode.LINK_REFUSED,
                answer="no such vidéo",
            ),
        ]
        if status is OrderStatus.SENDING:
            answers += [
                c.NoteUnclear(by="system", order_id=order_id, reason_code=ReasonCode.NO_ANSWER),
                c.NoteNotSent(
                    by="system", order_id=order_id, reason_code=ReasonCode.PROVIDER_UNREACHABLE
                ),
            ]
        return self._dice.choice(answers)

    def _deliver(self, order: Order) -> c.AnyCommand:
        """What the provider says of an order that it has; an end changes to a cancellation."""
        order_id, remains = order.order_id, order.remains
        if order.status in ENDS:
            return c.EndOrder(
                by="provider", order_id=order_id, status=OrderStatus.CANCELED, charge_micro=0
            )
        left = QUANTITY if remains is None else remains
        what = OrderRequest.CANCEL
        commands: list[c.AnyCommand] = [
            c.NoteProgress(by="provider", order_id=order_id, remains=max(0, left - 3)),
            c.RequestForOrder(by=self._by, order_id=order_id, what=what),
            c.NoteRequestAnswer(by="provider", order_id=order_id, what=what, granted=True),
            *(
                c.EndOrder(
                    by="provider",
                    order_id=order_id,
                    status=status,
                    remains=left,
                    charge_micro=70_000,
                    currency="USD",
                )
                for status in (OrderStatus.COMPLETED, OrderStatus.PARTIAL)
            ),
        ]
        return self._dice.choice(commands)

    def _admin(self, state: State) -> c.AnyCommand:
        user = state.users[self.user_id]
        key, by = self._key(), "admin:7"
        if user.banned:
            return c.Unban(by=by, user_id=self.user_id, key=key)
        match self._dice.randrange(6):
            case 0:
                return c.Ban(by=by, user_id=self.user_id, key=key, reason="two accounts")
            case 1:
                points = self._dice.choice([1000, 2000])
                return c.ChangeSetting(by=by, name="referral_bonus_points", value=points, key=key)
            case _:
                points = self._dice.randint(-50, 300)
                reason = "thank you for your patience"
                return c.AdjustBalance(
                    by=by, user_id=self.user_id, amount_points=points, reason=reason, key=key
                )
