"""Finding a person by a Telegram id, or by a @username regardless of case.

A username can pass to somebody else before its former owner writes again, so several people may be
found. The caller must then ask for the id.
"""

import re
from collections.abc import Iterable

from ledger.projections import State, User

_ID = re.compile(r"[0-9]{1,18}")


def by_id(state: State, wanted: str) -> list[User] | None:
    """The person with this id, if any; None if what was typed is no id."""
    if not _ID.fullmatch(wanted.strip()):
        return None
    user = state.users.get(int(wanted))
    return [user] if user is not None else []


def by_name(people: Iterable[User], wanted: str) -> list[User]:
    """The people who have this @username, as far as their last messages say."""
    name = wanted.strip().removeprefix("@").casefold()
    return [user for user in people if name and user.username.casefold() == name]
