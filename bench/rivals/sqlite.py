"""The rival that most engineers would pick: SQLite, WAL, synchronous=FULL.

One transaction per command; it writes a table of entries and a table of balances.
"""

import sqlite3
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from time import perf_counter

FULL = 2
_TABLES = """
CREATE TABLE entries (
    seq INTEGER PRIMARY KEY, at TEXT NOT NULL, type TEXT NOT NULL, by TEXT NOT NULL,
    user_id INTEGER NOT NULL, ad_number INTEGER NOT NULL, amount_points INTEGER NOT NULL
);
CREATE TABLE balances (
    user_id INTEGER PRIMARY KEY, balance INTEGER NOT NULL, ads_watched INTEGER NOT NULL
);
"""


class SqliteBook:
    """Balances in SQLite."""

    def __init__(self, folder: Path, users: int) -> None:
        """Create the database with this number of users."""
        self._db = sqlite3.connect(folder / "book.sqlite", isolation_level=None)
        mode = self._db.execute("PRAGMA journal_mode=WAL").fetchone()[0]
        self._db.execute("PRAGMA synchronous=FULL")
        level = self._db.execute("PRAGMA synchronous").fetchone()[0]
        if (mode, level) != ("wal", FULL):
            raise AssertionError(f"SQLite runs with {mode} and synchronous={level}")
        self._db.executescript(_TABLES)
        self._db.execute("BEGIN")
        rows = ((user_id, 0, 0) for user_id in range(users))
        self._db.executemany("INSERT INTO balances VALUES (?, ?, ?)", rows)
        self._db.execute("COMMIT")
        self._users = users
        self._numbers: Iterator[int] = count()

    def reward(self) -> None:
        """Pay the next user for an ad, durably."""
        number = next(self._numbers)
        user_id = number % self._users
        at, by = "2026-11-22T16:00:00.123Z", f"user:{user_id}"
        execute = self._db.execute
        execute("BEGIN IMMEDIATE")
        execute(
            "INSERT INTO entries (at, type, by, user_id, ad_number, amount_points)"
            " VALUES (?, 'ad_rewarded', ?, ?, ?, 1)",
            (at, by, user_id, number // self._users + 1),
        )
        changed = execute(
            "UPDATE balances SET balance = balance + 1, ads_watched = ads_watched + 1"
            " WHERE user_id = ? AND ads_watched = ?",
            (user_id, number // self._users),
        )
        if changed.rowcount != 1:
            raise AssertionError("nobody was paid")
        execute("COMMIT")

    def rate(self, transactions: int) -> float:
        """Transactions per second."""
        begun = perf_counter()
        for _ in range(transactions):
            self.reward()
        return transactions / (perf_counter() - begun)

    def close(self) -> None:
        """Close the database."""
        self._db.close()
