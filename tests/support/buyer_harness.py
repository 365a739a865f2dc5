"""A buyer in the bot's handlers: what they say and tap is handled at once, without a receiver."""

import json
from typing import Any

from bot.updates import Update, decode_update
from ledger import commands as c
from ledger.economy import Offer
from sandbox.client import User
from sandbox.client_view import Seen
from support.bot_harness import ADMIN_ID, BotHarness

LIKES = Offer(
    service_id="11",
    name="YouTube likes",
    points_per_1000=2000,
    quantity_min=10,
    quantity_max=1000,
    platform="youtube",
    metric="likes",
    target="video",
    service_type="Default",
    position=1,
    can_cancel=True,
    can_refill=True,
)


def offer(service_id: str, **fields: Any) -> Offer:
    """A service like the likes, with other fields."""
    given = {name: getattr(LIKES, name) for name in Offer.__struct_fields__}
    return Offer(**given | {"service_id": service_id} | fields)


VIEWS = offer("12", name="YouTube views", metric="views", position=2)
COMMENTS = offer(
    "13",
    name="YouTube comments",
    metric="comments",
    service_type="Custom Comments",
    quantity_min=2,
    quantity_max=5,
    points_per_1000=100_000,
    position=3,
)
MEMBERS = offer(
    "14", name="Telegram members", platform="telegram", metric="members", target="page", position=4
)
POSTS = offer(
    "15", name="Instagram likes", platform="instagram", target="post", position=5, can_cancel=False
)


class Buyer:
    """A person with points, and the bot that serves them."""

    def __init__(self, room: BotHarness, user: User) -> None:
        self.room = room
        self.user = user
        self._keys = 0
        self._done = 0

    @classmethod
    async def create(cls, room: BotHarness, name: str = "Anna", points: int = 1000) -> "Buyer":
        user = await room.world.add_user(name)
        await room.join(user)
        buyer = cls(room, user)
        await buyer.give(points)
        await buyer.handle()
        return buyer

    @property
    def id(self) -> int:
        return self.user.id

    @property
    def balance(self) -> int:
        return self.room.ledger.state.users[self.id].balance

    async def do(self, command: c.AnyCommand) -> None:
        """A command of somebody else's, such as the admin or the order dispatcher."""
        outcome = await self.room.ledger.execute(command)
        assert isinstance(outcome, tuple), outcome

    async def give(self, points: int) -> None:
        self._keys += 1
        key = f"{self.id}:{self._keys}"
        await self.do(
            c.AdjustBalance(
                by="admin:7", user_id=self.id, amount_points=points, reason="gift", key=key
            )
        )

    async def sell(self, *offers: Offer) -> None:
        """The admin offers these, or changes them."""
        for one in offers:
            fields = {name: getattr(one, name) for name in Offer.__struct_fields__}
            await self.do(c.ChangeOffer(by=f"admin:{ADMIN_ID}", **fields))

    async def handle(self) -> None:
        """Handle what has come in from this person."""
        for raw in await self.room.world.updates():
            if raw["update_id"] > self._done:
                self._done = raw["update_id"]
                update = decode_update(json.dumps(raw).encode())
                assert isinstance(update, Update)
                if update.person is not None and update.person.id == self.id:
                    await self.room.app.dispatch(update)

    async def say(self, text: str) -> Seen:
        """Type something; the bot's newest message."""
        await self.user.say(text)
        await self.handle()
        return await self.user.last()

    async def press(self, button: str, *, on: Seen | None = None) -> Seen:
        """Tap; what has become of the message with the button, or the bot's newest message."""
        await self.user.press(button, on=on, may_be_unanswered=True)
        await self.handle()
        return await self.user.last()

    async def forge(self, message: Seen, data: str) -> str:
        """Press a button that this message doesn't have; what pops up."""
        body = {"message_id": message.id, "data": data, "wait_s": 0, "forged": True}
        await self.room.world.wire.post(f"/users/{self.id}/press", body)
        await self.handle()
        return await self.toast()

    async def toast(self) -> str:
        """What popped up over the chat last."""
        calls = await self.room.world.calls("answerCallbackQuery")
        return str(calls[-1].params.get("text", ""))

    def forget(self) -> None:
        """The program was restarted."""
        self.room.services.steps.clear()

    async def at_confirm(self, link: str, quantity: str) -> Seen:
        await self.say(link)
        seen = await self.say(quantity)
        assert "Please check your order" in seen, seen.text
        return seen

    async def ordered(self, link: str, quantity: str) -> str:
        """Place an order; its id."""
        await self.at_confirm(link, quantity)
        await self.press("✅ Confirm")
        return self.room.ledger.state.orders_of[self.id][-1]

    async def accepted(self, order_id: str) -> None:
        """The provider takes it, and will say what becomes of it."""
        await self.do(c.SendOrder(by="system", order_id=order_id))
        await self.do(
            c.AcceptOrder(by="provider", order_id=order_id, provider_order_id="77", followed=True)
        )
