"""What admins are shown of the provider's side; `viewbank` passes it in. A simple one has none."""

from collections.abc import Mapping
from typing import Protocol

from ledger.state import State
from orders.providers.base import Balance, CallFailed, Service


class Catalogue(Protocol):
    """The provider's services, as last read."""

    @property
    def services(self) -> Mapping[str, Service]:
        """By the provider's id; empty before the first reading."""

    @property
    def unreadable(self) -> int:
        """How many further services could not be read."""

    @property
    def read_at_ms(self) -> int:
        """When that was, in epoch milliseconds; 0 before that."""

    @property
    def problem(self) -> CallFailed | None:
        """Why the last attempt to read them failed; None if it didn't."""

    async def refresh(self) -> object:
        """Read them now. Raises nothing for a failed request: see `problem`."""


class ProviderAccount(Protocol):
    """Our money at the provider, as last read."""

    @property
    def balance(self) -> Balance | None:
        """The balance; None before the first reading."""

    @property
    def read_at_ms(self) -> int:
        """When that was, in epoch milliseconds; 0 before that."""

    @property
    def problem(self) -> CallFailed | None:
        """Why the last attempt to read it failed; None if it didn't."""

    def days_left(self, state: State, now_ms: int) -> float | None:
        """How long it lasts at the present rate; None if that can't be said."""
