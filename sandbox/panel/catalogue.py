"""The panel's services: what is on offer, at which rate and within which limits."""

from typing import Literal

from msgspec import Struct

from sandbox.panel.money import micro_of

ServiceType = Literal["Default", "Package", "Custom Comments", "Poll", "Subscriptions"]


class Service(Struct, forbid_unknown_fields=True, kw_only=True):
    """One service, in the panel's words."""

    service: int
    name: str
    type: ServiceType = "Default"
    category: str = "Other"
    rate: str
    """Decimal text: the price of 1000 units; of the whole for a Package."""
    min: int = 1
    max: int = 1
    refill: bool = False
    cancel: bool = False
    dripfeed: bool = False

    def __post_init__(self) -> None:
        """Refuse a rate that is no amount."""
        micro_of(self.rate)

    def cost_micro(self, quantity: int) -> int:
        """The price of an order in micro-units, rounded up."""
        rate_micro = micro_of(self.rate)
        return rate_micro if self.type == "Package" else -(-rate_micro * quantity // 1000)


def default_services() -> list[Service]:
    """A small catalogue, with names as panels write them."""
    return [
        Service(
            service=101,
            name="YouTube Views [Fast | 30 days refill]",
            category="YouTube | Views",
            rate="0.90",
            min=10,
            max=1_000_000,
            refill=True,
            cancel=True,
        ),
        Service(
            service=102,
            name="YouTube Likes [Max 50K | No refill] ⚡",
            category="YouTube | Likes",
            rate="1.25",
            min=10,
            max=50_000,
            cancel=True,
        ),
        Service(
            service=103,
            name="YouTube Custom Comments [Real accounts | Slow]",
            type="Custom Comments",
            category="YouTube | Comments",
            rate="14.00",
            min=5,
            max=500,
        ),
        Service(
            service=201,
            name="TikTok Views [Instant | 10M/day]",
            category="TikTok | Views",
            rate="0.027",
            min=100,
            max=10_000_000,
        ),
        Service(
            service=202,
            name="🔥 TikTok Likes [HQ | 30 days refill | Cancel button]",
            category="TikTok | Likes",
            rate="0.8125",
            min=10,
            max=100_000,
            refill=True,
            cancel=True,
        ),
        Service(
            service=301,
            name="Instagram Followers [Mixed | 365 days refill]",
            category="Instagram | Followers",
            rate="2.40",
            min=50,
            max=200_000,
            refill=True,
        ),
        Service(
            service=302,
            name="Instagram Reels Views [Cheapest | 0-1 hour]",
            category="Instagram | Views",
            rate="0.0105",
            min=100,
            max=5_000_000,
            cancel=True,
        ),
        Service(
            service=401,
            name="Telegram Channel Members [Worldwide | No drop]",
            category="Telegram | Members",
            rate="1.10",
            min=100,
            max=100_000,
            cancel=True,
        ),
        Service(
            service=501,
            name="YouTube Views [Drip-feed | 500-1000/day]",
            category="YouTube | Views",
            rate="1.35",
            min=100,
            max=100_000,
            dripfeed=True,
        ),
        Service(
            service=601,
            name="YouTube Starter Package [1000 views + 50 likes]",
            type="Package",
            category="Packages",
            rate="4.99",
        ),
    ]
