"""The client of the sandbox for tests: simulated users, planned faults, and what the bot did.

    async with SandboxClient(url) as world:
        ann = await world.add_user("Ann")
        await ann.start()
        await ann.wait_for("Welcome")
        await ann.press("💰 Balance")
        await ann.wait_for("0 points")

A test reads like the conversation. What does not come in time is an AssertionError that shows the
whole chat.
"""

from types import TracebackType
from typing import Any, Literal, Self

from sandbox.client_networks import NetworkControl
from sandbox.client_panel import PanelControl
from sandbox.client_user import User
from sandbox.client_view import Call, Order
from sandbox.client_wire import WAIT_S, Json, SandboxRefusedError, Wire

__all__ = [
    "NetworkControl",
    "PanelControl",
    "ProviderControl",
    "SandboxClient",
    "SandboxRefusedError",
    "User",
]

FaultKind = Literal["429", "500", "drop", "slow", "drip", "error"]


class SandboxClient:
    """The sandbox at an address."""

    def __init__(self, url: str, *, wait_s: float = WAIT_S) -> None:
        self.wire = Wire(url, wait_s)
        self.provider = ProviderControl(self.wire)
        self.panel = PanelControl(self.wire)
        self.monetag = NetworkControl(self.wire, "monetag")
        self.adsgram = NetworkControl(self.wire, "adsgram")
        self._users: dict[int, User] = {}

    async def __aenter__(self) -> Self:
        await self.wire.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.wire.close()

    # People

    def user(self, user_id: int) -> User:
        """The user with this id; always the same object, which remembers what it has seen."""
        return self._users.setdefault(user_id, User(self.wire, user_id))

    async def add_user(
        self,
        first_name: str,
        *,
        id: int | None = None,  # noqa: A002  the name that Telegram uses
        last_name: str | None = None,
        username: str | None = None,
        language_code: str | None = "en",
        is_admin: bool = False,
        invite: str = "",
    ) -> User:
        """Add a user; with an invite (a code or a t.me link) they start the bot with it."""
        new = {
            "first_name": first_name,
            "id": id,
            "last_name": last_name,
            "username": username,
            "language_code": language_code,
            "is_admin": is_admin,
            "invite": invite,
        }
        return self.user((await self.wire.post("/users", new))["id"])

    async def users(self) -> list[Json]:
        """All users, as the control API shows them."""
        found: list[Json] = (await self.wire.get("/users"))["users"]
        return found

    # Channels

    async def add_channel(self, name: str, *, bot_is_admin: bool = True) -> None:
        """Add a public channel, or change whether the bot is an administrator there."""
        await self.wire.post(f"/channels/{name}", {"bot_is_admin": bot_is_admin})

    async def set_member(
        self, name: str, user: User, status: str = "member", *, is_member: bool = False
    ) -> None:
        """Let somebody join a channel, or be what else Telegram knows; `is_member`: restricted."""
        body = {"user_id": user.id, "status": status, "is_member": is_member}
        await self.wire.post(f"/channels/{name}/members", body)

    # What the bot did

    async def calls(self, method: str = "", *, after: int = 0) -> list[Call]:
        """The bot's calls so far (getUpdates only where it failed)."""
        answer = await self.wire.get("/calls", method=method, after=after)
        return [Call(raw) for raw in answer["calls"]]

    async def wait_for_call(
        self, method: str, *, after: int = 0, timeout_s: float | None = None
    ) -> Call:
        """The first call of a method after a call number."""
        wait_s = self.wire.wait_s if timeout_s is None else timeout_s
        answer = await self.wire.get("/calls", method=method, after=after, wait_s=wait_s)
        if not answer["calls"]:
            raise AssertionError(f"the bot did not call {method} within {wait_s} s")
        return Call(answer["calls"][0])

    async def updates(self) -> list[Json]:
        """Every update that was made for the bot, the newest last."""
        found: list[Json] = (await self.wire.get("/updates"))["updates"]
        return found

    async def pending_update_ids(self) -> list[int]:
        """The updates that the bot has not confirmed yet."""
        found: list[int] = (await self.wire.get("/updates"))["pending"]
        return found

    async def repeat(self, update_id: int, *, new_id: bool = False) -> int:
        """Deliver an update once more, under its own id or a new one; returns that id."""
        answer = await self.wire.post(f"/updates/{update_id}/repeat", {"new_id": new_id})
        return int(answer["update_id"])

    async def repeat_last(self, *, new_id: bool = False) -> int:
        """Deliver the newest update once more."""
        return await self.repeat((await self.updates())[-1]["update_id"], new_id=new_id)

    # Faults of Telegram

    async def fault(
        self,
        kind: FaultKind,
        method: str = "*",
        *,
        times: int | None = 1,
        to: User | None = None,
        after: bool = False,
        retry_after_s: int = 1,
        delay_s: float = 120,
        code: int = 400,
        description: str = "Bad Request: planned by the test",
    ) -> None:
        """Let the next calls fail; `after` carries the call out first, `times=None` goes on."""
        plan = {
            "kind": kind,
            "method": method,
            "times": times,
            "chat_id": to.id if to else None,
            "after": after,
            "retry_after_s": retry_after_s,
            "delay_s": delay_s,
            "code": code,
            "description": description,
        }
        await self.wire.post("/faults", plan)

    async def clear_faults(self) -> int:
        """End all planned faults; return how often they fired, so that a test can check it."""
        return sum(fault["hits"] for fault in (await self.wire.delete("/faults"))["faults"])

    async def fault_hits(self) -> int:
        """How often planned faults have fired."""
        return sum(fault["hits"] for fault in (await self.wire.get("/faults"))["faults"])

    async def release_slow_calls(self) -> int:
        """Release slow and dripping calls; return how many waited."""
        return int((await self.wire.post("/faults/release"))["released"])

    async def limit_messages(self, per_s: int | None) -> None:
        """Switch Telegram's limit on messages a second on (429 beyond it), or off."""
        await self.wire.post("/limits", {"messages_per_s": per_s})

    async def expire_callbacks(self) -> None:
        """Make all button presses so far too old to be answered."""
        await self.wire.post("/callbacks/expire")


class ProviderControl:
    """Controls the simulated order provider."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def answers(self, *script: str | Json) -> None:
        """Set its next answers: names such as "slow", or objects with details."""
        plan = [{"kind": step} if isinstance(step, str) else step for step in script]
        await self._wire.post("/provider", {"script": plan})

    async def always(self, kind: str, **more: Any) -> None:  # noqa: ANN401  a behaviour's fields
        """Set how it answers until this is changed."""
        await self._wire.post("/provider", {"script": [{"kind": kind, "times": None, **more}]})

    async def calm(self) -> None:
        """Answer normally again, and release slow answers."""
        await self._wire.delete("/provider")

    async def release(self) -> int:
        """Release slow answers; return how many waited."""
        return int((await self._wire.post("/provider/release"))["released"])

    async def orders(self) -> list[Order]:
        """All orders that it accepted."""
        return [Order(raw) for raw in (await self._wire.get("/provider"))["orders"]]

    async def requests(self) -> int:
        """How many requests it received, answered or not."""
        return int((await self._wire.get("/provider"))["requests"])

    async def wait_for(self, *, requests: int = 0, waiting: int = 0) -> Json:
        """Wait until it received this many requests, or delays this many slow answers."""
        state = await self._wire.get(
            "/provider", requests=requests, waiting=waiting, wait_s=self._wire.wait_s
        )
        if state["requests"] < requests or state["waiting"] < waiting:
            raise AssertionError(f"the provider saw only {state}")
        return state
