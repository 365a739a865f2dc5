"""Decides every command, given the state of that moment. Pure.

`decide` answers a command with events or with a refusal. It changes nothing: the events are
applied by `ledger.projections.apply` and written by the store. Whatever the bot or the web pages
show beforehand, this is the only place that says yes or no.
"""

from typing import assert_never

from msgspec.structs import replace

from ledger import commands as c
from ledger import events as e
from ledger import refusals as r
from ledger.clocks.timestamps import day_of, to_text
from ledger.rules import ads, appeals, catalogue, deliveries, orders, users
from ledger.rules.admin import decide_admin
from ledger.rules.decision import Decision
from ledger.rules.freezes import decide_freeze
from ledger.rules.imports import decide_import
from ledger.state import State


def decide(state: State, command: c.AnyCommand, at_ms: int) -> Decision:
    """Decide a command at this moment (epoch milliseconds). The events have their stamps."""
    decision = _decide(state, command, at_ms)
    if not isinstance(decision, tuple):
        return decision
    return stamp(state, decision, to_text(at_ms), command.by)


def stamp(state: State, events: tuple[e.AnyEvent, ...], at: str, by: str) -> Decision:
    """Give the events of one command their places in the log."""
    stamped: list[e.AnyEvent] = []
    last_of: dict[int, int] = {}
    for position, event in enumerate(events):
        seq = state.seq + 1 + position
        more = len(events) - 1 - position
        if isinstance(event, e.UserEvent):
            user = state.users.get(event.user_id)
            prev = last_of.get(event.user_id, user.last_seq if user else 0)
            last_of[event.user_id] = seq
            stamped.append(replace(event, seq=seq, at=at, by=by, more=more, prev=prev))
        else:
            stamped.append(replace(event, seq=seq, at=at, by=by, more=more))
    return tuple(stamped)


def _decide(  # noqa: C901, PLR0912 - one row per command
    state: State, command: c.AnyCommand, at_ms: int
) -> Decision:
    match command:
        case c.RewardAd():
            return ads.reward(state, command, at_ms)
        case c.PlaceOrder():
            return orders.place(state, command, at_ms)
        case c.SendOrder() | c.AcceptOrder() | c.RejectOrder() | c.NoteNotSent() | c.NoteUnclear():
            return orders.move(state, command)
        case c.Join():
            return users.join(state, command, at_ms)
        case (
            c.AdjustBalance()
            | c.Ban()
            | c.Unban()
            | c.ChangeSetting()
            | c.RequireChannel()
            | c.StartBroadcast()
            | c.ProgressBroadcast()
            | c.FinishBroadcast()
        ):
            return decide_admin(state, command)
        case c.FreezeEarning() | c.UnfreezeEarning() | c.TakeBackEarnings():
            return decide_freeze(state, command)
        case (
            c.NoteEvidence()
            | c.NoteProgress()
            | c.EndOrder()
            | c.NoteReview()
            | c.RequestForOrder()
            | c.NoteRequestAnswer()
        ):
            return deliveries.decide_delivery(state, command)
        case c.ChangeOffer():
            return catalogue.change_offer(state, command)
        case c.NoteReconciled():
            return catalogue.note_reconciled(state, command)
        case c.NoteAppeal():
            return appeals.note(state, command, at_ms)
        case c.OpenAd():
            return ads.open_ad(state, command)
        case c.NoteUnreachable() | c.NoteReachable():
            return users.note_reachability(state, command)
        case c.ImportUser() | c.ImportOrder():
            return decide_import(state, command)
        case c.NoteDigest():
            return _note_digest(state, command, at_ms)
        case c.NoteTailCut():
            return (
                e.TailCut(
                    offset_bytes=command.offset_bytes,
                    length_bytes=command.length_bytes,
                    kept_as=command.kept_as,
                ),
            )
        case c.NoteClockStep():
            return (e.ClockStepped(step_ms=command.step_ms),)
        case c.StartLog():
            return (e.LogStarted(format=e.LOG_FORMAT),) if state.seq == 0 else r.AlreadyDone()
        case _:
            assert_never(command)


def _note_digest(state: State, command: c.NoteDigest, at_ms: int) -> Decision:
    last, today = state.books.digest, day_of(to_text(at_ms))
    # A last day that is still to come is of a clock that was ahead, and counts as not told.
    if last and command.day <= last.day and not command.day < today < last.day:
        return r.AlreadyDone()
    return (
        e.DigestSent(
            day=command.day,
            head_seq=command.head_seq,
            head_hash=command.head_hash,
            people=command.people,
            ads=command.ads,
            orders=command.orders,
        ),
    )
