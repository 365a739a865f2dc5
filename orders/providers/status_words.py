"""The words with which panels report the state of an order."""

import re

from orders.providers.base import Progress

_GAPS = re.compile(r"[\s_-]+")
_PROGRESS = {
    "pending": Progress.ACCEPTED,
    "processing": Progress.ACCEPTED,
    "inprogress": Progress.RUNNING,
    "completed": Progress.COMPLETED,
    "complete": Progress.COMPLETED,
    "partial": Progress.PARTIAL,
    "canceled": Progress.CANCELED,
    "cancelled": Progress.CANCELED,
    "refunded": Progress.CANCELED,
    # It was delivered, and is topped up.
    "refill": Progress.COMPLETED,
    "refilling": Progress.COMPLETED,
    "error": Progress.FAILED,
    "fail": Progress.FAILED,
    "failed": Progress.FAILED,
}


def progress_of(word: str) -> Progress:
    """What a word means, whatever its case, spaces, `_` and `-`."""
    return _PROGRESS.get(_GAPS.sub("", word).casefold(), Progress.UNKNOWN)
