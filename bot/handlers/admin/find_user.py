"""Finds the person whom an admin means, without blocking the event loop."""

import asyncio
from typing import NamedTuple

from ledger.state import State, User
from ledger.user_search import by_id, by_name, by_part_of_name, words_of

_STRIDE = 20_000
"""Names to compare before other tasks get their turn (about 2 ms)."""


_STRIDE_OF_PARTS = 2_000
"""Likewise, for parts of names."""


class NoSingleMatch(NamedTuple):
    """Nobody has this id or name, or several people have this name: those with these ids."""

    ids: tuple[int, ...] = ()


async def find_user(state: State, text: str) -> User | NoSingleMatch:
    """The one person with this id or @username. Upper and lower case are the same."""
    found = by_id(state, text)
    if found is None:
        found = []
        ids = state.user_ids
        for start in range(0, len(ids), _STRIDE):
            found += by_name((state.users[who] for who in ids[start : start + _STRIDE]), text)
            await asyncio.sleep(0)
    return found[0] if len(found) == 1 else NoSingleMatch(tuple(user.user_id for user in found))


async def search_users(state: State, text: str, most: int) -> list[User]:
    """Up to `most` people with this id, or with these words in their names; newest first."""
    found, words, ids = by_id(state, text) or [], words_of(text), state.user_ids
    for end in range(len(ids), 0, -_STRIDE_OF_PARTS):
        if len(found) >= most:
            break
        some = (state.users[who] for who in reversed(ids[max(0, end - _STRIDE_OF_PARTS) : end]))
        found += [user for user in by_part_of_name(some, words) if user not in found]
        await asyncio.sleep(0)
    return found[:most]
