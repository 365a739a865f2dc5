"""Events about the log itself, and the clock that dates it."""

from ledger.event_types.base import Event


class LogStarted(Event, frozen=True, kw_only=True, tag="log_started"):
    """The first line of every log. By `system`. `format` says which readers can read it."""

    format: int


class TailCut(Event, frozen=True, kw_only=True, tag="tail_cut"):
    """A crash left an incomplete command at the end; it was cut off. By `system`.

    `length_bytes` at `offset_bytes` were moved to the file `kept_as`, beside the log. Nobody had
    got a reply that rests on them.
    """

    offset_bytes: int
    length_bytes: int
    kept_as: str


class ClockStepped(Event, frozen=True, kw_only=True, tag="clock_stepped"):
    """The machine's clock was set. By `system`.

    `step_ms`: how far, in milliseconds; negative if it was set back. The lines before this one
    have the times of the clock before. See `ledger.clocks.steady_time`.
    """

    step_ms: int


class DigestSent(Event, frozen=True, kw_only=True, tag="digest_sent"):
    """The admins got the head of the log, for `verify --head`. By `system`.

    Attributes:
        day: the last UTC day that the digest covers: the natural key.
        head_seq: the last line that it covers.
        head_hash: the hash of that line.
        people: how many people had joined by that line; `ads` and `orders` likewise.
    """

    day: str
    head_seq: int
    head_hash: str
    people: int
    ads: int
    orders: int
