"""What providers and admins may do about offers and orders, for the machine of the model."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from ledger import commands as c
from ledger.order_status import OrderStatus
from ledger.reason_codes import OrderRequest, PauseReason, ReasonCode
from support.given import KEY, LINK
from support.reference_model import ReferenceModel
from support.reference_orders import rounded_up

SERVICES = st.sampled_from(["1", "2"])
REMAINS = st.sampled_from([None, 0, 1, 500, 999, 1000, 1500, -5])
ENDS = st.sampled_from([OrderStatus.PARTIAL, OrderStatus.COMPLETED, OrderStatus.CANCELED])
STEPS = ["progress", "progress", "remains", "review", "cancel", "refill", "by user", "evidence"]
PRICE = 333


class DeliveryPlays:
    """Rules of the machine; it has the model, and `_do` executes a command on both sides."""

    model: ReferenceModel
    now_ms: int
    _do: Callable[[c.AnyCommand], Any]

    @rule(
        service_id=SERVICES,
        price=st.sampled_from([PRICE, PRICE, 10_000, 0]),
        low=st.sampled_from([1, 1, 1001, 0]),
        change=st.sampled_from(
            [{}, {}, {"is_on": False}, {"paused_because": PauseReason.PRICE_ROSE}]
        ),
        key=st.integers(1, 20).map("7:offer{}".format),
        possible=st.booleans(),
    )
    def offer(  # noqa: PLR0917 - drawn
        self,
        service_id: str,
        price: int,
        low: int,
        change: dict[str, Any],
        key: str,
        possible: bool,
    ) -> None:
        self._do(
            c.ChangeOffer(
                by="admin:7",
                service_id=service_id,
                name="Views",
                points_per_1000=price,
                quantity_min=low,
                quantity_max=1000,
                can_cancel=possible,
                can_refill=possible,
                key=key,
                **change,
            )
        )

    def _order(self, user_id: int, service_id: str, order_id: str, wrong: int = 0) -> None:
        rate = self.model.offers.get(service_id, {"points_per_1000": 1})["points_per_1000"]
        self._do(
            c.PlaceOrder(
                by=f"user:{user_id}",
                user_id=user_id,
                order_id=order_id,
                video_link=LINK,
                video_key=KEY,
                quantity=1000,
                price_points=rounded_up(1000 * rate) + wrong,
                service_id=service_id,
            )
        )

    @precondition(lambda self: self.model.users)
    @rule(
        data=st.data(),
        service_id=st.sampled_from(["1", "1", "1", "2"]),
        wrong=st.sampled_from([0, 0, 0, 1]),
        possible=st.sampled_from([True, True, False]),
        steps=st.lists(st.sampled_from(STEPS), max_size=4),
        ends=st.lists(st.tuples(ENDS, REMAINS), max_size=4),
    )
    def a_delivery(  # noqa: PLR0917 - drawn
        self,
        data: st.DataObject,
        service_id: str,
        wrong: int,
        possible: bool,
        steps: list[str],
        ends: list[tuple[OrderStatus, int | None]],
    ) -> None:
        """From the offer to the end, and to what the provider makes of it afterwards."""
        user_id = data.draw(st.sampled_from(sorted(self.model.users)))
        order_id = f"{500 + len(self.model.orders):012x}"
        count = len(self.model.keys)
        self.offer("1", PRICE, 1, {}, f"7:delivery{count}", possible)
        self._do(
            c.AdjustBalance(
                by="admin:7",
                user_id=user_id,
                amount_points=PRICE,
                reason="so",
                key=f"7:paid{count}",
            )
        )
        self._order(user_id, service_id, order_id, wrong)
        self._do(c.SendOrder(by="system", order_id=order_id, balance_micro=5))
        self._accept(order_id)
        for step in steps:
            self._step(step, order_id, data.draw(REMAINS))
        for status, remains in ends:
            self._end(order_id, status, remains)

    def _accept(self, order_id: str, number: str = "P-1") -> None:
        self._do(
            c.AcceptOrder(by="provider", order_id=order_id, provider_order_id=number, followed=True)
        )

    def _end(self, order_id: str, status: OrderStatus, remains: int | None) -> None:
        self._do(
            c.EndOrder(
                by="provider",
                order_id=order_id,
                status=status,
                remains=remains,
                charge_micro=70_000,
                currency="USD",
            )
        )

    def _step(self, step: str, order_id: str, remains: int | None) -> None:
        request = OrderRequest.REFILL if step == "refill" else OrderRequest.CANCEL
        commands: dict[str, list[c.AnyCommand]] = {
            "progress": [
                c.NoteProgress(
                    by="provider", order_id=order_id, remains=remains, start_count=remains
                )
            ],
            "remains": [c.NoteProgress(by="provider", order_id=order_id, remains=remains)],
            "review": [
                c.NoteReview(
                    by="provider", order_id=order_id, reason_code=ReasonCode.STATUS_UNKNOWN
                )
            ],
            "evidence": [c.NoteEvidence(by="system", order_id=order_id, cost_micro=5)],
            "by user": [c.RequestForOrder(by="user:1", order_id=order_id, what=request)],
        }
        asked_and_answered: list[c.AnyCommand] = [
            c.RequestForOrder(by="admin:7", order_id=order_id, what=request),
            c.NoteRequestAnswer(
                by="provider", order_id=order_id, what=request, granted=remains is None
            ),
        ]
        for command in commands.get(step, asked_and_answered):
            self._do(command)

    @rule(
        data=st.data(),
        what=st.sampled_from([*STEPS, "end", "end", "accept"]),
        status=ENDS,
        remains=REMAINS,
    )
    def something_about_an_order(
        self, data: st.DataObject, what: str, status: OrderStatus, remains: int | None
    ) -> None:
        order_id = data.draw(st.sampled_from([*sorted(self.model.orders), "ffff"]))
        if what == "end":
            self._end(order_id, status, remains)
        elif what == "accept":
            self._do(c.SendOrder(by="system", order_id=order_id))
            self._accept(order_id, "" if remains is None else "P-2")
        else:
            self._step(what, order_id, remains)

    @rule(day=st.sampled_from(["2026-01-01", "2026-01-02"]), hours=st.sampled_from([0, 49, 49]))
    def compare(self, day: str, hours: int) -> None:
        """After two days, closed orders leave the memory."""
        self.now_ms += hours * 3_600_000
        self._do(c.NoteReconciled(by="system", day=day, orders=1, charged_micro=70_000))
