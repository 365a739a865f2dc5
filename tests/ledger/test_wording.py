"""Counts and amounts in the command line's English."""

import pytest
from msgspec.structs import replace
from support.books import events_of, write_books

from ledger import events as e
from ledger.words.event_text import describe
from ledger.words.wording import amount, change, counted, plural


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "0 orders"), (1, "1 order"), (2, "2 orders"), (21, "21 orders"), (1234, "1,234 orders")],
)
def test_a_count_has_its_plural(number, words):
    assert counted(number, "order") == words


def test_people_and_amounts():
    assert (counted(1, "person"), counted(2, "person")) == ("1 person", "2 people")
    assert (amount(-1234), change(-5), change(5), change(0)) == ("−1,234", "−5", "+5", "0")
    assert plural(-1, "point") == "point"


def test_events_with_a_count_of_one_are_in_the_singular(tmp_path):
    events = events_of(write_books(tmp_path))
    placed = next(one for one in events if isinstance(one, e.OrderPlaced))
    started = next(one for one in events if isinstance(one, e.BroadcastStarted))
    assert describe(replace(placed, quantity=1)).startswith("ordered 1 view of ")
    assert describe(replace(started, audience=1)) == "message to 1 person started"
