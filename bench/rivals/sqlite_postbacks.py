"""The rival for postbacks: an aiohttp handler that commits each one to SQLite.

It checks less than ours: the attempt is found by its id, and marked as paid with the points. With
a write-ahead log and one open connection, or as most bots do it: a connection for each postback,
and SQLite's own defaults. Both are as durable as SQLite is by default.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from aiohttp import web

from bench.postbacks.options import FIRST_ID, PATH

_TABLES = """
CREATE TABLE attempts (ymid TEXT PRIMARY KEY, user_id INTEGER NOT NULL);
CREATE TABLE balances (user_id INTEGER PRIMARY KEY, balance INTEGER NOT NULL);
"""


def _pay(db: sqlite3.Connection, ymid: str) -> None:
    """One transaction: the attempt is new, and its person gets a point."""
    user_id = int(ymid.partition(".")[0], 16)
    with db:
        added = db.execute("INSERT OR IGNORE INTO attempts VALUES (?, ?)", (ymid, user_id))
        if added.rowcount:
            db.execute("UPDATE balances SET balance = balance + 1 WHERE user_id = ?", (user_id,))


async def serve_sqlite(folder: Path, users: int, *, wal: bool) -> str:
    """Serve on a free port; the address."""
    path = folder / "book.sqlite"
    db = sqlite3.connect(path)
    if wal:
        db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.executescript(_TABLES)
    with db:
        people = range(FIRST_ID, FIRST_ID + users)
        db.executemany("INSERT INTO balances VALUES (?, 0)", ((one,) for one in people))

    async def postback(request: web.Request) -> web.Response:
        query = request.query
        if query["event_type"] == "impression" and query["reward_event_type"] == "valued":
            if wal:
                _pay(db, query["ymid"])
            else:
                with closing(sqlite3.connect(path)) as fresh:
                    _pay(fresh, query["ymid"])
        return web.Response(text="ok")

    app = web.Application()
    app.add_routes([web.get(PATH, postback)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    return f"http://{host}:{port}"
