"""Time limits of a call to Telegram: one for each phase, and a total that they add up to.

A limit on the wait for the next bytes alone never ends an answer that comes one byte at a time.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import aiohttp

UPLOAD_BYTES_PER_S_MIN: Final = 32 * 1024
"""How fast a large body must get through on the whole."""
_SHORTEST_S: Final = 0.001
"""For a limit of 0, which aiohttp would take for no limit."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Time limits for the phases of a call, in seconds; None is no limit.

    Attributes:
        pool_s: waiting for a free connection.
        connect_s: finding the name, connecting and agreeing on TLS, all together.
        write_s: until the peer accepts the next chunk of a large body.
        read_s: waiting for the next bytes of an answer.
        upload_read_s: the same after an upload, which the peer has to process first.
        answer_s: what the total adds for an answer that comes in pieces.
    """

    pool_s: float | None = 1.0
    connect_s: float | None = 5.0
    write_s: float | None = 20.0
    read_s: float | None = 5.0
    upload_read_s: float | None = 30.0
    answer_s: float | None = 10.0

    def for_call(self, read_s: float | None, upload_bytes: int = 0) -> aiohttp.ClientTimeout:
        """The limits of one call, as aiohttp takes them.

        Args:
            read_s: waiting for the next bytes of this call's answer.
            upload_bytes: the size of a body that is written in chunks.
        """
        total_s = None
        if self.connect_s is not None and read_s is not None and self.answer_s is not None:
            write_s = upload_bytes / UPLOAD_BYTES_PER_S_MIN
            total_s = self.connect_s + write_s + read_s + self.answer_s
        return _limits(self.connect_s, read_s, total_s)


@lru_cache(maxsize=64)
def _limits(
    connect_s: float | None, read_s: float | None, total_s: float | None
) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(
        connect=_at_least(connect_s), sock_read=_at_least(read_s), total=_at_least(total_s)
    )


def _at_least(limit_s: float | None) -> float | None:
    return None if limit_s is None else max(limit_s, _SHORTEST_S)
