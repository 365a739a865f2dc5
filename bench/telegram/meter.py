"""Owns where our bot's CPU time goes: stations on an update's way, each by its own time alone.

The functions at the stations are wrapped, in the measured process only. Between two of a
coroutine's pauses everything happens on one thread, one thing within the other: so the thread's
clock, read at each door, gives every station its own time without what happens within it, and what
is left is the event loop's. Other threads have clocks of their own.
"""

import functools
import importlib
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Generator
from inspect import iscoroutinefunction
from typing import Any

import msgspec

REST = "event loop"
"""What no station takes: it is at the bottom of all."""
WRITER = "durable: writer thread"
THREADS = "other threads"
STATIONS = {
    "poll": ("bot.send.client:BotClient.get_updates",),
    "parse": ("bot.receive.polling:decode_update",),
    "receiver": (
        "bot.receive.receiver:Receiver.accept",
        "bot.receive.receiver:Receiver.ready_to_acknowledge",
        "bot.receive.receiver:Receiver._handle",
    ),
    "match": ("bot.dispatcher:Dispatcher._handler_for",),
    "handle": ("bot.dispatcher:Dispatcher.dispatch",),
    "decide": ("ledger.ledger:decide", "ledger.ledger:apply"),
    "durable: event loop": ("ledger.ledger:Ledger._written", "ledger.ledger:Ledger._hand_over"),
    "reply: call": (
        "bot.send.client:BotClient.say",
        "bot.send.client:BotClient.edit",
        "bot.send.client:BotClient.answer_callback_query",
        "bot.send.client:BotClient._post",
    ),
    "reply: gate": ("bot.send.gate:OutgoingGate.call",),
    "reply: HTTP": (
        "bot.send.http:HttpSession.post",
        "aiohttp.client_proto:ResponseHandler.data_received",
    ),
}
_WRITER_NAME = "ledger-writer"


class Readings(msgspec.Struct, frozen=True):
    """Seconds of CPU time so far, by part, all of the process's."""

    parts_s: dict[str, float]

    def since(self, before: "Readings", updates: int) -> dict[str, float]:
        """Microseconds for each update since an earlier reading.

        Raises:
            AssertionError: a station was never passed, so its wrapping has come off.
        """
        found = {
            part: (now_s - before.parts_s.get(part, 0.0)) / updates * 1e6
            for part, now_s in self.parts_s.items()
        }
        if idle := [part for part in STATIONS if not found.get(part)]:
            raise AssertionError(f"nobody came by: {', '.join(idle)}")
        return found


class Meter:
    """Measures from now on; made in the event loop's thread.

    Attributes:
        used_s: CPU time of each station, up to the last door.
    """

    def __init__(self) -> None:
        """Wrap every station."""
        self.used_s = dict.fromkeys([*STATIONS, REST], 0.0)
        self._inside = [REST]
        self._since_s = time.thread_time()
        for part, places in STATIONS.items():
            for place in places:
                self._wrap(part, place)

    def enter(self, part: str) -> None:
        """From now on it is this station's time."""
        now_s = time.thread_time()
        self.used_s[self._inside[-1]] += now_s - self._since_s
        self._since_s = now_s
        self._inside.append(part)

    def leave(self) -> None:
        """And no longer."""
        now_s = time.thread_time()
        self.used_s[self._inside.pop()] += now_s - self._since_s
        self._since_s = now_s

    def say(self) -> None:
        """Print the readings as one line."""
        self.enter(REST)
        self.leave()
        writer_s = sum(
            time.clock_gettime(time.pthread_getcpuclockid(thread.ident))
            for thread in threading.enumerate()
            if thread.name == _WRITER_NAME and thread.ident
        )
        others_s = time.process_time() - time.thread_time() - writer_s
        readings = Readings(self.used_s | {WRITER: writer_s, THREADS: others_s})
        sys.stdout.buffer.write(msgspec.json.encode(readings) + b"\n")
        sys.stdout.buffer.flush()

    def _wrap(self, part: str, place: str) -> None:
        module, _, path = place.partition(":")
        owner: Any = importlib.import_module(module)
        *classes, name = path.split(".")
        for one in classes:
            owner = getattr(owner, one)
        plain = owner.__dict__[name] if name in owner.__dict__ else getattr(owner, name)
        if isinstance(plain, classmethod):
            setattr(owner, name, classmethod(self.metered(part, plain.__func__)))
        else:
            setattr(owner, name, self.metered(part, plain))

    def metered(self, part: str, plain: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, its time counted for a station."""
        if iscoroutinefunction(plain):

            @functools.wraps(plain)
            async def stepped(*args: object, **kwargs: object) -> object:
                return await _Steps(self, part, plain(*args, **kwargs))

            return stepped

        @functools.wraps(plain)
        def called(*args: object, **kwargs: object) -> object:
            self.enter(part)
            try:
                return plain(*args, **kwargs)
            finally:
                self.leave()

        return called


class _Steps:
    """Goes through a coroutine, and has each of its steps counted."""

    def __init__(self, meter: Meter, part: str, inner: Coroutine[Any, Any, Any]) -> None:
        self._meter = meter
        self._part = part
        self._inner = inner

    def __await__(self) -> Generator[Any, Any, Any]:
        step: Callable[[Any], Any] = self._inner.send
        given: object = None
        while True:
            self._meter.enter(self._part)
            try:
                waits_for = step(given)
            except StopIteration as end:
                return end.value
            finally:
                self._meter.leave()
            try:
                given, step = (yield waits_for), self._inner.send
            except BaseException as error:  # noqa: BLE001 - a cancellation has to go in, too
                given, step = error, self._inner.throw
