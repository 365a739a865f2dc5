"""Owns finding a person by what an operator typed: an id, or a @username in any case.

A username can move on to somebody else before its old owner is heard of again, so several people
may be found; who asks must then say which, by the id.
"""

import re
from collections.abc import Iterable

from ledger.state import State, User

_ID = re.compile(r"[0-9]{1,18}")


def by_id(state: State, wanted: str) -> list[User] | None:
    """The person with this id, if any; None if what was typed is no id."""
    if not _ID.fullmatch(wanted.strip()):
        return None
    user = state.users.get(int(wanted))
    return [user] if user is not None else []


def by_name(people: Iterable[User], wanted: str) -> list[User]:
    """Those of these people who go by this @username, as far as we have heard."""
    name = wanted.strip().removeprefix("@").casefold()
    return [user for user in people if name and user.username.casefold() == name]
