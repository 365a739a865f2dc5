"""The interface of an ad network, and what the networks share: reading the query of a callback."""

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from functools import partial
from typing import Literal, NamedTuple, Protocol, TypeAlias
from urllib.parse import unquote_plus

QUERY_BYTES_MAX = 4096
_FIELDS_MAX = 64
_PRICE_MAX_USD = 1000
_MICROUSD = 1_000_000
_PRICE = re.compile(r"\d{1,9}(\.\d{0,30})?(e[+-]?\d{1,2})?|\.\d{1,30}", re.ASCII | re.IGNORECASE)
_MACRO = re.compile(
    r"\{.*\}|\$\{.*\}|\[.*\]|<.*>|%7B.*%7D|%5B.*%5D", re.ASCII | re.IGNORECASE | re.DOTALL
)
_MACRO_BEGINS = ("{", "$", "[", "<", "%")
"""What `_MACRO` begins with. Hardly any value does, and this is cheaper to find out."""

Kind: TypeAlias = Literal["impression", "click"]
Problem: TypeAlias = Literal["malformed", "unknown", "foreign"]


class Callback(NamedTuple):
    """What a network's server says of one ad.

    Attributes:
        kind: whether the ad was shown, or somebody tapped on it. Only a showing pays.
        paid: whether the network pays for it.
        session: the session that it was shown for, as text; empty if the network knows none.
        user_id: whom it was shown to; None if the network does not say.
        price_microusd: what the network says that it owes, in millionths of a US dollar.
    """

    kind: Kind
    paid: bool
    session: str = ""
    user_id: int | None = None
    price_microusd: int = 0


class Unmatched(NamedTuple):
    """A callback that names no ad of ours. `problem` is counted, `why` is for the log."""

    problem: Problem
    why: str


class AdNetwork(Protocol):
    """One ad network, as it is set up here.

    Attributes:
        name: its name in settings, addresses, events and metrics: a-z and 0-9.
        sdk_url: where its script is.
        names_sessions: whether its callback says which session an ad was shown for. If not, the
            ledger records the opening, and the callback counts for the person's newest one.
    """

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def sdk_url(self) -> str: ...  # noqa: D102
    @property
    def names_sessions(self) -> bool: ...  # noqa: D102

    def client_config(self) -> dict[str, str]:
        """What the page needs to load the script and to show an ad."""
        ...

    def parse_callback(self, fields: Mapping[str, str]) -> Callback | Unmatched:
        """What the network's server says. The names of the fields are in lower case."""
        ...


def read_query(query: str) -> dict[str, str] | Unmatched:
    """The fields of a query, still percent-encoded, by their names in lower case.

    Values are stripped. A macro that was not replaced (`{ymid}`) counts as empty.
    """
    if len(query) > QUERY_BYTES_MAX:
        return Unmatched("malformed", "the query is too long")
    if query.count("&") >= _FIELDS_MAX:
        return Unmatched("malformed", "the query has too many parameters")
    # Next to nothing that a network sends is encoded. Decoding every name and value, as `parse_qsl`
    # does, takes longer than all the rest.
    is_encoded = "%" in query or "+" in query
    decode = partial(unquote_plus, errors="strict") if is_encoded else str
    pairs = [part.partition("=") for part in query.split("&") if part]
    try:
        fields = {decode(name).lower(): _value(decode(text)) for name, _, text in pairs}
    except UnicodeDecodeError:
        return Unmatched("malformed", "the query can't be read")
    if len(fields) != len(pairs):
        return Unmatched("malformed", "a parameter is there twice")
    return fields


def _value(text: str) -> str:
    text = text.strip()
    return "" if text.startswith(_MACRO_BEGINS) and _MACRO.fullmatch(text) else text


def read_user_id(text: str) -> int | None:
    """A Telegram id; None if this is none."""
    is_id = text.isascii() and text.isdigit() and len(text) <= len(str(2**52))
    return int(text) if is_id else None


def read_price_microusd(text: str) -> int:
    """A price in US dollars, as decimal text, in millionths; 0 if it is none that can be."""
    if not _PRICE.fullmatch(text):
        return 0
    price = Decimal(text)
    if price > _PRICE_MAX_USD:
        return 0
    return int((price * _MICROUSD).to_integral_value(ROUND_HALF_EVEN))
