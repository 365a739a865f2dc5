"""The networks' postbacks: what pays, what doesn't, and what is answered."""

import asyncio
import random

import pytest
from aiohttp import ClientSession
from support.ads_harness import ANNA, BEN, COOLDOWN_MS, OLD_SECRET, SECRET, AdWorld
from support.init_data import BOT_TOKEN, init_data_of
from yarl import URL

from ads.sessions import SESSION_LIFE_MS, AdSession, mint, session_key
from ledger import commands as c
from ledger.audit.rulebook import Auditor
from web.app import build_web
from web.server import WebServer


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


# The rows of the table


async def test_a_paid_showing_pays_once(world):
    session = await world.start()
    assert await world.shown(session) == 200
    assert await world.shown(session) == 200
    assert world.paid() == 1
    assert world.outcomes() == {"paid": 1, "duplicate": 1}


async def test_a_click_pays_nothing(world):
    session = await world.start()
    assert await world.shown(session, kind="click") == 200
    assert (world.paid(), world.outcomes()) == (0, {"click": 1})
    await world.shown(session)
    assert world.paid() == 1


@pytest.mark.parametrize("unpaid", ["not_valued", "non_valued", "{reward_event_type}", "", "no"])
async def test_an_unpaid_showing_leaves_the_session_open_for_a_paid_one(world, unpaid):
    session = await world.start()
    assert await world.shown(session, unpaid) == 200
    assert (world.paid(), world.outcomes()) == (0, {"unpaid": 1})
    assert await world.shown(session) == 200
    assert (world.paid(), world.outcomes()) == (1, {"unpaid": 1, "paid": 1})


@pytest.mark.parametrize("session", ["{ymid}", "", "unknown", "1.1.1.1", "a" * 3000, "ü", "7"])
async def test_a_session_that_is_not_ours_pays_nothing(world, session):
    assert await world.shown(session) == 200
    assert world.outcomes() == {"unknown": 1}


async def test_a_button_of_link_mode_is_no_session_of_a_network(world):
    button = mint(session_key(BOT_TOKEN), AdSession(ANNA, 1, world.now_ms))
    assert await world.shown(button) == 200
    assert (world.paid(), world.outcomes()) == (0, {"unknown": 1})


async def test_a_session_of_another_bot_pays_nothing(world):
    forged = mint(session_key("1:another"), AdSession(ANNA, 1, world.now_ms, "nonce"))
    await world.shown(forged)
    assert (world.paid(), world.outcomes()) == (0, {"unknown": 1})


async def test_another_users_session_pays_nobody(world):
    session = await world.start()
    assert await world.shown(session, telegram_id=BEN) == 200
    assert (world.paid(), world.paid(BEN), world.outcomes()) == (0, 0, {"foreign": 1})
    assert await world.shown(session, telegram_id=ANNA) == 200
    assert world.paid() == 1


async def test_a_zone_that_is_not_ours_pays_nothing(world):
    session = await world.start()
    assert await world.shown(session, zone_id="124") == 200
    assert (world.paid(), world.outcomes()) == (0, {"foreign": 1})
    await world.shown(session, zone_id="123", sub_zone_id="999")
    assert world.paid() == 1


async def test_an_expired_session_pays_nothing(world):
    session = await world.start()
    world.now_ms += SESSION_LIFE_MS
    late = await world.start(BEN)
    world.now_ms += 1
    assert await world.shown(session) == 200
    assert (world.paid(), world.outcomes()) == (0, {"expired": 1})
    await world.shown(late)
    assert world.paid(BEN) == 1


@pytest.mark.parametrize("secret", ["wrong", "", f"{SECRET}x", SECRET[:-1], "%C3%BC", "%ff", "%00"])
async def test_a_wrong_secret_is_a_404_and_a_counter(world, secret):
    session = await world.start()
    answer = await world.client.get(f"/postback/monetag/{secret}?ymid={session}")
    assert answer.status == 404
    assert await answer.json() == {"error": {"code": "not_found"}}
    assert world.paid() == 0
    # Without a secret the address is another one, or none at all.
    assert world.outcomes() in ({"wrong_secret": 1}, {})


async def test_the_secret_may_be_a_parameter_for_those_who_must(world):
    session = await world.start()
    query = f"ymid={session}&event_type=impression&reward_event_type=valued"
    for wrong in ("", "&secret=wrong", f"&secret={SECRET}&secret={SECRET}", "&secret="):
        answer = await world.client.get(f"/postback/monetag?{query}{wrong}")
        assert answer.status == 404
    assert (await world.client.get(f"/postback/monetag?secret={SECRET}&{query}")).status == 200
    assert (world.paid(), world.outcomes()) == (1, {"wrong_secret": 4, "paid": 1})


@pytest.mark.parametrize("name", ["SECRET", "%73ecret", "sec%72e%74"])
async def test_the_parameter_secret_is_found_however_it_is_spelled(world, name):
    session = await world.start()
    query = f"ymid={session}&event_type=impression&reward_event_type=valued"
    answer = await world.client.get(URL(f"/postback/monetag?{name}={SECRET}&{query}", encoded=True))
    assert (answer.status, world.paid()) == (200, 1)


async def test_two_secrets_count_while_one_is_being_changed(world):
    session = await world.start()
    fields = {"ymid": session, "event_type": "impression", "reward_event_type": "valued"}
    assert await world.tell(secret=OLD_SECRET, **fields) == 200
    assert world.paid() == 1


async def test_without_any_secret_nobody_gets_in(world):
    world.client = await world.serve_ads(postback_secrets=())
    assert await world.tell(secret="") == 404
    assert (await world.client.get("/postback/monetag?secret=")).status == 404
    assert (await world.client.get("/postback/monetag")).status == 404


@pytest.mark.parametrize("query", ["&ymid=B", "&YMID=B", "&x=%ff", "&x=" + "y" * 5000])
async def test_what_no_network_sends_is_refused(world, query):
    session = await world.start()
    full = f"ymid={session}&event_type=impression&reward_event_type=valued{query}"
    answer = await world.client.get(f"/postback/monetag/{SECRET}?{full}")
    assert (answer.status, await answer.json()) == (400, {"error": {"code": "bad_request"}})
    assert (world.paid(), world.outcomes()) == (0, {"malformed": 1})


async def test_a_query_of_10_kb_is_refused(world):
    session = await world.start()
    full = f"ymid={session}&event_type=impression&reward_event_type=valued&x=" + "y" * 10_000
    answer = await world.client.get(f"/postback/monetag/{SECRET}?{full}")
    assert (answer.status, world.paid()) == (400, 0)


@pytest.mark.parametrize("method", ["POST", "HEAD", "PUT", "DELETE"])
async def test_only_get_pays(world, method):
    session = await world.start()
    path = (
        f"/postback/monetag/{SECRET}?ymid={session}&event_type=impression&reward_event_type=valued"
    )
    assert (await world.client.request(method, path)).status == 405
    assert world.paid() == 0


async def test_an_unknown_network_is_a_404_even_with_the_secret(world):
    assert await world.tell("admob") == 404
    world.client = await world.serve_ads(())
    assert await world.tell("monetag") == 404


# What the ledger decides


async def test_the_networks_price_is_stored_with_the_event(world):
    session = await world.start()
    await world.shown(session, estimated_price="0.001234")
    event = await world.ledger.event(world.ledger.head.seq)
    assert (event.by, event.network, event.price_microusd) == ("monetag", "monetag", 1234)
    assert event.session_id == session.split(".")[3]


async def test_ban_cap_and_cooldown_are_decided_again_when_it_pays(world):
    await world.do(c.Ban(by="admin:7", user_id=BEN, key="7:1"))
    await world.do(c.Unban(by="admin:7", user_id=BEN, key="7:2"))
    sessions = [await world.start(), await world.start(BEN)]
    await world.do(c.Ban(by="admin:7", user_id=BEN, key="7:3"))
    await world.do(c.ChangeSetting(by="admin:7", name="ads_per_day_max", value=0, key="7:4"))
    for session in sessions:
        assert await world.shown(session) == 200
    assert (world.paid(), world.paid(BEN)) == (0, 0)
    assert world.outcomes() == {"cap": 1, "banned": 1}


async def test_a_late_postback_is_not_punished_by_the_cooldown(world):
    await world.shown(await world.start())
    world.now_ms += COOLDOWN_MS
    session = await world.start()
    world.now_ms += 600_000
    await world.shown(session)
    assert world.paid() == 2


async def test_two_sessions_of_one_ad_pay_it_once(world):
    first, second = await world.start(), await world.start()
    assert first != second
    for session in (second, first):
        await world.shown(session)
    assert (world.paid(), world.outcomes()) == (1, {"paid": 1, "duplicate": 1})


async def test_the_answer_waits_for_the_disk(world):
    session = await world.start()
    world.store.gate.clear()
    telling = asyncio.create_task(world.shown(session))
    done, _ = await asyncio.wait([telling], timeout=0.2)
    assert not done
    world.store.gate.set()
    assert await telling == 200


async def test_what_cannot_be_stored_is_a_503_so_that_it_is_sent_again(world):
    session = await world.start()
    await world.fill_the_disk()
    answer = await world.client.get(
        f"/postback/monetag/{SECRET}?ymid={session}&event_type=impression&reward_event_type=valued"
    )
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert await answer.json() == {"error": {"code": "not_ready", "retry_after_s": 5}}
    assert world.outcomes() == {"not_stored": 1}


# AdsGram, which names the person alone


async def test_adsgram_pays_the_session_that_was_opened(world):
    session = await world.start(network="adsgram")
    assert await world.tell("adsgram", user_id=ANNA) == 200
    assert await world.tell("adsgram", user_id=ANNA) == 200
    assert (world.paid(), world.outcomes()) == (1, {"paid": 1, "unknown": 1})
    event = await world.ledger.event(world.ledger.head.seq)
    assert (event.by, event.session_id) == ("adsgram", session.split(".")[3])


@pytest.mark.parametrize("user_id", [BEN, 99, "", "[userId]", "me"])
async def test_adsgram_pays_nobody_who_has_not_opened_an_ad_of_it(world, user_id):
    await world.start(BEN, "monetag")
    await world.start(ANNA, "adsgram")
    await world.tell("adsgram", user_id=user_id)
    assert (world.paid(), world.paid(BEN)) == (0, 0)
    assert set(world.outcomes()) <= {"unknown", "malformed"}


async def test_adsgram_pays_after_a_restart_too(world):
    """The opening is in the ledger, not in memory."""
    await world.start(network="adsgram")
    world.client = await world.serve_ads()
    await world.tell("adsgram", user_id=ANNA)
    assert world.paid() == 1


async def test_adsgram_pays_no_opening_that_is_too_old(world):
    await world.start(network="adsgram")
    world.now_ms += SESSION_LIFE_MS + 1
    await world.tell("adsgram", user_id=ANNA)
    assert (world.paid(), world.outcomes()) == (0, {"expired": 1})


async def test_a_second_start_with_adsgram_gives_the_same_session_and_no_second_line(world):
    first = await world.start(network="adsgram")
    seq = world.ledger.head.seq
    world.now_ms += 60_000
    assert await world.start(network="adsgram") == first
    assert world.ledger.head.seq == seq
    world.now_ms += 300_000
    assert await world.start(network="adsgram") != first


# Everything at once


@pytest.mark.parametrize("seed", range(3))
async def test_a_thousand_postbacks_at_a_hundred_sessions_pay_each_session_once(world, seed):
    chance = random.Random(seed)
    people = range(1000, 1100)
    for user_id in people:
        await world.join(user_id)
    sessions = [await world.start(user_id) for user_id in people]
    kinds = [("valued", "impression"), ("valued", "click"), ("not_valued", "impression")]
    calls = [(session, *kinds[0]) for session in sessions for _ in range(4)]
    calls += [(chance.choice(sessions), *chance.choice(kinds)) for _ in range(600)]
    chance.shuffle(calls)
    gate = asyncio.Semaphore(64)

    async def call(session, paid, kind):
        async with gate:
            return await world.shown(session, paid, kind)

    assert len(calls) == 1000
    assert set(await asyncio.gather(*[call(*one) for one in calls])) == {200}
    assert [world.paid(user_id) for user_id in people] == [1] * 100
    assert world.counts.postbacks["monetag", "paid"] == 100
    assert sum(world.counts.postbacks.values()) == 1000
    auditor = Auditor()
    async for event in world.ledger.events_after(0):
        auditor.take(event)
    assert [auditor.state.users[user_id].ads_watched for user_id in people] == [1] * 100


# What is not told


async def test_guessing_a_secret_is_slowed_down(world):
    statuses = [await world.tell(secret=f"wrong{number}") for number in range(40)]
    assert statuses[:20] == [404] * 20
    assert 429 in statuses
    session = await world.start()
    assert await world.shown(session) == 200, "the network itself is not slowed down"


async def test_no_secret_no_session_and_no_init_data_is_logged(world, caplog, monkeypatch):
    """With the server of the program; the one of other tests has an access log."""
    caplog.set_level("DEBUG")
    session, headers = await world.start(), await world.enter()
    server = WebServer(build_web(world.dependencies(ads=world.endpoints())), "127.0.0.1", 0)
    address = await server.start()
    caplog.clear()
    init_data = init_data_of(ANNA, world.now_ms // 1000)
    secrets = [SECRET, "guessed_secret", session, BOT_TOKEN, *headers.values()]
    secrets += [init_data.rpartition("=")[2], "hash=", "AAHtest"]

    async def fail(*_args):
        raise RuntimeError("a fault of ours")

    shown = f"?ymid={session}&event_type=impression&reward_event_type=valued"
    async with ClientSession(address) as client:
        statuses = [
            (await client.get(path)).status
            for path in (
                f"/postback/monetag/{SECRET}{shown}&zone_id=124",
                f"/postback/monetag/{SECRET}?ymid=A&event_type=nonsense",
                f"/postback/monetag/guessed_secret{shown}",
                f"/postback/monetag{shown}&secret=guessed_secret",
                f"/go/{session}",
            )
        ]
        monkeypatch.setattr("ads.service.settle", fail)
        monkeypatch.setattr("ads.service.check_init_data", lambda *_: 1 / 0)
        statuses.append((await client.get(f"/postback/monetag/{SECRET}{shown}")).status)
        for body in (init_data, init_data[:-1]):
            answer = await client.post("/ads/api/enter", json={"init_data": body})
            statuses.append(answer.status)
            assert await answer.json() == {"error": {"code": "failed"}}
    await server.stop()

    assert statuses == [200, 400, 404, 404, 404, 500, 500, 500]
    told = "\n".join(f"{record.getMessage()} {record.exc_text}" for record in caplog.records)
    assert "GET /postback/{network}/{secret} failed" in told
    assert "POST /ads/api/enter failed" in told
    assert "foreign: zone_id is not AD_ZONE_ID" in told
    for secret in secrets:
        assert secret not in told
