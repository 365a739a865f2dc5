"""The calls of the ad page: who may enter, what is started, and every error."""

import pytest
from support.ads_harness import ANNA, BEN, COOLDOWN_MS, NETWORKS, STRANGER, AdWorld
from support.init_data import BOT_TOKEN, init_data_of

from ads.page_token import TOKEN_LIFE_MS
from ads.sessions import read_any, session_key
from ledger import commands as c
from web.ad_api import BODY_BYTES_MAX
from web.app import build_web
from web.request_rates import RequestRate

ENTER, START, DONE = "/ads/api/enter", "/ads/api/start", "/ads/api/done"
EVENTS = "/ads/api/events"
READY = {
    "status": "ready",
    "balance_points": 0,
    "ads_today": 0,
    "ads_per_day_max": 100,
    "cooldown_s": 30,
    "cooldown_left_s": 0,
    "resets_in_s": 12 * 3600,
    "reward_points": 1,
    "order_metric": "views",
    "order_min_quantity": 10,
    "order_min_points": 100,
    "bot_username": "viewbank_test_bot",
    "channel": "",
}


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


async def post(world, path, body, headers=None):
    answer = await world.client.post(path, json=body, headers=headers)
    return answer.status, await answer.json()


def error(code, **others):
    return {"error": {"code": code, **others}}


# enter


async def test_a_person_enters_and_gets_a_token_and_their_state(world):
    status, body = await post(world, ENTER, {"init_data": init_data_of(ANNA, world.now_ms // 1000)})
    assert (status, body["state"]) == (200, READY)
    assert list(body) == ["token", "state"]


@pytest.mark.parametrize(
    ("init_data", "code"),
    [
        ("", "outside_telegram"),
        ("x=1", "bad_init_data"),
        (init_data_of(ANNA, 1_000_000_000), "expired"),
        (init_data_of(ANNA, 5_000_000_000), "bad_init_data"),
        (init_data_of(ANNA, 1_795_348_800, token="1:another"), "bad_init_data"),
    ],
)
async def test_who_is_not_let_in(world, init_data, code):
    assert await post(world, ENTER, {"init_data": init_data}) == (401, error(code))


async def test_who_has_not_started_the_bot_learns_its_name(world):
    body = {"init_data": init_data_of(STRANGER, world.now_ms // 1000)}
    expected = error("not_started", bot_username="viewbank_test_bot")
    assert await post(world, ENTER, body) == (403, expected)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"{}", b'{"init_data":5}', b'{"init_data":null}', b"\xff", b"[" * 5000],
)
async def test_a_body_that_can_not_be_read(world, body):
    answer = await world.client.post(ENTER, data=body, headers={"Content-Type": "application/json"})
    assert (answer.status, await answer.json()) == (400, error("bad_request"))


async def test_a_body_must_be_json_and_short(world):
    answer = await world.client.post(ENTER, data=b"init_data=x")
    assert (answer.status, await answer.json()) == (400, error("bad_request"))
    body = {"init_data": "x" * BODY_BYTES_MAX}
    assert await post(world, ENTER, body) == (413, error("too_large"))


@pytest.mark.parametrize("path", [ENTER, START, DONE, "/ads/api/nothing", EVENTS])
async def test_other_methods_and_addresses_have_codes_too(world, path):
    answer = await world.client.put(path)
    expected = (404, "not_found") if "nothing" in path else (405, "wrong_method")
    assert (answer.status, await answer.json()) == (expected[0], error(expected[1]))


async def test_without_ads_there_are_no_such_addresses(world):
    world.client = await world.serve()
    for path in (ENTER, START, DONE):
        assert await post(world, path, {}) == (404, error("not_found"))
    for path in ("/ads", EVENTS, "/go/x", "/postback/monetag/x"):
        assert (await world.client.get(path)).status == 404


# The token


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer nonsense", "Basic x", "tma x"])
async def test_without_a_token_nothing_is_done(world, header):
    for path in (START, DONE):
        assert await post(world, path, {}, {"Authorization": header}) == (401, error("expired"))
    answer = await world.client.get(EVENTS, headers={"Authorization": header})
    assert (answer.status, await answer.json()) == (401, error("expired"))


async def test_a_token_ends_and_is_in_no_address(world):
    headers = await world.enter()
    token = headers["Authorization"].partition(" ")[2]
    assert (await world.client.get(f"{EVENTS}?token={token}")).status == 401
    world.now_ms += TOKEN_LIFE_MS
    assert await post(world, START, {}, headers) == (401, error("expired"))


async def test_a_session_is_no_token(world):
    headers = {"Authorization": f"Bearer {await world.start()}"}
    assert await post(world, START, {}, headers) == (401, error("expired"))


# start


async def test_a_session_is_for_this_person_and_their_next_ad(world):
    status, body = await post(world, START, {"network": ""}, await world.enter())
    assert (status, body["network"], body["expires_in_s"]) == (200, "monetag", 900)
    assert body["config"] == NETWORKS[0].client_config()
    assert body["state"] == READY
    session = read_any(session_key(BOT_TOKEN), body["session"])
    assert (session.user_id, session.ad_number, session.opened_at_ms) == (ANNA, 1, world.now_ms)
    assert len(session.nonce) == 22


async def test_the_page_asks_the_second_network_when_the_first_has_no_ad(world):
    status, body = await post(world, START, {"network": "adsgram"}, await world.enter())
    assert (status, body["network"]) == (200, "adsgram")
    assert body["config"] == NETWORKS[1].client_config()
    assert world.counts.sessions == {"adsgram": 1}


async def test_the_admins_order_decides_which_network_is_first(world):
    world.client = await world.serve_ads(NETWORKS[::-1])
    _, body = await post(world, START, {}, await world.enter())
    assert body["network"] == "adsgram"


@pytest.mark.parametrize("network", ["admob", "MONETAG", " "])
async def test_a_network_that_is_not_set_up_has_no_ads(world, network):
    status, body = await post(world, START, {"network": network}, await world.enter())
    assert (status, body) == (409, error("no_ads") | {"state": READY})


async def test_without_networks_the_page_is_off(world):
    world.client = await world.serve_ads(())
    status, body = await post(world, START, {}, await world.enter())
    assert (status, body) == (409, error("no_ads") | {"state": READY | {"status": "off"}})


async def test_during_the_cooldown_nothing_is_started(world):
    await world.shown(await world.start())
    world.now_ms += 1_000
    headers = await world.enter()
    status, body = await post(world, START, {}, headers)
    assert (status, body["error"]) == (409, {"code": "cooldown"})
    assert body["state"] == READY | {
        "status": "cooldown",
        "cooldown_left_s": 29,
        "balance_points": 1,
        "ads_today": 1,
        "resets_in_s": 12 * 3600 - 1,
    }
    world.now_ms += COOLDOWN_MS
    assert (await post(world, START, {}, headers))[0] == 200


async def test_after_the_daily_cap_nothing_is_started(world):
    await world.do(c.ChangeSetting(by="admin:7", name="ads_per_day_max", value=1, key="7:1"))
    await world.shown(await world.start())
    status, body = await post(world, START, {}, await world.enter())
    assert (status, body["error"], body["state"]["status"]) == (
        409,
        {"code": "daily_cap"},
        "daily_cap",
    )


async def test_while_ads_are_switched_off_there_are_none(world):
    await world.do(c.ChangeSetting(by="admin:7", name="ads_per_day_max", value=0, key="7:1"))
    status, body = await post(world, START, {}, await world.enter())
    assert (status, body["error"], body["state"]["status"]) == (409, {"code": "no_ads"}, "off")


async def test_a_banned_person_starts_nothing(world):
    await world.do(c.Ban(by="admin:7", user_id=ANNA, key="7:1"))
    status, body = await post(world, START, {}, await world.enter())
    assert (status, body["error"], body["state"]["status"]) == (409, {"code": "banned"}, "banned")


class Channel:
    """Whether people may earn, as the bot says it, and who was asked about."""

    def __init__(self, *, lets_in=False):
        self.lets_in = lets_in
        self.asked = []

    async def may_earn(self, user_id):
        self.asked.append(user_id)
        return self.lets_in


async def before_channel(world, networks=NETWORKS):
    channel = Channel()
    await world.do(c.RequireChannel(by="admin:7", channel="@news", key="7:9"))
    world.client = await world.serve_ads(networks, may_earn=channel.may_earn)
    return channel


async def test_who_is_not_in_the_channel_starts_nothing_until_they_are(world):
    channel = await before_channel(world)
    headers = await world.enter()
    expected = error("not_in_channel") | {"state": READY | {"channel": "@news"}}
    assert await post(world, START, {}, headers) == (409, expected)
    assert world.counts.sessions == {}
    channel.lets_in = True
    assert (await post(world, START, {}, headers))[0] == 200
    assert channel.asked == [ANNA, ANNA]


async def test_who_gets_no_ad_anyway_is_not_sent_to_the_channel(world):
    channel = await before_channel(world)
    await world.do(c.Ban(by="admin:7", user_id=ANNA, key="7:1"))
    _, body = await post(world, START, {}, await world.enter())
    assert body["error"] == {"code": "banned"}
    _, body = await post(world, START, {"network": "admob"}, await world.enter(BEN))
    assert body["error"] == {"code": "no_ads"}
    assert channel.asked == []


async def test_what_changes_while_telegram_is_asked_counts(world):
    async def ban_and_let_in(user_id):
        await world.do(c.Ban(by="admin:7", user_id=user_id, key="7:1"))
        return True

    world.client = await world.serve_ads(may_earn=ban_and_let_in)
    _, body = await post(world, START, {}, await world.enter())
    assert body["error"] == {"code": "banned"}


async def test_a_ledger_that_has_failed_is_not_ready(world):
    headers = await world.enter()
    await world.fill_the_disk()
    assert await post(world, START, {}, headers) == (503, error("not_ready"))
    body = {"init_data": init_data_of(ANNA, world.now_ms // 1000)}
    assert await post(world, ENTER, body) == (503, error("not_ready"))


# done


@pytest.mark.parametrize("network", ["monetag", "adsgram"])
@pytest.mark.parametrize("outcome", ["shown", "no_ad", "blocked", "failed", "timeout"])
async def test_what_the_page_says_pays_nothing_and_is_counted(world, outcome, network):
    body = {"session": await world.start(network=network), "outcome": outcome}
    for _ in range(3):
        assert await post(world, DONE, body, await world.enter()) == (200, READY)
    assert (world.paid(), world.counts.pages) == (0, {(network, outcome): 3})


async def test_what_is_said_of_another_persons_session_is_not_counted(world):
    session = await world.start(BEN)
    for text in (session, "nonsense", ""):
        body = {"session": text, "outcome": "shown"}
        assert await post(world, DONE, body, await world.enter()) == (200, READY)
    assert world.counts.pages == {}


async def test_an_outcome_that_is_none_is_refused(world):
    body = {"session": "x", "outcome": "paid"}
    assert await post(world, DONE, body, await world.enter()) == (400, error("bad_request"))


# Limits


async def test_one_person_can_not_ask_too_often(world):
    world.client = await world.serve_ads(per_user=RequestRate(1, 3))
    headers = await world.enter()
    statuses = [(await post(world, START, {}, headers))[0] for _ in range(3)]
    assert statuses == [200, 200, 429]
    answer = await world.client.post(START, json={}, headers=headers)
    assert answer.headers["Retry-After"] == "1"
    assert await answer.json() == error("too_many", retry_after_s=1)
    others = await world.client.post(
        ENTER, json={"init_data": init_data_of(BEN, world.now_ms // 1000)}
    )
    assert others.status == 200


async def test_one_address_can_not_ask_too_often_without_a_token(world):
    world.client = await world.serve_ads(per_address=RequestRate(1, 3))
    headers = await world.enter()
    statuses = [(await post(world, ENTER, {"init_data": ""}))[0] for _ in range(3)]
    assert statuses == [401, 401, 429]
    assert (await post(world, START, {}))[0] == 429
    assert (await post(world, START, {}, headers))[0] == 200


def test_a_rate_has_a_burst_and_fills_again():
    now = [100.0]
    rate = RequestRate(2, 3, clock=lambda: now[0])
    assert [rate.wait_s("a") for _ in range(4)] == [0, 0, 0, 0.5]
    assert rate.wait_s("b") == 0
    now[0] += 0.5
    assert [rate.wait_s("a") for _ in range(2)] == [0, 0.5]
    now[0] += 60
    assert [rate.wait_s("a") for _ in range(4)] == [0, 0, 0, 0.5]
    assert rate.refused == 3


def test_a_rate_remembers_no_more_keys_than_it_may():
    rate = RequestRate(1, 1, keys_max=10, clock=lambda: 5.0)
    for key in range(100):
        assert rate.wait_s(key) == 0
    assert len(rate) == 10
    assert rate.wait_s(99) > 0
    assert rate.wait_s(0) == 0


def test_every_address_of_the_page_is_known_here(world):
    app = build_web(world.dependencies(ads=world.endpoints()))
    paths = {resource.canonical for resource in app.router.resources()}
    assert {path for path in paths if path.startswith("/ads/api")} == {ENTER, START, DONE, EVENTS}
