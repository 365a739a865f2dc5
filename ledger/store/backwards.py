"""Reading a file's lines from its end towards its beginning."""

import os
from collections.abc import Iterator
from typing import NamedTuple

_BLOCK_BYTES = 1 << 16


class Line(NamedTuple):
    """A line of a file: where it begins, and its bytes without the line feed."""

    offset_bytes: int
    content: bytes


class FileShrank(Exception):  # noqa: N818 - says what happened
    """The file became shorter while it was read: its writer took back a failed append."""


def lines_backwards(fd: int, end_bytes: int) -> Iterator[Line]:
    """The lines before `end_bytes`, where one ends, the last one first.

    Raises:
        FileShrank: the file is shorter than that.
        OSError: it can't be read.
    """
    # `block` is what the file holds from `begin` on; the next line ends at `stop` within it.
    block, begin, stop = b"", end_bytes, 0
    while begin + stop > 0:
        cut = block.rfind(b"\n", 0, max(0, stop - 1))
        while cut < 0 and begin > 0:
            # Growing with what was read, else a long line would be gone through often.
            size = min(begin, max(_BLOCK_BYTES, stop))
            begin -= size
            block = read_exactly(fd, size, begin) + block[:stop]
            stop += size
            cut = block.rfind(b"\n", 0, stop - 1)
        yield Line(begin + cut + 1, block[cut + 1 : stop - 1])
        stop = cut + 1


def read_exactly(fd: int, size: int, offset_bytes: int) -> bytes:
    """These bytes of a file.

    Raises:
        FileShrank: it doesn't have them.
        OSError: it can't be read.
    """
    pieces = []
    while size > 0:
        piece = os.pread(fd, size, offset_bytes)  # one call gives at most 2 GiB
        if not piece:
            raise FileShrank
        pieces.append(piece)
        offset_bytes += len(piece)
        size -= len(piece)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)
