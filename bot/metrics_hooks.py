"""Metrics hooks of the bot room; no-op by default.

The program passes in an implementation that counts (`viewbank/telemetry/metrics.py`). No method may
block or raise, and none is given who a person is.
"""

from typing import Literal, TypeAlias

Outcome: TypeAlias = Literal["done", "failed", "flooded", "repeated"]
"""What became of an update.

- `flooded`: refused, because its person had too many in flight.
- `repeated`: delivered again by Telegram while it was in flight, or after that.
"""


class BotHooks:
    """What the bot reports; times are in seconds."""

    def update_ended(self, kind: str, outcome: Outcome) -> None:
        """Nothing more happens to an update. `kind` is Telegram's name, such as `message`."""

    def update_durable(self, wait_s: float) -> None:
        """Seconds from receipt until the update's events were durable."""

    def update_answered(self, wait_s: float) -> None:
        """Seconds from receipt until Telegram had executed the first reply."""

    def updates_in_flight(self, updates: int) -> None:
        """How many updates wait or are being handled now."""

    def updates_persisted(self, updates: int) -> None:
        """How many more updates were written to the inbox, because handling them took a while."""

    def call_waited(self, priority: str, wait_s: float) -> None:
        """How long a call waited in the send queue, by `reply`, `notice` or `broadcast`."""

    def call_ended(self, method: str, outcome: str) -> None:
        """A call to Telegram ended: `ok`, or the name of the error's class."""

    def call_given_up(self) -> None:
        """A message kept failing while others got through, and is not tried any more."""
