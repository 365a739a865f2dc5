"""Owns finding a person by what an admin typed, without holding up everybody else."""

import asyncio
from typing import NamedTuple

from ledger.state import State, User
from ledger.user_search import by_id, by_name

_STRIDE = 20_000
"""Names looked through before others in the event loop get their turn (about 2 ms)."""


class NotOne(NamedTuple):
    """Nobody goes by that, or several do: these."""

    ids: tuple[int, ...] = ()


async def find_user(state: State, text: str) -> User | NotOne:
    """The one person with this id, or this @username (case doesn't matter)."""
    found = by_id(state, text)
    if found is None:
        found = []
        ids = state.user_ids
        for start in range(0, len(ids), _STRIDE):
            found += by_name((state.users[who] for who in ids[start : start + _STRIDE]), text)
            await asyncio.sleep(0)
    return found[0] if len(found) == 1 else NotOne(tuple(user.user_id for user in found))
