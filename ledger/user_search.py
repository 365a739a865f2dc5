"""Finding a user by what an operator typed: an id, or a @username without regard to case.

Several users can have the same username: Telegram may give it to somebody else before its old
owner writes again. The operator then has to use the id.
"""

import re
from collections.abc import Iterable

from ledger.state import State, User

_ID = re.compile(r"[0-9]{1,18}")


def by_id(state: State, wanted: str) -> list[User] | None:
    """The user with this id, if any; None if the text is not an id."""
    if not _ID.fullmatch(wanted.strip()):
        return None
    user = state.users.get(int(wanted))
    return [user] if user is not None else []


def by_name(people: Iterable[User], wanted: str) -> list[User]:
    """Those of these users who had this @username when they last wrote."""
    name = wanted.strip().removeprefix("@").casefold()
    return [user for user in people if name and user.username.casefold() == name]
