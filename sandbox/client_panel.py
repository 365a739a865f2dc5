"""The test client's part for the simulated panel."""

from typing import Any

from sandbox.client_wire import Json, Wire

PRESETS: dict[str, Json] = {
    "500": {"kind": "status", "status": 500},
    "429": {"kind": "status", "status": 429, "retry_after_s": 1, "text": "Too many requests"},
}
"""Short names for faults with details."""


class SeenOrder:
    """An order in the panel's records, as it stood when it was asked for."""

    def __init__(self, raw: Json) -> None:
        self.raw = raw
        self.id = int(raw["order"])
        self.service = int(raw["service"])
        self.link = str(raw["link"])
        self.quantity = int(raw["quantity"])
        self.comments: list[str] = raw["comments"]
        self.at = float(raw["at"])
        self.answered = str(raw["answered"])
        """The kind of answer that the client got to its `add`; "ok" for a good one."""
        self.status = str(raw["status"])
        self.remains: int | str | None = raw["remains"]
        self.start_count: int | str | None = raw["start_count"]
        self.charge = str(raw["charge"])
        self.cost_micro = int(raw["cost_micro"])
        self.returned_micro = int(raw["returned_micro"])

    def __repr__(self) -> str:
        return f"<order {self.id}: {self.quantity} x {self.service} {self.link}: {self.status}>"


class PanelControl:
    """Controls the simulated panel."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self.url = f"{wire.url}/panel/api/v2"
        self.url_v1 = f"{wire.url}/panel/api/v1"

    # Faults

    async def faults(self, *script: str | Json) -> None:
        """Set the next faults: names such as "slow" or "500", or objects with details."""
        await self._wire.post("/panel/faults", {"script": [_fault(step) for step in script]})

    async def always(self, kind: str, **more: Any) -> None:  # noqa: ANN401  a fault's fields
        """Set how it answers until this is changed."""
        await self.faults({**_fault(kind), "times": None, **more})

    async def chaos(self, seed: int, odds: dict[str, float], **more: Any) -> None:  # noqa: ANN401
        """Let chance decide: the probability of each kind; `actions`, `ends`, `text`, `delay_s`."""
        await self._wire.post("/panel/chaos", {"seed": seed, "odds": odds, **more})

    async def calm(self) -> int:
        """Answer normally again, release what waits; return how often the script's faults fired."""
        return int((await self._wire.delete("/panel/faults"))["hits"])

    async def release(self) -> int:
        """Release slow answers and wake it up; return how many waited."""
        return int((await self._wire.post("/panel/release"))["released"])

    # Orders

    async def next_ends(self, *ends: str | Json) -> None:
        """Set how the next orders end: names such as "partial", or objects with details."""
        await self._wire.post("/panel/ends", {"ends": list(ends)})

    async def set_order(self, order_id: int, **shown: Any) -> SeenOrder:  # noqa: ANN401
        """Set `status`, `remains`, `start_count` or `charge`; a status stops the clock for it."""
        return SeenOrder(await self._wire.post(f"/panel/orders/{order_id}", shown))

    async def orders(self) -> list[SeenOrder]:
        """All orders that it recorded."""
        return [SeenOrder(raw) for raw in (await self.state())["orders"]]

    # What it has and how it behaves

    async def settings(self, **changes: Any) -> Json:  # noqa: ANN401  a setting's value
        """Change settings: `delivery_s`, `numbers`, `duplicate_guard`, `charge_shrinks`, …."""
        return await self._wire.post("/panel/settings", changes)

    async def set_balance(self, balance: str) -> None:
        """Set the money at the panel, as decimal text."""
        await self._wire.post("/panel/balance", {"balance": balance})

    async def balance_micro(self) -> int:
        """The money at the panel, in micro-units."""
        return int((await self.state())["balance_micro"])

    async def set_service(self, service: int, **changes: Any) -> Json:  # noqa: ANN401
        """Change a service (`rate`, `min`, `max`, …), or add one with `name` and `rate`."""
        return await self._wire.post(f"/panel/services/{service}", changes)

    async def remove_service(self, service: int) -> None:
        """Let a service vanish."""
        await self._wire.delete(f"/panel/services/{service}")

    # What it received

    async def state(self) -> Json:
        """Everything: requests, orders, balance, services, settings, and the plan."""
        return await self._wire.get("/panel")

    async def requests(self, action: str = "") -> int:
        """How many requests it received, answered or not: of an action, or of all."""
        counts = (await self.state())["requests"]
        return int(counts.get(action, 0) if action else sum(counts.values()))

    async def at_once_max(self) -> int:
        """The most requests that it was answering at once."""
        return int((await self.state())["at_once_max"])

    async def fired(self) -> dict[str, int]:
        """How often each kind of fault was applied, planned or by chance."""
        found: dict[str, int] = (await self.state())["fired"]
        return found

    async def wait_for(
        self, *, requests: int = 0, action: str = "", orders: int = 0, waiting: int = 0
    ) -> Json:
        """Wait until it received or recorded this many, or holds back this many answers."""
        state = await self._wire.get(
            "/panel",
            requests=requests,
            action=action,
            orders=orders,
            waiting=waiting,
            wait_s=self._wire.wait_s,
        )
        counts = state["requests"]
        received = counts.get(action, 0) if action else sum(counts.values())
        seen = (received, len(state["orders"]), state["waiting"])
        if any(has < wanted for has, wanted in zip(seen, (requests, orders, waiting), strict=True)):
            raise AssertionError(f"the panel saw only {seen} requests, orders, waiting")
        return state


def _fault(step: str | Json) -> Json:
    return step if isinstance(step, dict) else PRESETS.get(step, {"kind": step})
