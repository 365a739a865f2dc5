"""An event loop whose clock jumps to the next timer when nothing else is left to do."""

import asyncio
import functools
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class FakeTimeLoop(asyncio.SelectorEventLoop):
    """Hours pass at once; a wait that nothing can end is an error."""

    def __init__(self) -> None:
        super().__init__()
        self._fake_now_s = 1000.0
        self._real_select = self._selector.select
        self._selector.select = self._jump

    def time(self) -> float:
        return self._fake_now_s

    def _jump(self, timeout_s: float | None) -> Any:
        if timeout_s is None:
            raise RuntimeError("everything waits, and for nothing")
        self._fake_now_s += timeout_s
        return self._real_select(0)


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine on such a loop."""
    with asyncio.Runner(loop_factory=FakeTimeLoop) as runner:
        return runner.run(coroutine)


def in_fake_time(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """The test is a coroutine, run on such a loop."""

    @functools.wraps(test)
    def sync(*args: object, **kwargs: object) -> None:
        run(test(*args, **kwargs))

    return sync


def now_s() -> float:
    """Seconds since the loop was started."""
    return asyncio.get_running_loop().time() - 1000.0
