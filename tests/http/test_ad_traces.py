"""What the search for fraud gets to know of ads: counts and places, and no address."""

from ipaddress import ip_network

import pytest
from support.ads_harness import ANNA, BEN, AdWorld

from ledger import commands as c
from ledger.fraud.signs import SessionCount
from web.ad_traces import AdTraces

PROXY = (ip_network("127.0.0.1"),)
START = "/ads/api/start"


@pytest.fixture
async def world():
    world = AdWorld()
    await world.open()
    world.client = await world.serve_ads()
    yield world
    world.store.gate.set()
    for client in world.clients:
        await client.close()
    await world.ledger.close()


async def start_from(world, user_id, *forwarded_for):
    headers = list((await world.enter(user_id)).items())
    headers += [("X-Forwarded-For", one) for one in forwarded_for]
    answer = await world.client.post(START, json={}, headers=headers)
    assert answer.status == 200


async def places(world, *from_each, trusted=PROXY):
    """What stands for the places from which Anna and Ben start their ads."""
    world.client = await world.serve_ads(trusted=trusted)
    for user_id, address in zip((ANNA, BEN), from_each, strict=True):
        await start_from(world, user_id, address)
    found = world.traces.addresses()
    return found.get(ANNA), found.get(BEN)


async def test_sessions_are_counted_as_they_are_opened_and_paid(world):
    for _ in range(2):
        session = await world.start()
    await world.shown(session)
    await world.start(BEN)
    assert world.traces.sessions() == {ANNA: SessionCount(2, 1), BEN: SessionCount(1, 0)}


async def test_a_session_that_is_given_again_counts_once(world):
    for _ in range(3):
        await world.start(network="adsgram")
    assert world.traces.sessions() == {ANNA: SessionCount(1, 0)}


async def test_what_is_refused_and_what_a_word_pays_count_for_nothing(world):
    await world.start()
    await world.do(
        c.RewardAd(by=f"user:{ANNA}", user_id=ANNA, ad_number=1, opened_at_ms=0, timed=False)
    )
    answer = await world.client.post(START, json={}, headers=await world.enter())
    assert answer.status == 409
    assert world.traces.sessions() == {ANNA: SessionCount(1, 0)}


async def test_what_was_opened_before_the_process_is_not_paid_more_often_than_opened(world):
    session = await world.start()
    world.traces = AdTraces(world.ledger)
    await world.shown(session)
    assert world.traces.sessions() == {}


@pytest.mark.parametrize(
    ("annas", "bens", "is_one_place"),
    [
        ("203.0.113.5", "203.0.113.5", True),
        ("203.0.113.5", "203.0.113.6", False),
        ("6.6.6.6, 203.0.113.5", "203.0.113.5", True),
        ("6.6.6.6, 203.0.113.5", "6.6.6.6, 203.0.113.6", False),
        # One customer has a whole /64.
        ("2001:db8::1", "2001:db8::2:3", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:203.0.113.5", "203.0.113.5", True),
    ],
)
async def test_one_place_is_the_address_that_the_trusted_proxy_names(
    world, annas, bens, is_one_place
):
    one, other = await places(world, annas, bens)
    assert one
    assert (one == other) == is_one_place


async def test_behind_a_proxy_that_nobody_has_named_no_place_is_known(world):
    assert await places(world, "203.0.113.5", "203.0.113.6", trusted=()) == (None, None)
    assert set(world.traces.sessions()) == {ANNA, BEN}


async def test_what_is_no_address_is_no_place(world):
    assert await places(world, "unknown", "_hidden") == (None, None)


async def test_the_last_place_counts(world):
    await places(world, "203.0.113.5", "203.0.113.6")
    await start_from(world, ANNA, "203.0.113.6")
    found = world.traces.addresses()
    assert found[ANNA] == found[BEN]


def test_no_address_can_be_read_and_each_process_has_its_own_hashes(world):
    traces = [AdTraces(world.ledger) for _ in range(2)]
    for one in traces:
        one.note_start(ANNA, "203.0.113.5", is_new=True)
    first, second = (one.addresses()[ANNA] for one in traces)
    assert first != second
    assert "203.0.113.5" not in repr([vars(one) for one in traces])


def test_the_newest_people_are_remembered_and_no_more(world):
    traces = AdTraces(world.ledger, people_max=10)
    for user_id in range(100):
        traces.note_start(0, "203.0.113.5", is_new=True)
        traces.note_start(user_id, "203.0.113.5", is_new=True)
    assert set(traces.sessions()) == {0, *range(91, 100)}
    assert set(traces.addresses()) == set(traces.sessions())
    assert traces.sessions()[0].opened == 101
