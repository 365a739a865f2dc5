"""Owns finding a person by what an admin typed."""

import asyncio

from ledger.projections import State, User

_STRIDE = 20_000
"""Names looked through before others in the event loop get their turn (about 2 ms)."""


async def find_user(state: State, text: str) -> User | None:
    """The person with this id, or this @username (case doesn't matter)."""
    text = text.strip().removeprefix("@").casefold()
    if text.isdecimal():
        return state.users.get(int(text))
    if not text:
        return None
    ids = state.user_ids
    for start in range(0, len(ids), _STRIDE):
        for user_id in ids[start : start + _STRIDE]:
            user = state.users[user_id]
            if user.username.casefold() == text:
                return user
        await asyncio.sleep(0)
    return None
