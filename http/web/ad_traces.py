"""What people's ads leave behind for the search for fraud: sessions opened and paid, from where.

All of it is in memory, bounded, and gone with the process. No address is stored or shown: what is
kept is a hash whose salt lives as long as the process, so it says whether two people share an
address, and nothing else.
"""

import hashlib
import secrets
from collections import OrderedDict
from dataclasses import dataclass

from ledger import events as e
from ledger.fraud.signs import SessionCount
from ledger.ledger import Ledger

PEOPLE_MAX = 10_000


@dataclass(slots=True)
class _Trace:
    opened: int = 0
    paid: int = 0
    address: str = ""


class AdTraces:
    """The newest people who started an ad."""

    def __init__(
        self, ledger: Ledger, *, people_max: int = PEOPLE_MAX, salt: bytes | None = None
    ) -> None:
        """Nobody yet. Follows the ledger from now on."""
        self._salt = salt or secrets.token_bytes(32)
        self._people_max = people_max
        self._traces: OrderedDict[int, _Trace] = OrderedDict()
        ledger.follow(self._on_event)

    def note_start(self, user_id: int, address: str, *, is_new: bool) -> None:
        """A person got a session.

        Args:
            user_id: the person.
            address: where they asked from; empty: unknown.
            is_new: whether they did not have this session before.
        """
        trace = self._traces.setdefault(user_id, _Trace())
        self._traces.move_to_end(user_id)
        if len(self._traces) > self._people_max:
            self._traces.popitem(last=False)
        trace.opened += is_new
        if address:
            trace.address = self._hash(address)

    def sessions(self) -> dict[int, SessionCount]:
        """How many sessions each person opened, and how many of them a network confirmed."""
        return {
            user_id: SessionCount(trace.opened, trace.paid)
            for user_id, trace in self._traces.items()
        }

    def addresses(self) -> dict[int, str]:
        """What stands for the address of each person's last start, where that is known."""
        return {user_id: trace.address for user_id, trace in self._traces.items() if trace.address}

    def _hash(self, address: str) -> str:
        return hashlib.blake2b(address.encode(), key=self._salt, digest_size=16).hexdigest()

    def _on_event(self, event: e.AnyEvent) -> None:
        if isinstance(event, e.AdRewarded) and event.network:
            trace = self._traces.get(event.user_id)
            # A session may be older than the process, or than what is remembered of the person.
            if trace is not None and trace.paid < trace.opened:
                trace.paid += 1
