"""The auditor: checks the rules of the ledger on an existing log, event by event.

`ledger.rules` follows these rules when events are decided, and `apply` checks some of them. Here
they are written a second time on purpose: an audit that used the rules would repeat their
mistakes, and anybody who can compute a hash can write a log.
"""

from typing import assert_never

from ledger import events as e
from ledger.broken_books import BrokenBooks
from ledger.clocks.timestamps import DAY_LENGTH, DAY_MS, day_of, is_moment, to_ms
from ledger.order_status import OrderStatus
from ledger.projections import apply
from ledger.state import Order, State

_RUNNING = (OrderStatus.ACCEPTED, OrderStatus.IN_PROGRESS)
_ENDED = (OrderStatus.COMPLETED, OrderStatus.PARTIAL, OrderStatus.CANCELED)
_MAY_FOLLOW: dict[type[e.OrderEvent], tuple[OrderStatus, ...]] = {
    e.OrderSending: (OrderStatus.PLACED,),
    e.OrderNotSent: (OrderStatus.SENDING,),
    e.OrderUnclear: (OrderStatus.SENDING,),
    e.OrderAccepted: (OrderStatus.SENDING, OrderStatus.UNCLEAR),
    e.OrderRejected: (OrderStatus.PLACED, OrderStatus.SENDING, OrderStatus.UNCLEAR),
    e.OrderEvidenceFound: (OrderStatus.UNCLEAR,),
    e.OrderInProgress: _RUNNING,
    e.OrderCompleted: _RUNNING,
    e.OrderPartial: _RUNNING,
    e.OrderCanceled: _RUNNING,
    e.OrderCorrected: _ENDED,
    e.OrderNeedsReview: _RUNNING + _ENDED,
    e.OrderRequestMade: (*_RUNNING, OrderStatus.COMPLETED),
    e.OrderRequestAnswered: _RUNNING + _ENDED,
}
_OF_FOLLOWED = (
    e.OrderInProgress,
    e.OrderEndEvent,
    e.OrderCorrected,
    e.OrderNeedsReview,
    e.OrderRequestMade,
    e.OrderRequestAnswered,
)


class Auditor:
    """Builds a state with `apply`, and checks every event first."""

    def __init__(self) -> None:
        """Create an auditor at the beginning of a log."""
        self.state = State()
        self._welcomed: set[int] = set()

    def take(self, event: e.AnyEvent) -> None:
        """Check one event against all before it, and apply it.

        Raises:
            BrokenBooks: the event breaks a rule. The auditor can't be used any more then.
        """
        if not (is_moment(event.at) and event.by):
            raise BrokenBooks(_wrong_stamp(event))
        if wrong := self._wrong(event):
            raise BrokenBooks(wrong)
        apply(self.state, event)
        if isinstance(event, e.OrderEvent):
            order = self.state.orders.get(event.order_id)
            if order is None:
                return
            expected = 0 if order.is_closed else order.total_cost
            if order.reserve_points != expected:
                raise BrokenBooks(
                    f"expected the {order.status} order {order.order_id} to hold {expected} "
                    f"points in reserve, found {order.reserve_points}"
                )

    def totals(self) -> str:
        """What is wrong with the totals, after counting them again; empty if they are right."""
        counted = State(self.state.books)
        if counted.posted_points or counted.users_points != self.state.users_points:
            return (
                f"counted again, all accounts together hold {counted.posted_points} points, "
                "and not zero"
            )
        return ""

    def _wrong(self, event: e.AnyEvent) -> str:  # noqa: C901, PLR0912, PLR0915 - one row per event
        """What is wrong with the event. Unknown users and orders are left to `apply`."""
        state = self.state
        match event:
            case e.AdRewarded():
                user = state.users.get(event.user_id)
                number = user.ads_watched + 1 if user else event.ad_number
                if event.ad_number != number:
                    return f"expected ad {number} of user {event.user_id}, found {event.ad_number}"
                if event.user_id in state.books.frozen:
                    return f"an ad of user {event.user_id}, whose earning was frozen"
                return _negative(event.amount_points)
            case e.AdOpened():
                user = state.users.get(event.user_id)
                if user and event.ad_number != user.ads_watched + 1:
                    return (
                        f"expected user {event.user_id} to open ad {user.ads_watched + 1}, found "
                        f"{event.ad_number}"
                    )
            case e.UserJoined():
                if event.user_id in state.users:
                    return f"user {event.user_id} joined before"
                if event.user_id == event.referred_by:
                    return f"user {event.user_id} can't be invited by themselves"
                if event.referral_code in state.user_by_code:
                    return f"the referral code {event.referral_code} belongs to somebody"
            case e.ReferralBonusPaid():
                friend = state.users.get(event.referee_id)
                if friend and (friend.referral_paid or friend.referred_by != event.user_id):
                    return f"no bonus for user {event.referee_id} is due to user {event.user_id}"
                if wrong := self._wrong_number_today(event) or self._wrong_deadline(event):
                    return wrong
                if event.user_id in state.books.frozen:
                    return f"a bonus of user {event.user_id}, whose earning was frozen"
                return _negative(event.amount_points)
            case e.ReferralBonusWaits():
                friend = state.users.get(event.referee_id)
                if friend and (friend.referral_paid or friend.referred_by != event.user_id):
                    return f"no bonus for user {event.referee_id} can wait for {event.user_id}"
                if event.referee_id in state.books.waiting_bonuses:
                    return f"the bonus for user {event.referee_id} waited before"
            case e.ReferralWelcomePaid():
                user = state.users.get(event.user_id)
                if event.user_id in self._welcomed or (
                    user and user.referred_by != event.referrer_id
                ):
                    return f"no welcome gift is due to user {event.user_id}"
                self._welcomed.add(event.user_id)
                return _negative(event.amount_points)
            case e.OrderPlaced():
                if event.order_id in state.orders or event.order_id in state.closed_orders:
                    return f"the order {event.order_id} was placed before"
                if event.quantity < 1 or event.price_points < 0:
                    return (
                        "expected an order of 1 view or more for 0 points or more, found "
                        f"{event.quantity} views for {event.price_points} points"
                    )
                if event.service_id and event.service_id not in state.offers:
                    return f"the service {event.service_id} was never offered"
            case (
                e.OrderSending()
                | e.OrderAccepted()
                | e.OrderRejected()
                | e.OrderUnclear()
                | e.OrderNotSent()
                | e.OrderEvidenceFound()
                | e.OrderInProgress()
                | e.OrderCompleted()
                | e.OrderPartial()
                | e.OrderCanceled()
                | e.OrderCorrected()
                | e.OrderNeedsReview()
                | e.OrderRequestMade()
                | e.OrderRequestAnswered()
            ):
                order = state.orders.get(event.order_id)
                return _wrong_move(order, event) if order else ""
            case (
                e.BalanceAdjusted()
                | e.UserBanned()
                | e.UserUnbanned()
                | e.SettingChanged()
                | e.ChannelRequired()
                | e.EarningFrozen()
                | e.EarningUnfrozen()
                | e.EarningsTakenBack()
            ):
                if event.key in state.admin_keys:
                    return f"the admin's message {event.key} counted before"
                if isinstance(event, e.EarningFrozen | e.EarningUnfrozen | e.EarningsTakenBack):
                    return self._wrong_freeze(event)
            case e.AppealSent():
                user = state.users.get(event.user_id)
                if user and not user.banned:
                    return f"an appeal of user {event.user_id}, who was not banned"
            case e.BroadcastStarted():
                if event.broadcast_id in state.broadcasts:
                    return f"the broadcast {event.broadcast_id} was started before"
            case e.BroadcastProgressed() | e.BroadcastFinished():
                broadcast = state.broadcasts.get(event.broadcast_id)
                if broadcast and broadcast.finished:
                    return f"the broadcast {event.broadcast_id} had ended"
            case e.OpeningBalanceRecorded():
                return self._wrong_opening(event)
            case e.OrderImported():
                if event.order_id in state.orders or event.order_id in state.closed_orders:
                    return f"the order {event.order_id} was there before"
                return _negative(event.price_points)
            case e.OfferChanged():
                if event.key and event.key in state.admin_keys:
                    return f"the admin's message {event.key} counted before"
                if event.points_per_1000 < 1 or not 1 <= event.quantity_min <= event.quantity_max:
                    return f"the offer of the service {event.service_id} has impossible numbers"
            case e.OrdersReconciled():
                last_one = state.books.reconciliation
                if last_one is not None and last_one.day == event.day:
                    return f"the orders of {event.day} were compared before"
            case e.DigestSent():
                last, today = state.books.digest, event.at[:DAY_LENGTH]
                is_told = last and event.day <= last.day and not event.day < today < last.day
                if event.head_seq >= event.seq or is_told:
                    return f"expected a digest of a new day and an earlier line, found {event.day}"
            case e.LogStarted():
                if event.seq != 1:
                    return "only the first line can be log_started"
            case e.UserUnreachable() | e.UserReachable() | e.TailCut() | e.ClockStepped():
                pass
            case _:
                assert_never(event)
        return ""

    def _wrong_number_today(self, event: e.ReferralBonusPaid) -> str:
        """Older lines have no number: there was no daily limit."""
        if not event.number_today and not event.day_max:
            return ""
        number = self.state.books.bonus_day.count_of(event.user_id, day_of(event.at)) + 1
        if event.number_today != number:
            return (
                f"expected bonus {number} of the day of user {event.user_id}, found "
                f"{event.number_today}"
            )
        if number > event.day_max:
            return f"user {event.user_id} had all {event.day_max} bonuses of the day"
        return ""

    def _wrong_deadline(self, event: e.ReferralBonusPaid) -> str:
        """Older lines have none."""
        books, friend = self.state.books, self.state.users.get(event.referee_id)
        if not event.within_days or friend is None or friend.imported:
            return ""
        if event.referee_id in books.waiting_bonuses:
            return ""
        if to_ms(event.at) - to_ms(friend.join_date) > event.within_days * DAY_MS:
            return (
                f"user {event.referee_id} joined at {friend.join_date}, more than "
                f"{event.within_days} days before the bonus"
            )
        return ""

    def _wrong_freeze(
        self, event: e.EarningFrozen | e.EarningUnfrozen | e.EarningsTakenBack
    ) -> str:
        if isinstance(event, e.EarningsTakenBack):
            if event.amount_points < 0:
                return ""
            return f"expected less than 0 points taken back, found {event.amount_points}"
        is_frozen = event.user_id in self.state.books.frozen
        if is_frozen == isinstance(event, e.EarningFrozen):
            how = "was" if is_frozen else "was not"
            return f"the earning of user {event.user_id} {how} frozen before"
        return ""

    def _wrong_opening(self, event: e.OpeningBalanceRecorded) -> str:
        user = self.state.users.get(event.user_id)
        if user and user.imported:
            return f"what user {event.user_id} brought along was recorded before"
        if event.referral_paid and user and (user.referred_by is None or user.referral_paid):
            return f"no bonus for user {event.user_id} can have been paid before"
        if event.referral_code in self.state.user_by_code:
            return f"the referral code {event.referral_code} belongs to somebody"
        if event.joined_at and not is_moment(event.joined_at):
            return f"expected a moment of joining, found {event.joined_at[:40]!r}"
        return _negative(event.amount_points) or _negative(event.ads_watched)


def _wrong_stamp(event: e.AnyEvent) -> str:
    """What is wrong with the time of an event, or with who caused it."""
    if not is_moment(event.at):
        return f"expected a moment like 2026-11-22T16:00:00.123Z, found {event.at[:40]!r}"
    return 'expected "by" to say who caused this'


def _wrong_move(order: Order, event: e.OrderEvent) -> str:
    if event.user_id != order.user_id:
        return f"the order {order.order_id} is of user {order.user_id}, not {event.user_id}"
    if order.status not in _MAY_FOLLOW[type(event)]:
        return f"the order {order.order_id} is {order.status}, and this can't follow"
    if isinstance(event, _OF_FOLLOWED) and not order.followed:
        return f"the provider does not report on the order {order.order_id}"
    if wrong := _wrong_points(order, event):
        return wrong
    if isinstance(event, e.OrderSending) and event.attempt != order.attempts + 1:
        return f"expected attempt {order.attempts + 1}, found {event.attempt}"
    return _wrong_request(order, event)


def _wrong_request(order: Order, event: e.OrderEvent) -> str:
    """A request waits for its answer (None), was granted, or was refused and can be repeated."""
    if isinstance(event, e.OrderRequestMade) and order.requests.get(event.what, False) is not False:
        return f"the {event.what} of the order {order.order_id} was asked for before"
    if (
        isinstance(event, e.OrderRequestAnswered)
        and order.requests.get(event.what, False) is not None
    ):
        return f"nothing was asked about the order {order.order_id} that this answers"
    return ""


def _wrong_points(order: Order, event: e.OrderEvent) -> str:
    """What is spent and given back, computed anew from what the provider said."""
    if isinstance(event, e.OrderAccepted):
        if event.followed and not event.provider_order_id:
            return f"the order {order.order_id} has no number by which it could be followed"
        expected = {0} if event.followed else {0, order.total_cost}
        if event.spent_points in expected:
            return ""
        return f"expected {max(expected)} points to be spent, found {event.spent_points}"
    if isinstance(event, e.OrderCorrected):
        return _wrong_correction(order, event)
    if isinstance(event, e.OrderEndEvent):
        due = _due(order, _STATUS_OF[type(event)], event.remains)
        if due is None:
            return _no_refund(order)
        if (event.refund_points, event.spent_points) == (due, order.total_cost - due):
            return ""
        return f"expected {due} points to be given back, found {event.refund_points}"
    return ""


def _wrong_correction(order: Order, event: e.OrderCorrected) -> str:
    if event.status not in _ENDED:
        return f"no order can end as {event.status}"
    total = _due(order, event.status, event.remains)
    if total is None:
        return _no_refund(order)
    due = total - order.refunded_points
    found = (event.refund_points, event.excess_points)
    if found == (max(due, 0), max(-due, 0)):
        return ""
    return f"expected {due} points of difference, found {found[0]} more, {found[1]} too many"


def _no_refund(order: Order) -> str:
    return f"nobody can say what of the order {order.order_id} was delivered"


_STATUS_OF: dict[type[e.OrderEndEvent], OrderStatus] = {
    e.OrderCompleted: OrderStatus.COMPLETED,
    e.OrderPartial: OrderStatus.PARTIAL,
    e.OrderCanceled: OrderStatus.CANCELED,
}


def _due(order: Order, status: OrderStatus, remains: int | None) -> int | None:
    """The points due back: all of a cancellation, or the part that was not delivered.

    None: what was delivered is not known, so there is no right amount.
    """
    price, quantity = order.total_cost, order.quantity
    if status is OrderStatus.COMPLETED:
        return 0
    if status is OrderStatus.PARTIAL and remains is None:
        return None
    missing = quantity if remains is None else max(0, min(quantity, remains))
    if status is OrderStatus.CANCELED and missing == 0:
        missing = quantity
    return missing * price // quantity


def _negative(points: int) -> str:
    return f"expected a reward of 0 points or more, found {points}" if points < 0 else ""
