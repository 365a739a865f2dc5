"""The event-sourced rival: the `eventsourcing` library on its SQLite module."""

import sqlite3
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from time import perf_counter
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

FULL = 2
PAGE = 1_000
"""How many notifications are read at once."""


class Account(Aggregate):
    """One person's balance."""

    @event("Opened")
    def __init__(self) -> None:
        """A new account, empty."""
        self.balance = 0
        self.ads_watched = 0

    @event("AdRewarded")
    def reward(self, ad_number: int, amount_points: int) -> None:
        """Pay for an ad."""
        self.balance += amount_points
        self.ads_watched = ad_number


class Bank(Application[UUID]):
    """The library's application, reading its log in larger sections than the default ten."""

    log_section_size = PAGE


class EventsourcedBook:
    """Accounts in the library's event store."""

    def __init__(self, folder: Path, users: int) -> None:
        """Create the store with this number of accounts."""
        path = folder / "book.db"
        self._app = Bank(
            env={"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(path)}
        )
        self._accounts: list[Account] = [Account() for _ in range(users)]
        self._app.save(*self._accounts)
        self._ids = [account.id for account in self._accounts]
        self._numbers: Iterator[int] = count()
        # The library doesn't set synchronous, so SQLite's default applies.
        with sqlite3.connect(path) as db:
            mode = db.execute("PRAGMA journal_mode").fetchone()[0]
            level = db.execute("PRAGMA synchronous").fetchone()[0]
        if (mode, level) != ("wal", FULL):
            raise AssertionError(f"the library's SQLite runs with {mode}, synchronous={level}")

    def save_rate(self, commands: int) -> float:
        """Commands per second when the aggregates are kept in memory, and each change is saved."""
        begun = perf_counter()
        for _ in range(commands):
            account = self._accounts[next(self._numbers) % len(self._accounts)]
            account.reward(account.ads_watched + 1, 1)
            self._app.save(account)
        return commands / (perf_counter() - begun)

    def get_and_save_rate(self, commands: int) -> float:
        """Commands per second when each begins with getting the aggregate, as its manual does."""
        begun = perf_counter()
        for _ in range(commands):
            account = self._app.repository.get(self._ids[next(self._numbers) % len(self._ids)])
            account.reward(account.ads_watched + 1, 1)
            self._app.save(account)
        return commands / (perf_counter() - begun)

    def fill(self, events: int) -> None:
        """Add this number of events, many per transaction: only reading them is measured."""
        for _ in range(events // len(self._accounts)):
            for account in self._accounts:
                account.reward(account.ads_watched + 1, 1)
            self._app.save(*self._accounts)

    def replay_rate(self) -> float:
        """Events per second from the notification log into a dict of balances."""
        begun = perf_counter()
        balances: dict[UUID, int] = {}
        to_domain_event = self._app.mapper.to_domain_event
        start, taken = 1, 0
        while page := self._app.notification_log.select(start=start, limit=PAGE):
            for notification in page:
                found = to_domain_event(notification)
                points = getattr(found, "amount_points", 0)
                balances[found.originator_id] = balances.get(found.originator_id, 0) + points
            taken += len(page)
            start = page[-1].id + 1
        if len(balances) < len(self._accounts):
            raise AssertionError("the notification log doesn't know everybody")
        return taken / (perf_counter() - begun)

    def close(self) -> None:
        """Close the store."""
        self._app.close()
