"""Finding the line that has a given hash, such as one from an earlier daily digest.

A hash vouches for its line and all before it. So when a log checks, and has a line with a hash
that was written down elsewhere at the time, then nothing up to that line was changed since.
"""

import re

from ledger.store.base import LogSource
from ledger.store.reader import Progress
from ledger.store.record import ENDING, Head, head_at, parse_record

_PROGRESS_EVERY_BYTES = 1 << 24
_A_HASH = re.compile(r"[0-9a-f]{64}")


def read_hash(text: str) -> str:
    """A hash as a person may paste it.

    Raises:
        ValueError: it is not one.
    """
    text = text.strip().lower()
    if not _A_HASH.fullmatch(text):
        raise ValueError(f"{text[:70]!r} is not a hash; a hash is 64 digits and letters a to f")
    return text


def find_line(log: LogSource, digest: str, progress: Progress | None = None) -> Head | None:
    """The line with this hash, or None.

    This doesn't check the log up to there; `ledger.audit.verify` does.

    Raises:
        OSError: the log can't be read.
        BadRecord: the line is there, and can't be read.
    """
    # Quotation marks within a text are escaped, so nothing else in a line reads like this.
    wanted = ENDING % digest.encode() + b"\n"
    done_bytes = shown_bytes = 0
    for block in log.read(0):
        found = block.find(wanted)
        if found >= 0:
            begin = block.rfind(b"\n", 0, found) + 1
            return head_at(parse_record(block[begin : found + len(wanted)]))
        done_bytes += len(block)
        if progress and done_bytes - shown_bytes >= _PROGRESS_EVERY_BYTES:
            shown_bytes = done_bytes
            progress(done_bytes, max(done_bytes, log.size_bytes))
    return None
