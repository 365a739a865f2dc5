"""Comparing `user_data.json` with the log: whether they are equal, and where they are not."""

from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from ledger.state import State
from ledger.store.profiles import PROFILE_FIELDS
from ledger.store.record import Head
from ledger.store.user_data import USER_DATA_FORMAT, UserData, decode, encode

_PLACES = {
    "users": "user",
    "referrals": "friends of user",
    "orders": "order",
    "economy": "setting",
    "accounts": "account",
    "broadcasts": "broadcast",
    "admin_keys": "admin's message",
    "old_codes": "old code",
    "digest": "last digest",
    "bonus_day": "last day with bonuses",
    "early_gifts": "gift paid before the bonus to user",
    "appeals": "appeal of user",
    "openings": "opened ad of user",
    "ad_income_microusd": "income from",
    "waiting_bonuses": "bonus that waits for user",
    "frozen": "freeze of user",
    "required_channel": "required channel",
    "offers": "offer of service",
    "closed_orders": "closed order",
    "orders_of": "orders of user",
    "order_days": "orders of the day",
    "provider_currency": "provider's currency",
    "reconciliation": "last comparison with the provider",
}
_NOTHING = object()


class Difference(NamedTuple):
    """One place where file and log disagree. A missing value reads `nothing`."""

    place: str
    in_file: str
    in_log: str

    def __str__(self) -> str:
        return f"{self.place}: the file says {self.in_file}, the log says {self.in_log}"


class UnreadableUserData(Exception):  # noqa: N818 - what is the matter, not the raising
    """`user_data.json` can't be read. The text says why."""


class EarlierUserData(Exception):  # noqa: N818 - what is the matter, not the raising
    """`user_data.json` is of an earlier version, whose state was another one."""


class UserDataFile(NamedTuple):
    """The content of `user_data.json`."""

    path: Path
    raw: bytes
    data: UserData


def load(path: Path) -> UserDataFile:
    """Read the file, without checking it against a log.

    Raises:
        UnreadableUserData: it can't be understood.
        EarlierUserData: it has an earlier format. The next start writes it anew.
        OSError: it can't be read; FileNotFoundError: it isn't there.
    """
    raw = path.read_bytes()
    try:
        data = decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableUserData(f"can't be understood: {error}") from None
    if 1 <= data.format < USER_DATA_FORMAT:
        raise EarlierUserData
    if data.format != USER_DATA_FORMAT:
        raise UnreadableUserData(
            f"has format {data.format}, and this version of Viewbank reads {USER_DATA_FORMAT}"
        )
    return UserDataFile(path, raw, data)


def differences(file: UserDataFile, state: State, head: Head) -> list[Difference]:
    """Where the file disagrees with the log's state at its line, names apart.

    Copies the file's names into the state.
    """
    for user_id, user in file.data.users.items():
        known = state.users.get(user_id)
        if known is not None:
            for field in PROFILE_FIELDS:
                setattr(known, field, getattr(user, field))
    expected = encode(state, head, size_bytes=file.data.size_bytes)
    if file.raw == expected:
        return []
    # Not the same bytes. What follows is slow; blanks and the order of fields don't matter to it.
    try:
        contents = [msgspec.json.decode(raw) for raw in (file.raw, expected)]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        # In a part that is none of our fields.
        return [Difference("text", f"what can't be understood ({error})", "nothing of the kind")]
    order_ids = ([order["order_id"] for order in content["orders"]] for content in contents)
    in_file, in_log = map(_current, contents)
    found = [*_sequence("people", list(in_file["users"]), list(in_log["users"]))]
    found += _sequence("orders", *order_ids)
    return [*_compare("", in_file, in_log), *found]


def _current(content: dict[str, Any]) -> dict[str, Any]:
    """What is compared of a file, in the form that the present version would give it."""
    content = content | {"orders": {order["order_id"]: order for order in content["orders"]}}
    content.pop("checksum", None)  # it is about the bytes, not about the content
    for user in content["users"].values():
        for field in PROFILE_FIELDS:  # a file of an earlier version lacks the newer ones
            user.pop(field, None)
    return content


def _sequence(what: str, in_file: list[str], in_log: list[str]) -> Iterator[Difference]:
    """The order counts too: a broadcast goes by it. Who is missing is reported elsewhere."""
    if in_file != in_log and set(in_file) == set(in_log):
        pairs = enumerate(zip_longest(in_file, in_log, fillvalue="nothing"), 1)
        number, (first, second) = next(item for item in pairs if item[1][0] != item[1][1])
        yield Difference(f"{what} in their order, number {number}", first, second)


def _compare(place: str, in_file: object, in_log: object) -> Iterator[Difference]:
    if isinstance(in_file, dict) and isinstance(in_log, dict):
        for key in in_log | in_file:
            inner = _inner(place, key)
            yield from _compare(inner, in_file.get(key, _NOTHING), in_log.get(key, _NOTHING))
    elif isinstance(in_file, list) and isinstance(in_log, list):
        for index in range(max(len(in_file), len(in_log))):
            pair = (_item(in_file, index), _item(in_log, index))
            yield from _compare(f"{place}, number {index + 1}", *pair)
    # True == 1 == 1.0 in Python, and not in the file.
    elif type(in_file) is not type(in_log) or in_file != in_log:
        yield Difference(place, _shown(in_file), _shown(in_log))


def _inner(place: str, key: str) -> str:
    if not place:
        return _PLACES.get(key, key)
    return f"{place} {key}" if place in _PLACES.values() else f"{place}, {key}"


def _item(items: list[object], index: int) -> object:
    return items[index] if index < len(items) else _NOTHING


def _shown(value: object) -> str:
    longest = 100
    if value is _NOTHING:
        return "nothing"
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= longest else f"{text[:longest]}..."
