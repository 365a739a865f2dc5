"""Finding a user by what an operator typed: an id, a @username, or a part of a name.

Several users can have the same username: Telegram may give it to somebody else before its old
owner writes again. The operator then has to use the id.
"""

import unicodedata
from collections.abc import Iterable, Sequence

from ledger.state import State, User
from ledger.untrusted.typed_numbers import read_plain_number
from ledger.untrusted.typed_text import cleaned


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


def words_of(wanted: str) -> tuple[str, ...]:
    """What to search for: the words that were typed, without signs that can't be seen."""
    return tuple(word.removeprefix("@") for word in _comparable(wanted).split() if word != "@")


def by_part_of_name(people: Iterable[User], words: Sequence[str]) -> list[User]:
    """Those of these users in whose names and @username all of these words are, or parts of them.

    `words` are from `words_of`.
    """
    return [user for user in people if words and _has_all(user, words)]


def _has_all(user: User, words: Sequence[str]) -> bool:
    names = _comparable(f"{user.first_name} {user.last_name} {user.username}")
    return all(word in names for word in words)


def _comparable(text: str) -> str:
    """A text with one form for what looks the same."""
    return unicodedata.normalize("NFKC", cleaned(text)).casefold()
