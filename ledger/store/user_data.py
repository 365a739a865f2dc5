"""The file `user_data.json`: the state at a line of the log, for a quick start.

It is a projection, never a source. It names the line of the log that it stands at; a start uses it
when that line is in the log, and replays only what came after. Deleting it loses nothing.
"""

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from ledger.economy import Economy, Offer
from ledger.state import (
    Appeal,
    BonusDay,
    Books,
    Broadcast,
    ClosedOrder,
    Digest,
    Freeze,
    Opening,
    Order,
    OrderDay,
    Reconciliation,
    Referral,
    State,
    User,
)
from ledger.store.base import LogSource
from ledger.store.record import Head, parse_key

USER_DATA_NAME = "user_data.json"
USER_DATA_FORMAT = 2
"""1 had the points of accepted orders still reserved, and all orders in `orders`."""
_CHECKSUM = b',"checksum":"%b"}'
_CHECKSUM_BYTES = len(_CHECKSUM % (b"0" * 64))


class UserData(msgspec.Struct, kw_only=True):
    """The file: the books (`orders` as a list, as the predecessor had it) and where they stand.

    Attributes:
        orders: those that are open or were closed lately; `closed_orders` has the others.
        hash: the hash of the log's line `seq`.
        size_bytes: how long the log file is up to that line. Earlier versions wrote it, and it
            is not used any more.
        checksum: ends the file: SHA-256 of all bytes before `,"checksum":`.
    """

    format: int
    seq: int
    hash: str
    size_bytes: int | UnsetType = UNSET
    at: str
    users: dict[int, User]
    referrals: dict[int, list[Referral]]
    orders: list[Order]
    economy: Economy
    accounts: dict[str, int]
    broadcasts: dict[str, Broadcast]
    admin_keys: dict[str, int]
    old_codes: dict[str, int] = {}
    digest: Digest | None = None
    bonus_day: BonusDay = msgspec.field(default_factory=BonusDay)
    early_gifts: dict[int, int] = {}
    clock_steps_ms: int | UnsetType = UNSET
    appeals: dict[int, Appeal] = {}
    openings: dict[int, Opening] = {}
    ad_income_microusd: dict[str, int] = {}
    waiting_bonuses: dict[int, str] = {}
    frozen: dict[int, Freeze] = {}
    required_channel: str = ""
    offers: dict[str, Offer] = {}
    closed_orders: dict[str, ClosedOrder] = {}
    orders_of: dict[int, list[str]] = {}
    order_days: dict[str, OrderDay] = {}
    provider_currency: str = ""
    reconciliation: Reconciliation | None = None
    checksum: str = ""

    @property
    def head(self) -> Head:
        """The line that the file stands at."""
        return Head(self.seq, self.hash, self.at)


decode = msgspec.json.Decoder(UserData).decode
_encode = msgspec.json.Encoder().encode


class Loaded(NamedTuple):
    """What a start goes on from: a state, and the line it stands at.

    Attributes:
        warning: why the file was not used, if it is there and wasn't.
    """

    state: State
    head: Head
    warning: str = ""


def load(path: Path, log: LogSource) -> Loaded:
    """The state in the file if it belongs to this log, else an empty one. Blocking.

    Raises:
        OSError: the log can't be read.
    """
    try:
        raw = path.read_bytes()
        with ThreadPoolExecutor(1) as beside:
            unchanged = beside.submit(is_unchanged, raw)
            data = decode(raw)
    except FileNotFoundError:
        return Loaded(State(), Head())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, OSError) as error:
        return _not_used(f"{path} can't be read ({error}); the whole log is replayed instead")
    if not unchanged.result():
        return _not_used(f"{path} was changed or damaged; the whole log is replayed instead")
    if 1 <= data.format < USER_DATA_FORMAT:
        return _not_used(
            f"{path} was written by an earlier version; the whole log is replayed this once"
        )
    if data.format != USER_DATA_FORMAT or not is_in(log, data.head):
        return _not_used(f"{path} doesn't belong to this log; the whole log is replayed")
    fields = {name: getattr(data, name) for name in Books.__struct_fields__ if name != "orders"}
    books = Books(**fields, orders={order.order_id: order for order in data.orders})
    try:
        return Loaded(State(books), data.head)
    except (KeyError, ValueError):
        return _not_used(f"{path} contradicts itself; the whole log is replayed instead")


def _not_used(why: str) -> Loaded:
    return Loaded(State(), Head(), why)


def is_unchanged(raw: bytes) -> bool:
    """Whether the file ends with the checksum of all before it, as it was written."""
    digest = sha256(memoryview(raw)[:-_CHECKSUM_BYTES]).hexdigest()
    return raw[-_CHECKSUM_BYTES:] == _CHECKSUM % digest.encode()


def is_in(log: LogSource, head: Head) -> bool:
    """Whether a command of the log ends with this line.

    Raises:
        OSError: the log can't be read.
    """
    try:
        key = parse_key(log.record(head.seq))
    except LookupError:
        return False
    return key is not None and key.head == head and not key.more


def encode(state: State, head: Head, *, size_bytes: int | UnsetType = UNSET) -> bytes:
    """The content of the file for a state and its line.

    `size_bytes` is for a comparison with a file of an earlier version, which has that field.
    """
    books = state.books
    fields = {name: getattr(books, name) for name in Books.__struct_fields__ if name != "orders"}
    data = UserData(
        **fields,
        orders=list(books.orders.values()),
        format=USER_DATA_FORMAT,
        hash=head.hash,
        size_bytes=size_bytes,
    )
    body = _encode(data).removesuffix(_CHECKSUM % b"")
    return body + _CHECKSUM % sha256(body).hexdigest().encode()
