"""The memory of a state by its parts, each object counted once.

An estimate from the objects' own sizes, without what the allocator rounds up.
"""

import sys
from itertools import chain

import msgspec

from ledger.state import Books, State


def weigh(state: State) -> dict[str, int]:
    """Bytes of each part of the state, largest first; what two share counts for the first."""
    seen: set[int] = set()
    looked_up = [name for name in dir(state) if not name.startswith("_") and name != "books"]
    # The books first: indexes then count only what they add.
    parts = {name: _bytes_of(getattr(state.books, name), seen) for name in Books.__struct_fields__}
    for name in looked_up:
        part = getattr(state, name)
        if name not in parts and not callable(part):
            parts[name] = _bytes_of(part, seen)
    return dict(sorted(parts.items(), key=lambda item: -item[1]))


def _bytes_of(root: object, seen: set[int]) -> int:
    total, waiting = 0, [root]
    while waiting:
        item = waiting.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        total += sys.getsizeof(item)
        if isinstance(item, dict):
            waiting.extend(chain.from_iterable(item.items()))
        elif isinstance(item, (list, tuple, set)):
            waiting.extend(item)
        elif isinstance(item, msgspec.Struct):
            waiting.extend(getattr(item, name) for name in item.__struct_fields__)
    return total
