"""The fast lane starts no process, and its tables name only tests that exist."""

import asyncio
import os
import subprocess
import sys

import pytest
from support import lanes
from support.process_guard import UnmarkedProcessError

COMMAND = [sys.executable, "-c", ""]


def start_hidden():
    """From a helper, whose code the marks don't look at."""
    subprocess.run(COMMAND, check=True, env=dict(os.environ))


def test_a_process_without_the_mark_is_refused_and_noted(process_guard):
    with pytest.raises(UnmarkedProcessError, match="without the mark"):
        start_hidden()
    assert len(process_guard.started) == 1
    process_guard.started.clear()


async def start_hidden_in_a_loop():
    await asyncio.create_subprocess_exec(*COMMAND)


async def test_so_is_one_from_an_event_loop(process_guard):
    with pytest.raises(UnmarkedProcessError):
        await start_hidden_in_a_loop()
    process_guard.started.clear()


def test_a_test_whose_code_names_subprocess_is_marked(request):
    assert subprocess.run(COMMAND, check=True).returncode == 0
    assert request.node.get_closest_marker("process")
    assert lanes.may_start_processes(request.node)


def test_a_test_that_needs_nothing_is_fast(request):
    assert lanes.is_fast(request.node)


def test_the_guard_does_not_show_the_environment(process_guard, monkeypatch):
    monkeypatch.setenv("A_SECRET", "very-secret")
    with pytest.raises(UnmarkedProcessError) as caught:
        start_hidden()
    assert "very-secret" not in str(caught.value)
    process_guard.started.clear()


@pytest.mark.parametrize(
    "place", sorted({one for places in lanes.PATHS.values() for one in places})
)
def test_every_place_in_the_tables_exists(place):
    path, _, name = place.partition("::")
    assert (lanes.TESTS / path).exists()
    assert f"def {name}" in (lanes.TESTS / path).read_text() if name else True


@pytest.mark.parametrize("lane", lanes.FIXTURES)
def test_every_fixture_in_the_tables_exists(lane):
    text = "".join(path.read_text() for path in lanes.TESTS.rglob("*.py"))
    for name in lanes.FIXTURES[lane]:
        assert f"def {name}(" in text, name
