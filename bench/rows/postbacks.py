"""The postbacks row: postbacks a second through the whole path, HTTP, ledger, disk and answer."""

import asyncio
import subprocess
from pathlib import Path
from typing import get_args

import msgspec

from bench.figures import Figure, at_least
from bench.logs import Bench
from bench.measure import ROOT, in_turns
from bench.postbacks.load import Sessions, rate
from bench.postbacks.options import Listening, Options
from bench.telegram.server_process import pipe, python
from ledger.store.file import LOG_NAME

_KINDS = get_args(Options.__annotations__["kind"])
_UNIT = "postbacks/s"


class _Server:
    """One of the servers, as a process."""

    def __init__(self, options: Options) -> None:
        self.folder = options.folder
        self._sessions = Sessions(options.users)
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            python("bench.postbacks.server", options), cwd=ROOT, stdout=subprocess.PIPE
        )
        line = pipe(self._process.stdout).readline()
        self._port = msgspec.json.decode(line, type=Listening).port

    def rate(self, postbacks: int, at_once: int) -> float:
        requests = self._sessions.requests(postbacks)
        return asyncio.run(rate(self._port, requests, at_once))

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()


def run(bench: Bench) -> list[Figure]:
    """Everybody in turns, on the same disk."""
    sizes, servers = bench.sizes, {}
    # More people than postbacks at once, so that everybody's ads are confirmed in their order.
    users = 4 * sizes.people
    try:
        for kind in _KINDS:
            folder = bench.new_folder(f"postbacks-{kind}")
            servers[kind] = _Server(Options(kind, str(folder), users))
        measure = {
            kind: lambda server=server: server.rate(sizes.postbacks, sizes.people)
            for kind, server in servers.items()
        }
        in_turns(1, measure)
        found = in_turns(sizes.times, measure)
    finally:
        for server in servers.values():
            server.end()
    paid = len(Path(servers["ours"].folder, LOG_NAME).read_bytes().splitlines())
    expected = (sizes.times + 1) * sizes.postbacks
    if paid < expected:
        raise AssertionError(f"{paid} lines for {expected} postbacks")
    ours = found["ours"]
    handler_us, whole_us = 1e6 / found["handler"].median, 1e6 / ours.median
    limit = (
        f"A postback takes {whole_us:.0f} µs: {handler_us:.0f} for HTTP and reading it, "
        f"{whole_us - handler_us:.0f} for the ledger, its disk and waking up again."
    )
    rows = (
        ("handler", "the same handler without the ledger", at_least(0.7)),
        ("plain", "SQLite as it comes, a connection and a commit each", at_least(10)),
        ("wal", "SQLite, WAL, FULL, one connection, a commit each", None),
    )
    return [
        Figure(
            key=f"postbacks.{kind}",
            what=f"Postbacks, {sizes.people} at once",
            unit=_UNIT,
            ours=ours.median,
            spread=ours.spread,
            other=found[kind].median,
            other_name=name,
            aim=aim,
            limit=limit,
        )
        for kind, name, aim in rows
    ]
