"""For all tests: the lanes that they belong to, and a guard over processes."""

from collections.abc import Generator

# Loaded before any test runs: pytest loads it at the end otherwise, and parsing it deep within the
# event loop's frames can make CPython 3.11 fail (AST constructor recursion depth mismatch).
import pytest
from hypothesis import settings
from support import lanes
from support.process_guard import ProcessGuard

GUARD = ProcessGuard()

# The time of one example depends more on the load of the machine than on the code.
settings.register_profile("viewbank", deadline=None)
settings.load_profile("viewbank")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests; the slow files come first, so that no process is left with one at the end."""
    for item in items:
        if isinstance(item, pytest.Function):
            lanes.mark(item)
    fast_files = {item.path for item in items} - {
        item.path for item in items if not lanes.is_fast(item)
    }
    items.sort(key=lambda item: item.path in fast_files)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Let only those tests start processes that are marked for it."""
    GUARD.watch(on=not lanes.may_start_processes(item))
    try:
        return (yield)
    finally:
        GUARD.watch(on=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Generator[None, object, object]:
    """Fail a test that has started a process and swallowed the guard's error."""
    result = yield
    if GUARD.started:
        pytest.fail(f"started without the mark `process`: {GUARD.started}")
    return result


@pytest.fixture
def process_guard() -> ProcessGuard:
    """The guard over this test."""
    return GUARD
