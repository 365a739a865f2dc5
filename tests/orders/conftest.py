"""A provider on bare sockets, for all tests of orders."""

import contextlib
from collections.abc import Iterator

import pytest
from support.raw_server import RawServer


@pytest.fixture
def server() -> Iterator[RawServer]:
    with contextlib.closing(RawServer()) as running:
        yield running
