"""Makes a golden folder: `.venv/bin/python tests/golden/make.py`.

It writes the same bytes each time, because it has its own clock. It is run once for each addition
to the log's format, before that is released. What it has made then never changes (see README.md
beside it), though this program goes on to make the next folder.
"""

import asyncio
import itertools
import json
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

from ledger import commands as c
from ledger import events as e
from ledger.ledger import Ledger
from ledger.order_status import OrderStatus
from ledger.postings import account_name
from ledger.reason_codes import MismatchCode, OrderRequest, PauseReason, ReasonCode
from ledger.state import State
from ledger.store.recovery import recover
from ledger.store.snapshot import refresh

ROOT = Path(__file__).parents[2]
NOON_MS = 1_767_268_800_000  # 2026-01-01T12:00:00Z
ANNA, BEN, CLEO, DORA, ERIK = 101, 102, 103, 104, 105
LINK, KEY = "https://youtu.be/AbCdEfGhI_k", "youtube:AbCdEfGhI_k"
Story: TypeAlias = list[c.AnyCommand]
HALF_A_LINE = b'{"type":"user_joined","seq":'


def join(user_id: int, code: str, invited_by_code: str = "") -> c.Join:
    return c.Join(
        by=f"user:{user_id}",
        user_id=user_id,
        referral_code=code,
        invited_by_code=invited_by_code,
    )


def ad(user_id: int, number: int) -> c.RewardAd:
    return c.RewardAd(
        by=f"user:{user_id}", user_id=user_id, ad_number=number, opened_at_ms=0, timed=False
    )


def ad_of_a_network(user_id: int, number: int, network: str, price_microusd: int) -> c.RewardAd:
    return c.RewardAd(
        by=network,
        user_id=user_id,
        ad_number=number,
        opened_at_ms=NOON_MS * 2,  # later than every cool-down
        timed=False,
        network=network,
        session_id="AAECAwQFBgcICQoLDA0ODw",
        price_microusd=price_microusd,
    )


def opened(user_id: int, number: int, network: str = "") -> c.OpenAd:
    return c.OpenAd(
        by=f"user:{user_id}",
        user_id=user_id,
        ad_number=number,
        since_ms=0,
        network=network,
        session_id="EBESExQVFhcYGRobHB0eHw" if network else "",
    )


def order(user_id: int, order_id: str) -> c.PlaceOrder:
    return c.PlaceOrder(
        by=f"user:{user_id}",
        user_id=user_id,
        order_id=order_id,
        video_link=LINK,
        video_key=KEY,
        quantity=15,
        price_points=150,
    )


def send(order_id: str) -> c.SendOrder:
    return c.SendOrder(by="system", order_id=order_id)


def offer(service_id: str, **fields: Any) -> c.ChangeOffer:
    usual = {
        "by": "admin:7",
        "name": "Просмотры <b>HQ</b>",
        "points_per_1000": 333,
        "quantity_min": 10,
        "quantity_max": 5_000,
        "rate_micro": 278_190,
    }
    return c.ChangeOffer(service_id=service_id, **{**usual, **fields})


COMMENTS = offer(
    "77",
    name="Comments",
    points_per_1000=10_000,
    quantity_min=2,
    quantity_max=9,
    platform="youtube",
    metric="comments",
    target="video",
    service_type="Custom Comments",
    position=3,
    can_cancel=True,
    can_refill=True,
    key="7:17",
)


def delivered(order_id: str, *then: c.AnyCommand, service_id: str = "5") -> Story:
    """An order of 1,000 for 333 points that the provider follows; then what becomes of it."""
    placed = msgspec.structs.replace(
        order(DORA, order_id), quantity=1000, price_points=333, service_id=service_id
    )
    if service_id == COMMENTS.service_id:
        placed = msgspec.structs.replace(
            placed, quantity=2, price_points=20, comments="first!\nочень „да“"
        )
    sending = c.SendOrder(by="system", order_id=order_id, balance_micro=100_842_920)
    accepted = c.AcceptOrder(
        by="provider", order_id=order_id, provider_order_id=f"P{order_id[-3:]}", followed=True
    )
    steps: Story = [placed, sending, accepted]
    return [*steps, *(msgspec.structs.replace(one, order_id=order_id) for one in then)]


def runs(remains: int | None, start_count: int | None = None) -> c.NoteProgress:
    return c.NoteProgress(by="provider", order_id="", remains=remains, start_count=start_count)


def ends(status: OrderStatus, remains: int | None, charge_micro: int | None = None) -> c.EndOrder:
    currency = "USD" if charge_micro is not None else ""
    return c.EndOrder(
        by="provider",
        order_id="",
        status=status,
        remains=remains,
        charge_micro=charge_micro,
        currency=currency,
    )


def odd(code: ReasonCode, answer: str = "") -> c.NoteReview:
    return c.NoteReview(
        by="provider", order_id="", reason_code=code, http_status=200, answer=answer
    )


def asks(what: OrderRequest, by: str = f"user:{DORA}") -> c.RequestForOrder:
    return c.RequestForOrder(by=by, order_id="", what=what)


def says(what: OrderRequest, *, granted: bool, **fields: str) -> c.NoteRequestAnswer:
    return c.NoteRequestAnswer(by="provider", order_id="", what=what, granted=granted, **fields)


def setting(name: str, value: int, key: str) -> c.ChangeSetting:
    return c.ChangeSetting(by="admin:7", name=name, value=value, key=key)


def give(user_id: int, points: int, key: str) -> c.AdjustBalance:
    return c.AdjustBalance(
        by="admin:7",
        user_id=user_id,
        amount_points=points,
        reason="für „alles“ \U0001f381",
        key=key,
    )


DELIVERIES: Story = [
    setting("order_attempts_max", 1, "7:15"),
    give(DORA, 5_000, "7:16"),
    offer("5"),
    COMMENTS,
    *(offer("5", by="system", paused_because=reason) for reason in PauseReason),
    offer("5", is_on=False, key="7:18"),
    offer("5", key="7:19"),
    *delivered("00000000d001", runs(1000, 17), runs(400), ends(OrderStatus.COMPLETED, 0, 278_190)),
    *delivered(
        "00000000d002",
        runs(None),
        ends(OrderStatus.PARTIAL, 500, 139_095),
        ends(OrderStatus.PARTIAL, 900, 27_819),  # a correction that gives back more
        ends(OrderStatus.COMPLETED, 0),  # and one by which too much was given back
    ),
    *delivered("00000000d003", ends(OrderStatus.CANCELED, None, 0)),
    *delivered(
        "00000000d004",
        odd(ReasonCode.STATUS_UNKNOWN, '{"status":"Queued?"}'),
        odd(ReasonCode.STATUS_FAILED),
        odd(ReasonCode.REMAINS_UNKNOWN),
        odd(ReasonCode.UNKNOWN_TO_PROVIDER, '{"error":"Incorrect order ID"}'),
        odd(ReasonCode.END_KEEPS_CHANGING),
    ),
    *delivered(
        "00000000d005",
        asks(OrderRequest.CANCEL),
        says(OrderRequest.CANCEL, granted=False, answer='{"error":"too late"}'),
        asks(OrderRequest.CANCEL, "admin:7"),
        says(OrderRequest.CANCEL, granted=True),
        ends(OrderStatus.CANCELED, 1),
        service_id="77",
    ),
    *delivered(
        "00000000d006",
        ends(OrderStatus.COMPLETED, None),
        asks(OrderRequest.REFILL),
        says(OrderRequest.REFILL, granted=True, provider_ref="R-1"),
        service_id="77",
    ),
    order(DORA, "00000000d007"),
    send("00000000d007"),
    c.NoteUnclear(
        by="system",
        order_id="00000000d007",
        reason_code=ReasonCode.NO_ANSWER,
        evidence_follows=True,
    ),
    c.NoteEvidence(
        by="system",
        order_id="00000000d007",
        cost_micro=4_173,
        balance_before_micro=100_842_920,
        balance_after_micro=100_838_747,
        others_micro=1,
        currency="USD",
    ),
    c.NoteEvidence(by="system", order_id="00000000d007", refused_as_running=True),
    order(DORA, "00000000d008"),
    send("00000000d008"),
    c.NoteNotSent(
        by="system", order_id="00000000d008", reason_code=ReasonCode.PROVIDER_UNREACHABLE
    ),  # the attempts are used up
    c.NoteReconciled(
        by="system",
        day="2026-01-01",
        orders=4,
        charged_micro=306_009,
        balance_micro=100_000_000,
        currency="USD",
        mismatches=(
            *(e.Mismatch(code, "00000000d001", 1, -2) for code in MismatchCode),
            e.Mismatch(MismatchCode.BALANCE_DIFFERS),
        ),
        mismatches_count=51,
    ),
]


OLD_PERSON = c.ImportUser(
    by="system",
    user_id=DORA,
    referral_code="OLD4CODE",
    referred_by=ANNA,
    amount_points=127,
    ads_watched=57,
    joined_at="2025-11-01T08:00:00.000Z",
    referral_paid=True,
    referral_reward_points=1000,
)
OLD_ORDER = c.ImportOrder(
    by="system",
    user_id=DORA,
    order_id="0123456789ab",
    video_link=LINK,
    quantity=20,
    price_points=200,
    created_at="2025-11-02T08:00:00.000Z",
    old_status="pending",
)
DIGEST = c.NoteDigest(
    by="system", day="2025-12-31", head_seq=5, head_hash="ab" * 32, people=2, ads=1, orders=0
)
COUNTS = {"sent": 2, "unreachable": 1, "failed": 1}


def given_up(number: int, answer: c.NoteNotSent | c.RejectOrder | c.NoteUnclear) -> Story:
    """An order that gets this answer; if it isn't closed then, an admin closes it."""
    order_id = f"{number:012x}"
    answer = msgspec.structs.replace(answer, order_id=order_id)
    steps: Story = [order(ANNA, order_id), send(order_id), answer]
    if not isinstance(answer, c.RejectOrder):
        refund = ReasonCode.REFUNDED_BY_ADMIN
        steps.append(c.RejectOrder(by="admin:7", order_id=order_id, reason_code=refund))
    return steps


REASONS: list[c.NoteNotSent | c.RejectOrder | c.NoteUnclear] = [
    *(
        c.NoteNotSent(by="system", order_id="", reason_code=code, http_status=status, answer=answer)
        for code, status, answer in (
            (ReasonCode.PROVIDER_UNREACHABLE, 0, ""),
            (ReasonCode.PROVIDER_NAME_UNKNOWN, 0, ""),
            (ReasonCode.NO_SECURE_CONNECTION, 0, ""),
            (ReasonCode.PROVIDER_FUNDS_EMPTY, 200, '{"error":"not enough funds"}'),
            (ReasonCode.PROVIDER_SETTINGS_WRONG, 401, '{"error":"invalid API key"}'),
            (ReasonCode.PROVIDER_RATE_LIMIT, 429, ""),
            (ReasonCode.PROVIDER_MAINTENANCE, 200, '{"error":"maintenance"}'),
        )
    ),
    *(
        c.RejectOrder(by="provider", order_id="", reason_code=code, http_status=400, answer=answer)
        for code, answer in (
            (ReasonCode.REFUSED, "<b>no</b>\n"),
            (ReasonCode.SERVICE_DISCONTINUED, '{"error":"incorrect service ID"}'),
            (ReasonCode.QUANTITY_REFUSED, '{"error":"min quantity"}'),
            (ReasonCode.EARLIER_ORDER_RUNNING, '{"error":"link duplicate"}'),
            (ReasonCode.VIDEO_LIMIT_REACHED, '{"status":"error","message":"5000 per link"}'),
        )
    ),
    *(
        c.NoteUnclear(by="system", order_id="", reason_code=code)
        for code in (
            ReasonCode.CONNECTION_LOST,
            ReasonCode.PROGRAM_STOPPED,
            ReasonCode.PROGRAM_FAULT,
        )
    ),
    *(
        c.NoteUnclear(
            by="provider", order_id="", reason_code=code, http_status=status, answer=answer
        )
        for code, status, answer in (
            (ReasonCode.ANSWER_UNREADABLE, 200, "<html>"),
            (ReasonCode.ANSWER_UNKNOWN, 200, '{"error":"не то"}'),
            (ReasonCode.ANSWER_CONTRADICTORY, 200, '{"order":5,"error":"no"}'),
            (ReasonCode.PROVIDER_ADDRESS_MOVED, 302, ""),
            (ReasonCode.PROVIDER_FAULT, 503, "busy"),
        )
    ),
]

STORY: Story = [
    join(ANNA, "anna"),
    setting("referral_after_ads", 2, "7:1"),
    setting("referral_welcome_points", 50, "7:2"),
    join(BEN, "ben", "anna"),
    ad(BEN, 1),
    ad(BEN, 2),  # three lines: the ad, Anna's bonus, Ben's gift
    opened(ANNA, 1),
    ad(ANNA, 1),
    ad_of_a_network(ANNA, 2, "monetag", 1_234),
    ad_of_a_network(ANNA, 3, "adsgram", 0),
    opened(BEN, 3, "adsgram"),  # and never paid
    OLD_PERSON,
    OLD_ORDER,
    DIGEST,
    c.NoteClockStep(by="system", step_ms=-3_600_000),
    ad(BEN, 3),
    give(BEN, 1_000, "7:3"),
    order(BEN, "00000000000a"),
    send("00000000000a"),
    c.AcceptOrder(
        by="provider", order_id="00000000000a", provider_order_id="P-9", answer='{"a":1}'
    ),
    order(BEN, "00000000000b"),
    send("00000000000b"),
    c.NoteNotSent(
        by="system", order_id="00000000000b", reason_code=ReasonCode.PROVIDER_UNREACHABLE
    ),
    send("00000000000b"),
    c.RejectOrder(
        by="provider",
        order_id="00000000000b",
        reason_code=ReasonCode.LINK_REFUSED,
        http_status=400,
        answer="no\n",
    ),
    order(BEN, "00000000000c"),
    send("00000000000c"),
    c.NoteUnclear(by="system", order_id="00000000000c", reason_code=ReasonCode.NO_ANSWER),
    order(ANNA, "00000000000d"),
    give(ANNA, -7, "7:4"),
    *itertools.chain.from_iterable(map(given_up, itertools.count(0xE00), REASONS)),
    join(CLEO, "cleo", "ben"),
    c.Ban(by="admin:7", user_id=CLEO, key="7:5", reason="two accounts"),
    c.Unban(by="admin:7", user_id=CLEO, key="7:6"),
    c.NoteUnreachable(by="system", user_id=CLEO, reason="blocked"),
    c.NoteReachable(by=f"user:{CLEO}", user_id=CLEO),
    c.Ban(by="admin:7", user_id=CLEO, key="7:7"),
    c.NoteAppeal(by=f"user:{CLEO}", user_id=CLEO, message_id=77),
    join(ERIK, "erik", "anna"),
    c.FreezeEarning(by="admin:7", user_id=ANNA, key="7:9", sign="ring"),
    ad(ERIK, 1),
    ad(ERIK, 2),  # he qualifies, and Anna's bonus must wait
    c.UnfreezeEarning(by="admin:7", user_id=ANNA, key="7:10"),
    ad(ERIK, 3),
    c.FreezeEarning(by="admin:7", user_id=ERIK, key="7:11", reason="a second account"),
    c.TakeBackEarnings(by="admin:7", user_id=ERIK, amount_points=3, key="7:12", reason="so"),
    c.TakeBackEarnings(
        by="admin:7", user_id=ERIK, amount_points=5_000, key="7:13", below_zero=True
    ),
    c.RequireChannel(by="admin:7", channel="@viewbank_news", key="7:14"),
    *DELIVERIES,
    c.StartBroadcast(
        by="admin:7",
        broadcast_id="7:86",
        chat_id=7,
        message_id=83,
        more_message_ids=(84, 85),
    ),
    c.StartBroadcast(by="admin:7", broadcast_id="7:90", chat_id=7, message_id=89),
    c.ProgressBroadcast(by="system", broadcast_id="7:90", cursor=4, **COUNTS),
    c.FinishBroadcast(by="system", broadcast_id="7:90", **COUNTS),
    setting("points_per_1000_views", 9_999, "7:8"),
]


async def play(folder: Path, steps: range) -> None:
    """Let these steps of the story happen."""
    clock_ms = itertools.count(NOON_MS + 61_001 * steps.start, 61_001)
    ledger = await Ledger.open_folder(folder, clock=lambda: next(clock_ms))
    for command in STORY[steps.start : steps.stop]:
        decision = await ledger.execute(command)
        assert isinstance(decision, tuple), (command, decision)
    await ledger.close()


def balances(state: State) -> dict[str, int]:
    """Every account with its points."""
    found = {account_name("user", user.user_id): user.balance for user in state.users.values()}
    found |= {
        account_name("order", order.order_id): order.reserve_points
        for order in state.orders.values()
    }
    return found | state.accounts


def statuses(state: State) -> dict[str, str]:
    """The status of every order, also of those that have left the memory."""
    return {one: order.status for one, order in (state.closed_orders | state.orders).items()}


def make(folder: Path) -> None:
    """Write a golden folder; `user_data.json` stays at the line it stood at before the crash."""
    folder.mkdir(parents=True)
    before_the_crash = len(STORY) - 4
    asyncio.run(play(folder, range(before_the_crash)))
    refresh(folder)
    with (folder / "events.jsonl").open("ab") as log:
        log.write(HALF_A_LINE)
    asyncio.run(play(folder, range(before_the_crash, len(STORY))))
    for remains in folder.glob("events.jsonl.torn-*"):
        remains.unlink()
    recovered = recover(folder)
    assert recovered.from_seq, recovered.warning
    expected = {
        "seq": recovered.head.seq,
        "hash": recovered.head.hash,
        "balances": balances(recovered.state),
        "status": statuses(recovered.state),
    }
    (folder / "balances.json").write_text(json.dumps(expected, indent=2) + "\n")


if __name__ == "__main__":
    make(ROOT / "tests" / "golden" / f"format-{e.LOG_FORMAT}-with-deliveries")
