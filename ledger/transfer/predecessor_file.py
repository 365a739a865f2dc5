"""Reading and validating the `user_data.json` of the predecessor of this bot.

A file with an error is refused as a whole. All errors are collected, with their places, so that
the file can be corrected at once. Times there are local times without a zone; the zone is unknown,
so they are read as UTC.
"""

import re
from codecs import BOM_UTF8
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Annotated, NamedTuple, TypeAlias, TypeVar

import msgspec
from msgspec import Meta

from ledger.clocks.timestamps import to_text
from ledger.untrusted.untrusted_json import BadJson, check_json

VIEWS_MAX = 10**13
"""The largest balance accepted; larger ones can only be errors."""

_Id: TypeAlias = Annotated[int, Meta(ge=1, le=2**52)]
_Views: TypeAlias = Annotated[int, Meta(ge=0, le=VIEWS_MAX)]
_Count: TypeAlias = Annotated[int, Meta(ge=0, le=10**9)]
_Link: TypeAlias = Annotated[str, Meta(max_length=2048)]
_OrderId: TypeAlias = Annotated[str, Meta(pattern=r"^[0-9A-Za-z_-]{1,64}$")]

_EXPECTED = {
    "user_id": "a Telegram id, a whole number",
    "referred_by": "a Telegram id or null",
    "balance": "a whole number of views, 0 or more",
    "ads_watched": "a whole number, 0 or more",
    "quantity": "a whole number of views, 0 or more",
    "total_cost": "a whole number of views, 0 or more",
    "reward": "a whole number of views, 0 or more",
    "order_id": "1 to 64 letters, digits, - or _",
    "join_date": "a time like 2026-11-22T16:00:00",
    "created_at": "a time like 2026-11-22T16:00:00",
}
_FIELD = re.compile(r"`\$\.(\w+)`|field `(\w+)`")
_LONGEST_SHOWN = 40
_ID_KEY = re.compile(r"[0-9]{1,16}")
_MOMENT_YEARS = range(1970, 10_000)


class OldUser(msgspec.Struct, kw_only=True):
    """A user there. `balance` is in views; every 10 of `ads_watched` paid one view."""

    user_id: _Id
    balance: _Views
    ads_watched: _Count = 0
    username: str | None = None
    first_name: str | None = None
    referral_code: str | None = None
    referred_by: _Id | None = None
    join_date: str | None = None


class OldReferral(msgspec.Struct, kw_only=True):
    """A friend that a user invited there. `reward` is in views."""

    user_id: _Id
    reward: _Views = 0


class OldOrder(msgspec.Struct, kw_only=True):
    """An order there. `total_cost` is in views."""

    order_id: _OrderId
    user_id: _Id
    video_link: _Link
    quantity: _Count
    total_cost: _Views
    status: Annotated[str, Meta(max_length=40)] = ""
    created_at: str | None = None


class OldFile(NamedTuple):
    """The whole file, in its order; times are as `ledger.clocks.timestamps` writes them.

    `paid_views` is what an inviter (first id) was paid for a friend (second id), in views.
    """

    users: dict[int, OldUser]
    paid_views: dict[tuple[int, int], int]
    orders: list[OldOrder]


class BadOldFile(Exception):  # noqa: N818 - what is bad, not the raising, is the name
    """The file can't be imported. `problems` are sentences without their full stop."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(problems[0])
        self.problems = problems


class _Outline(msgspec.Struct):
    """The file's three collections, with entries that are not decoded yet."""

    users: dict[str, msgspec.Raw]
    referrals: dict[str, list[msgspec.Raw]] = {}
    orders: list[msgspec.Raw] = []


_Part = TypeVar("_Part", OldUser, OldReferral, OldOrder)


def read_old_file(data: bytes) -> OldFile:
    """Read the file's content.

    Raises:
        BadOldFile: the file has errors; the exception has all of them.
    """
    try:
        check_json(data)
    except BadJson as error:
        raise BadOldFile([str(error)]) from None
    try:
        outline = msgspec.json.decode(data.removeprefix(BOM_UTF8), type=_Outline)
    except msgspec.DecodeError as error:
        what = str(error).replace("`", "").replace("Object missing", "it is missing the")
        raise BadOldFile([f"it is not the old bot's user_data.json ({what})"]) from None
    reading = _Reading()
    users = dict(reading.users(outline.users))
    paid_views = dict(reading.referrals(outline.referrals))
    orders = list(reading.orders(outline.orders))
    if reading.problems:
        raise BadOldFile(reading.problems)
    return OldFile(users, paid_views, orders)


class _Reading:
    """One pass through the file, which collects problems and continues."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def users(self, entries: dict[str, msgspec.Raw]) -> Iterable[tuple[int, OldUser]]:
        for key, raw in entries.items():
            place = f"user {_short(key)}"
            user = self._part(raw, OldUser, place)
            if user is None:
                continue
            if str(user.user_id) != key:
                self.problems.append(
                    f"{place}, user_id: expected {_short(key)}, found {user.user_id}"
                )
            user.join_date = self._moment(user.join_date, f"{place}, join_date")
            yield user.user_id, user

    def referrals(
        self, entries: dict[str, list[msgspec.Raw]]
    ) -> Iterable[tuple[tuple[int, int], int]]:
        for key, raws in entries.items():
            place = f"friends of user {_short(key)}"
            if not _ID_KEY.fullmatch(key):
                self.problems.append(f"{place}: expected a Telegram id")
                continue
            for number, raw in enumerate(raws, 1):
                referral = self._part(raw, OldReferral, f"{place}, number {number}")
                if referral is not None:
                    yield (int(key), referral.user_id), referral.reward

    def orders(self, entries: list[msgspec.Raw]) -> Iterable[OldOrder]:
        seen: set[str] = set()
        for number, raw in enumerate(entries, 1):
            order = self._part(raw, OldOrder, f"order number {number}")
            if order is None:
                continue
            if order.order_id in seen:
                self.problems.append(f"order number {number}: {order.order_id} is there twice")
            seen.add(order.order_id)
            place = f"order number {number} ({order.order_id}), created_at"
            order.created_at = self._moment(order.created_at, place)
            yield order

    def _part(self, raw: msgspec.Raw, kind: type[_Part], place: str) -> _Part | None:
        try:
            return msgspec.json.decode(raw, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            self.problems.append(f"{place}{_what_is_wrong(raw, str(error))}")
            return None

    def _moment(self, text: str | None, place: str) -> str:
        if not text:
            return ""
        try:
            at = datetime.fromisoformat(text)
            at = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError):
            at = datetime.min.replace(tzinfo=UTC)
        if at.year not in _MOMENT_YEARS:
            self.problems.append(
                f"{place}: expected a time like 2026-11-22T16:00:00, found {_short(text)}"
            )
            return ""
        return to_text((at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1))


def _what_is_wrong(raw: msgspec.Raw, error: str) -> str:
    """Describe the first error of an entry: `, balance: expected ..., found ...`."""
    found = _FIELD.search(error)
    field = (found[1] or found[2]) if found else ""
    try:
        entry = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ": can't be read as UTF-8 text"
    if not isinstance(entry, dict) or not field:
        return f": {error.replace('`', '')}"
    expected = _EXPECTED.get(field, "a short text")
    value = _cut(msgspec.json.encode(entry[field]).decode()) if field in entry else "nothing"
    return f", {field}: expected {expected}, found {value}"


def _short(text: str) -> str:
    """Quote a text of the file for a sentence; an id is not quoted."""
    return text if _ID_KEY.fullmatch(text) else repr(_cut(text))


def _cut(text: str) -> str:
    text = "".join(letter if letter.isprintable() else " " for letter in text)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."
