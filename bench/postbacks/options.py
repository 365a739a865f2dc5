"""What the bench, the servers and the load agree on."""

from typing import Literal

import msgspec

from ads.networks.monetag import Monetag

BOT_TOKEN = "123456789:pretend-token-of-the-bench-0123456789"  # noqa: S105 - belongs to nobody
SECRET = "the_secret_of_the_bench-0123456789"  # noqa: S105 - likewise
NETWORK = Monetag("123", "https://libtl.com/sdk.js")
FIRST_ID = 1_000
PATH = f"/postback/{NETWORK.name}/{SECRET}"


class Options(msgspec.Struct, frozen=True):
    """Which server.

    Attributes:
        kind: `ours` is the whole path; `handler` is the same without the ledger; the others commit
            to SQLite for each postback: with a write-ahead log, or as SQLite comes.
        folder: an empty one for its files.
        users: how many people there are.
    """

    kind: Literal["ours", "handler", "wal", "plain"]
    folder: str
    users: int


class Listening(msgspec.Struct, frozen=True):
    """A server's first line."""

    port: int
