"""Commands about the log itself."""

from ledger.command_types.base import Command


class NoteDigest(Command, frozen=True, kw_only=True, tag="note_digest"):
    """Record the head that the admins got in a digest. Key: the day. As in `DigestSent`."""

    day: str
    head_seq: int
    head_hash: str
    people: int
    ads: int
    orders: int


class NoteTailCut(Command, frozen=True, kw_only=True, tag="note_tail_cut"):
    """Record that an incomplete command, left by a crash, was cut off the log."""

    offset_bytes: int
    length_bytes: int
    kept_as: str


class NoteClockStep(Command, frozen=True, kw_only=True, tag="note_clock_step"):
    """Record that the machine's clock was set. Negative: back."""

    step_ms: int


class StartLog(Command, frozen=True, kw_only=True, tag="start_log"):
    """Write the first line of a new log."""
