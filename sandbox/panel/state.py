"""What the panel remembers: its settings, orders, refills, catalogue and plan."""

from typing import Literal

from msgspec import Struct, field

from sandbox.panel.catalogue import Service, default_services
from sandbox.panel.families import Numbers
from sandbox.panel.faults import Chaos, PanelFault
from sandbox.panel.money import MICRO
from sandbox.panel.orders import End, PanelOrder

PANEL_KEY = "sandbox-panel-key"
FIRST_ORDER_ID = 880_001
FIRST_REFILL_ID = 1
FIRST_BALANCE_MICRO = 100 * MICRO


class PanelSettings(Struct, forbid_unknown_fields=True):
    """How the panel behaves when nothing is planned."""

    key: str = PANEL_KEY
    currency: str = "USD"
    numbers: Numbers = "mixed"
    """Numbers in answers: as most panels do, all as text, or all as JSON numbers."""
    delivery_s: float = 25
    """From a new order to its end."""
    duplicate_guard: Literal["link", "before_query", "off"] = "link"
    """What must differ between running orders of a service; `before_query` ignores what is after
    the `?`, as one fork does."""
    charge_shrinks: bool = True
    """Whether `charge` is without what was given back."""
    cancel_works: bool = True
    """Whether a cancellation that was accepted takes effect."""


class RefillTask(Struct):
    """A refill that was accepted."""

    refill: int
    order: int
    at: float


class PanelState(Struct):
    """What survives a restart."""

    requests: dict[str, int] = field(default_factory=dict)
    """Every request that arrived, answered or not, by its action."""
    at_once_max: int = 0
    """The most requests that it was answering at once."""
    fired: dict[str, int] = field(default_factory=dict)
    """How often each kind of fault was applied, planned or by chance."""
    orders: list[PanelOrder] = field(default_factory=list)
    refills: list[RefillTask] = field(default_factory=list)
    balance_micro: int = FIRST_BALANCE_MICRO
    services: list[Service] = field(default_factory=default_services)
    settings: PanelSettings = field(default_factory=PanelSettings)
    script: list[PanelFault] = field(default_factory=list)
    ends: list[End] = field(default_factory=list)
    """How the next orders end."""
    chaos: Chaos | None = None
