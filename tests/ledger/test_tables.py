"""What the type checker can't see: every event has its row in every table."""

from typing import get_args

from ledger import events as e
from ledger import postings, projections

EVERY_EVENT = set(get_args(e.AnyEvent))


def test_every_event_is_applied():
    assert set(projections._APPLIERS) == EVERY_EVENT


def test_every_event_either_moves_points_or_is_said_to_move_none():
    assert set(postings.RULES) | postings.MOVES_NOTHING == EVERY_EVENT
    assert not set(postings.RULES) & postings.MOVES_NOTHING


def test_every_tag_is_a_word_of_its_own():
    tags = {kind.__struct_config__.tag for kind in EVERY_EVENT}
    assert len(tags) == len(EVERY_EVENT) > 20
    assert all(tag.replace("_", "").isalpha() and tag.islower() for tag in tags)
