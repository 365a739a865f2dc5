"""Natural keys: one for each command and event, by which it is found again in the log."""

from ledger import commands as c
from ledger import events as e
from ledger import refusals as r
from ledger.order_status import ENDS
from ledger.state import State

KNOWN = (r.AlreadyDone, r.AlreadyJoined, r.AdAlreadyPaid)
"""Refusals which say that this very command was granted before."""


def key_of_command(  # noqa: C901, PLR0912 - one row per command
    command: c.AnyCommand, state: State
) -> str:
    """The key of the first event that this command causes."""
    match command:
        case c.Join():
            return f"join:{command.user_id}"
        case c.RewardAd():
            return f"ad:{command.user_id}:{command.ad_number}"
        case c.PlaceOrder():
            return f"placed:{command.order_id}"
        case c.SendOrder():
            return f"sending:{command.order_id}:{state.orders[command.order_id].attempts + 1}"
        case c.NoteNotSent():
            return f"not_sent:{command.order_id}:{state.orders[command.order_id].attempts}"
        case c.AcceptOrder() | c.RejectOrder() | c.NoteUnclear():
            return f"{type(command).__name__[:6].lower()}:{command.order_id}"
        case c.NoteProgress():
            return f"progress:{command.order_id}:{command.remains}"
        case c.EndOrder() if state.orders[command.order_id].status in ENDS:
            return f"corrected:{command.order_id}:{command.status}"
        case c.EndOrder():
            return f"end:{command.order_id}"
        case c.RequestForOrder():
            return f"request:{command.order_id}:{command.what}"
        case c.NoteRequestAnswer():
            return f"answer:{command.order_id}:{command.what}"
        case c.AdjustBalance() | c.Ban() | c.Unban() | c.ChangeSetting() | c.ChangeOffer():
            return f"admin:{command.key}"
        case _:
            raise AssertionError(f"no simulated user sends {type(command).__name__}")


class KeyReader:
    """The keys of events, in the order of the log."""

    def __init__(self) -> None:
        """At the beginning of a log."""
        self._attempts: dict[str, int] = {}

    def key(self, event: e.AnyEvent) -> str:  # noqa: C901, PLR0912 - one row per event
        """The event's key; no two events of a log have the same."""
        match event:
            case e.UserJoined():
                return f"join:{event.user_id}"
            case e.AdRewarded():
                return f"ad:{event.user_id}:{event.ad_number}"
            case e.ReferralBonusPaid():
                return f"bonus:{event.referee_id}"
            case e.ReferralBonusWaits():
                return f"waits:{event.referee_id}"
            case e.ReferralWelcomePaid():
                return f"welcome:{event.user_id}"
            case e.OrderPlaced():
                return f"placed:{event.order_id}"
            case e.OrderSending():
                self._attempts[event.order_id] = event.attempt
                return f"sending:{event.order_id}:{event.attempt}"
            case e.OrderNotSent():
                return f"not_sent:{event.order_id}:{self._attempts[event.order_id]}"
            case e.OrderAccepted():
                return f"accept:{event.order_id}"
            case e.OrderRejected():
                return f"reject:{event.order_id}"
            case e.OrderUnclear():
                return f"noteun:{event.order_id}"
            case e.OrderInProgress():
                return f"progress:{event.order_id}:{event.remains}"
            case e.OrderEndEvent():
                return f"end:{event.order_id}"
            case e.OrderCorrected():
                return f"corrected:{event.order_id}:{event.status}"
            case e.OrderRequestMade():
                return f"request:{event.order_id}:{event.what}"
            case e.OrderRequestAnswered():
                return f"answer:{event.order_id}:{event.what}"
            case e.OrderNeedsReview() | e.OrderEvidenceFound():
                return f"seen:{event.order_id}:{event.seq}"
            case e.OrdersReconciled():
                return f"compared:{event.day}"
            case e.OfferChanged():
                return f"admin:{event.key}" if event.key else f"offer:{event.seq}"
            case e.BalanceAdjusted() | e.UserBanned() | e.UserUnbanned() | e.SettingChanged():
                return f"admin:{event.key}"
            case e.AdOpened():
                return f"opened:{event.user_id}:{event.ad_number}:{event.seq}"
            case e.DigestSent():
                return f"digest:{event.day}"
            case e.LogStarted():
                return "start"
            case e.ClockStepped():
                return f"step:{event.seq}"
            case e.TailCut():
                return f"cut:{event.seq}"
            case _:
                raise AssertionError(f"no simulated user causes {type(event).__name__}")
