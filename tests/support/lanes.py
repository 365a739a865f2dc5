"""Lanes: which tests are slow, start processes, or need a browser.

A test gets its marks by where it is, by the fixtures it uses, and by what its code names. `make
test-fast` leaves out all three lanes. A guard fails every test that starts a process without the
mark, so these tables can't fall behind.
"""

from collections.abc import Iterator
from pathlib import Path
from types import CodeType

import pytest

TESTS = Path(__file__).parents[1]

PATHS: dict[str, tuple[str, ...]] = {
    "slow": (
        "chaos/test_crash_points.py",
        "end_to_end/",
        "ledger/test_corrupt_files.py",
        "ledger/test_disk_faults.py",
        "ledger/test_export.py::test_memory_does_not_grow_with_the_log",
        "ledger/test_reference_model.py",
        "ledger/test_verify.py::test_a_flipped_bit_in_any_byte",
        "ledger/test_verify.py::test_any_",
    ),
    "process": (
        "bench/test_bench.py",
        "bench/test_telegram.py::test_a_bot_that_answers_nonsense",
        "chaos/test_ledger_run.py",
        "chaos/test_program_run.py",
        "chaos/test_suspects.py",
        "chaos/test_thousand_orders.py",
        "end_to_end/test_file_modes.py::test_all_files",
        "ledger/test_hash_chain.py",
        "viewbank/test_logs.py::test_the_whole_program",
        "viewbank/test_snapshot_schedule.py",
    ),
}
"""A folder, a file, or how the names of some tests in a file start."""

FIXTURES: dict[str, tuple[str, ...]] = {
    "browser": ("browser",),
    "process": (
        "certificate",
        "hledger",
        "program",
        "promtool",
        "safe_server",
        "shown",
        "running_program",
    ),
}

NAMES: dict[str, tuple[str, ...]] = {
    "browser": ("chromium",),
    "process": (
        "bean_check",
        "bot_process",
        "create_subprocess_exec",
        "LedgerRun",
        "process",
        "sandbox_process",
        "SnapshotSchedule",
        "subprocess",
        "tiny_disk",
    ),
}
"""Globals and attributes that only tests of this lane name."""

LANES = ("browser", "process", "slow")


def mark(item: pytest.Function) -> None:
    """Add the marks of the lanes that a test belongs to."""
    for lane in set(_lanes_of(item)):
        item.add_marker(lane)


def is_fast(item: pytest.Item) -> bool:
    """Whether a test belongs to no lane."""
    return not any(item.get_closest_marker(lane) for lane in LANES)


def may_start_processes(item: pytest.Item) -> bool:
    """Whether a test is marked as one that starts processes."""
    return any(item.get_closest_marker(lane) for lane in ("browser", "process"))


def _lanes_of(item: pytest.Function) -> Iterator[str]:
    place = f"{item.path.relative_to(TESTS).as_posix()}::{item.originalname}"
    for lane, starts in PATHS.items():
        if place.startswith(starts):
            yield lane
    for lane, names in FIXTURES.items():
        if set(names) & set(item.fixturenames):
            yield lane
    named = set(_named_in(item.function.__code__))
    for lane, names in NAMES.items():
        if named & set(names):
            yield lane


def _named_in(code: CodeType) -> Iterator[str]:
    """The globals and attributes that a function's code names, and those within it."""
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _named_in(inner)
