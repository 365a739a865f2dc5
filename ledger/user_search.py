"""Finding a user by what an operator typed: an id, or a @username without regard to case.

Several users can have the same username: Telegram may give it to somebody else before its old
owner writes again. The operator then has to use the id.
"""

from collections.abc import Iterable

from ledger.state import State, User
from ledger.typed_numbers import read_plain_number
from ledger.typed_text import cleaned


def by_id(state: State, wanted: str) -> list[User] | None:
    """The user with this id, if any; None if the text is not an id."""
    user_id = read_plain_number(wanted)
    if user_id is None:
        return None
    user = state.users.get(user_id)
    return [user] if user is not None else []


def by_name(people: Iterable[User], wanted: str) -> list[User]:
    """Those of these users who had this @username when they last wrote."""
    name = cleaned(wanted).removeprefix("@").strip().casefold()
    return [user for user in people if name and user.username.casefold() == name]
