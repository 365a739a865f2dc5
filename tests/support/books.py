"""Small, realistic data folders: a real ledger executes a story's commands and leaves its files."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

from ledger import commands as c
from ledger import events as e
from ledger.ledger import Ledger
from ledger.order_status import OrderStatus
from ledger.reason_codes import OrderRequest, ReasonCode
from ledger.store.file import LOG_NAME
from ledger.store.file_log import FileLog
from ledger.store.memory import MemoryLogStore
from ledger.store.profiles import Profile
from ledger.store.reader import LogReader
from ledger.store.record import Head, encode_records
from ledger.store.snapshot import refresh
from support.given import KEY, LINK, NOON_MS

ANNA, BEN, CLEO, DAN = 101, 102, 103, 104
NAMES = {ANNA: "Anna", BEN: "Ben", CLEO: "Cleo", DAN: "Dan"}


class Story:
    """Executes commands, a minute apart. A refusal is an error of the test."""

    def __init__(self) -> None:
        self.now_ms = NOON_MS
        self.ledger: Ledger | None = None
        self._messages = 0

    async def do(self, command: c.AnyCommand) -> None:
        self.now_ms += 60_000
        assert self.ledger is not None
        decision = await self.ledger.execute(command)
        assert isinstance(decision, tuple), decision

    async def join(self, user_id: int, invited_by_code: str = "") -> None:
        await self.do(
            c.Join(
                by=f"user:{user_id}",
                user_id=user_id,
                referral_code=f"code{user_id}",
                invited_by_code=invited_by_code,
            )
        )
        assert self.ledger is not None
        name = NAMES[user_id]
        self.ledger.note_profile(
            Profile(user_id=user_id, username=name.lower(), first_name=name, language="en")
        )

    async def ads(self, user_id: int, first: int, last: int) -> None:
        for number in range(first, last + 1):
            await self.do(
                c.RewardAd(
                    by=f"user:{user_id}",
                    user_id=user_id,
                    ad_number=number,
                    opened_at_ms=self.now_ms,
                )
            )

    async def order(
        self,
        user_id: int,
        order_id: str,
        *,
        service_id: str = "",
        quantity: int = 10,
        price_points: int = 100,
    ) -> None:
        await self.do(
            c.PlaceOrder(
                by=f"user:{user_id}",
                user_id=user_id,
                order_id=order_id,
                video_link=LINK,
                video_key=KEY,
                quantity=quantity,
                price_points=price_points,
                service_id=service_id,
            )
        )
        await self.do(c.SendOrder(by="system", order_id=order_id))

    def key(self) -> str:
        self._messages += 1
        return f"7:{self._messages}"

    async def give(self, user_id: int, points: int, reason: str = "sorry for the delay") -> None:
        await self.do(
            c.AdjustBalance(
                by="admin:7", user_id=user_id, amount_points=points, reason=reason, key=self.key()
            )
        )


Teller = Callable[[Story], Awaitable[None]]


async def everything(story: Story) -> None:
    """Several users, with everything that can happen to them."""
    await story.join(ANNA)
    await story.do(
        c.ChangeSetting(by="admin:7", name="referral_welcome_points", value=50, key=story.key())
    )
    await story.join(BEN, f"code{ANNA}")
    await story.join(CLEO, f"code{ANNA}")
    await story.ads(BEN, 1, 5)
    await story.give(BEN, 500)
    for number, answer in enumerate(("accepted", "rejected", "unclear", "waiting"), 1):
        order_id = f"{number:012x}"
        await story.order(BEN, order_id)
        match answer:
            case "accepted":
                await story.do(
                    c.AcceptOrder(by="provider", order_id=order_id, provider_order_id="P-9")
                )
            case "rejected":
                await story.do(
                    c.RejectOrder(by="provider", order_id=order_id, reason_code=ReasonCode.REFUSED)
                )
            case "unclear":
                await story.do(
                    c.NoteUnclear(by="system", order_id=order_id, reason_code=ReasonCode.NO_ANSWER)
                )
            case _:
                await story.do(
                    c.NoteNotSent(
                        by="system", order_id=order_id, reason_code=ReasonCode.PROVIDER_UNREACHABLE
                    )
                )
    await story.give(ANNA, -20, "counted twice")
    await story.join(DAN)
    await story.do(c.Ban(by="admin:7", user_id=DAN, key=story.key(), reason="two accounts"))
    await story.do(c.Ban(by="admin:7", user_id=CLEO, key=story.key()))
    await story.do(c.Unban(by="admin:7", user_id=CLEO, key=story.key()))
    await story.do(c.NoteUnreachable(by="system", user_id=CLEO, reason="blocked"))
    await story.do(c.NoteReachable(by="user:103", user_id=CLEO))
    counts = {"sent": 2, "unreachable": 1, "failed": 1}
    await story.do(c.StartBroadcast(by="admin:7", broadcast_id="7:90", chat_id=7, message_id=89))
    await story.do(c.ProgressBroadcast(by="system", broadcast_id="7:90", cursor=4, **counts))
    await story.do(c.FinishBroadcast(by="system", broadcast_id="7:90", **counts))


async def deliveries(story: Story) -> None:
    """Offers, and orders that are followed to each end, with a correction and a comparison."""
    await story.join(ANNA)
    await story.give(ANNA, 2_000)
    offer = c.ChangeOffer(
        by="admin:7",
        service_id="1",
        name="Views",
        points_per_1000=333,
        quantity_min=10,
        quantity_max=5_000,
        can_cancel=True,
        can_refill=True,
        key=story.key(),
    )
    await story.do(offer)
    ends = (OrderStatus.COMPLETED, OrderStatus.PARTIAL, OrderStatus.CANCELED)
    for number, end in enumerate(ends, 1):
        order_id = f"{number:012x}"
        await story.order(ANNA, order_id, service_id="1", quantity=1000, price_points=333)
        await story.do(
            c.AcceptOrder(
                by="provider", order_id=order_id, provider_order_id=f"P-{number}", followed=True
            )
        )
        remains = 500 if end is OrderStatus.PARTIAL else None
        await story.do(c.NoteProgress(by="provider", order_id=order_id, remains=900))
        await story.do(
            c.NoteReview(by="provider", order_id=order_id, reason_code=ReasonCode.STATUS_UNKNOWN)
        )
        cancel = OrderRequest.CANCEL
        await story.do(c.RequestForOrder(by="admin:7", order_id=order_id, what=cancel))
        await story.do(
            c.NoteRequestAnswer(by="provider", order_id=order_id, what=cancel, granted=True)
        )
        await story.do(c.EndOrder(by="provider", order_id=order_id, status=end, remains=remains))
    again = c.EndOrder(by="provider", order_id=f"{2:012x}", status=OrderStatus.PARTIAL, remains=900)
    await story.do(again)
    await story.order(ANNA, "00000000000b")
    why = ReasonCode.NO_ANSWER
    await story.do(c.NoteUnclear(by="system", order_id="00000000000b", reason_code=why))
    await story.do(c.NoteEvidence(by="system", order_id="00000000000b", cost_micro=5))
    await story.do(c.NoteReconciled(by="system", day="2026-01-01", orders=3, charged_micro=70_000))


async def a_little(story: Story) -> None:
    """Two users, a bonus in a command of three lines, and an order: small enough to break."""
    await story.join(ANNA)
    await story.do(
        c.ChangeSetting(by="admin:7", name="referral_welcome_points", value=50, key=story.key())
    )
    await story.do(
        c.ChangeSetting(by="admin:7", name="referral_after_ads", value=1, key=story.key())
    )
    await story.join(BEN, f"code{ANNA}")
    await story.ads(BEN, 1, 1)
    await story.order(ANNA, "00000000000a")
    await story.do(
        c.RejectOrder(by="provider", order_id="00000000000a", reason_code=ReasonCode.REFUSED)
    )


def write_books(folder: Path, tell: Teller = everything, *, user_data: bool = True) -> Path:
    """Execute the story, leave its files in this folder, and return the log's path."""
    store = MemoryLogStore()

    async def play() -> None:
        story = Story()
        story.ledger = await Ledger.open(store, folder, clock=lambda: story.now_ms)
        try:
            await tell(story)
        finally:
            await story.ledger.close()

    folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(play())
    log = folder / LOG_NAME
    log.write_bytes(b"".join(store.read(0)))
    if user_data:
        refresh(folder)
    return log


def events_of(log: Path) -> list[e.AnyEvent]:
    """All events of a log."""
    return list(LogReader(FileLog(log)).events())


def forge(log: Path, events: list[e.AnyEvent]) -> None:
    """Write a log of these events with a valid hash chain, as a skilled forger would."""
    log.write_bytes(b"".join(encode_records(events, Head())[0]))


def offsets_of(log: Path) -> list[int]:
    """Where each line begins, in bytes."""
    return [0, *(match.end() for match in re.finditer(rb"\n", log.read_bytes()))][:-1]
