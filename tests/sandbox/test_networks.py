"""The ad networks, called as their scripts call them, with a small publisher behind them."""

import pytest
from support.ad_publisher import SECRET, Publisher, publishing

from sandbox.client import SandboxClient, SandboxRefusedError


@pytest.fixture
async def publisher(served):
    async with publishing(served.url) as publisher:
        yield publisher


@pytest.fixture
async def monetag(world: SandboxClient, publisher: Publisher):
    await world.monetag.configure(publisher.template())
    return world.monetag


@pytest.fixture
async def adsgram(world: SandboxClient, publisher: Publisher):
    await world.adsgram.configure(publisher.template("adsgram"))
    return world.adsgram


def rewards(publisher):
    return [(one["event_type"], one["reward_event_type"]) for one in publisher.got]


async def test_a_paid_ad_sends_one_postback_with_all_macros(monetag, publisher):
    await monetag.watch("S 1/ä", telegram_id=42, zone="1000001", request_var="task&1")
    await monetag.wait_for_postbacks(1)
    assert publisher.got == [
        {
            "ymid": "S 1/ä",
            "event_type": "impression",
            "reward_event_type": "valued",
            "zone_id": "1000001",
            "sub_zone_id": "1000008",
            "request_var": "task&1",
            "telegram_id": "42",
            "estimated_price": "0.00352",
        }
    ]


async def test_without_a_ymid_the_telegram_id_is_sent(monetag, publisher):
    await monetag.watch(telegram_id=42)
    await monetag.wait_for_postbacks(1)
    assert publisher.got[0]["ymid"] == "42"


@pytest.mark.parametrize(
    ("preset", "sent"),
    [
        ("paid", [("impression", "valued")]),
        ("before", [("impression", "valued")]),
        ("after", [("impression", "valued")]),
        ("never_settles", [("impression", "valued")]),
        ("not_valued", [("impression", "not_valued")]),
        ("twice", [("impression", "valued")] * 2),
        ("clicked", [("impression", "valued"), ("click", "valued")]),
        ("unpaid_then_paid", [("impression", "not_valued"), ("impression", "valued")]),
        ("macros", [("impression", "{reward_event_type}")]),
    ],
)
async def test_what_is_planned_is_sent_and_the_next_ad_is_normal(monetag, publisher, preset, sent):
    await monetag.next(preset)
    await monetag.watch("S1", telegram_id=42)
    await monetag.wait_for_postbacks(len(sent))
    assert rewards(publisher) == sent
    await monetag.watch("S2", telegram_id=42)
    await monetag.wait_for_postbacks(len(sent) + 1)
    assert publisher.got[-1] | {"ymid": "S2"} == publisher.got[-1]
    assert rewards(publisher)[-1] == ("impression", "valued")


@pytest.mark.parametrize("preset", ["no_feed", "reject", "none"])
async def test_an_ad_that_is_not_shown_or_not_counted_sends_nothing(monetag, publisher, preset):
    await monetag.next(preset)
    await monetag.watch("S1")
    await monetag.watch("S2")
    await monetag.wait_for_postbacks(1)
    assert [one["ymid"] for one in publisher.got] == ["S2"]


async def test_a_macro_that_is_not_replaced_arrives_as_it_is(monetag, publisher):
    await monetag.next({"postbacks": [{"unreplaced": ["ymid"]}]})
    await monetag.watch("S1")
    await monetag.wait_for_postbacks(1)
    assert publisher.got[0]["ymid"] == "{ymid}"


async def test_a_wrong_secret_is_in_the_path_and_in_the_query(monetag, publisher):
    await monetag.next("wrong_secret", times=2)
    await monetag.watch("S1")
    [sent] = await monetag.wait_for_postbacks(1)
    assert (sent.status, SECRET in sent.url, publisher.got) == (404, False, [])
    await monetag.configure(f"{publisher.url}/postback/monetag?secret={SECRET}&ymid={{ymid}}")
    await monetag.watch("S2")
    sent = (await monetag.wait_for_postbacks(2))[-1]
    assert (SECRET in sent.url, sent.url.endswith("&ymid=S2")) == (False, True)


async def test_a_postback_for_somebody_else_has_another_telegram_id(monetag, publisher):
    await monetag.next("other_user")
    await monetag.watch("S1", telegram_id=42)
    await monetag.wait_for_postbacks(1)
    assert publisher.got[0]["telegram_id"] == "43"


async def test_a_late_postback_waits_until_its_time_or_until_it_is_released(monetag, publisher):
    await monetag.next("late", delay_s=100)
    await monetag.watch("S1")
    await monetag.wait_for_late(1)
    assert publisher.got == []
    assert await monetag.release() == 1
    await monetag.wait_for_postbacks(1)
    await monetag.next("late", delay_s=0.01)
    await monetag.watch("S2")
    await monetag.wait_for_postbacks(2)
    assert [one["ymid"] for one in publisher.got] == ["S1", "S2"]


async def test_a_postback_before_the_promise_is_answered_when_the_page_hears(monetag):
    await monetag.next("before")
    await monetag.watch("S1")
    assert len(await monetag.postbacks()) == 1


async def test_a_refused_postback_is_repeated_as_configured_and_no_more(
    monetag, publisher, monkeypatch
):
    monkeypatch.setattr("sandbox.networks.postbacks.REPEAT_PAUSE_S", 0.001)
    await monetag.configure(publisher.template(), repeats=2)
    publisher.statuses = [503, 503]
    await monetag.watch("S1")
    sent = await monetag.wait_for_postbacks(3)
    assert [one.status for one in sent] == [503, 503, 200]
    assert len(publisher.got) == 1


async def test_a_publisher_that_is_gone_is_recorded(monetag):
    await monetag.configure("http://127.0.0.1:9/postback")
    await monetag.watch("S1")
    [sent] = await monetag.wait_for_postbacks(1)
    assert sent.status == 0


async def test_a_blocked_script_is_not_found_once(world, monetag):
    await monetag.next("blocked", "not_valued")
    for _ in range(2):
        async with world.wire._opened().get(monetag.sdk_url) as answer:
            if answer.status == 404:
                continue
            assert "show_" in await answer.text()
    assert (await world.wire.get("/networks/monetag"))["script"][0]["reward"] == "not_valued"


async def test_the_wrong_zone_shows_nothing(monetag, publisher):
    await monetag.configure(publisher.template(), zone="77")
    answer = await monetag.watch("S1", zone="78")
    assert (answer["screen"], answer["text"]) == ("reject", "Zone misconfigured")


async def test_adsgram_rewards_a_person_after_a_whole_ad_only(adsgram, publisher):
    await adsgram.watch(telegram_id=42, finished=False)
    await adsgram.watch(telegram_id=43)
    await adsgram.wait_for_postbacks(1)
    assert publisher.raw == ["userid=43"]


async def test_adsgram_has_no_unpaid_postbacks(adsgram, publisher):
    await adsgram.next("not_valued")
    await adsgram.watch(telegram_id=42)
    await adsgram.watch(telegram_id=43)
    await adsgram.wait_for_postbacks(1)
    assert publisher.raw == ["userid=43"]


async def test_the_networks_plans_are_their_own(monetag, adsgram):
    await monetag.next("no_feed")
    assert (await adsgram.watch(telegram_id=1))["screen"] == "ad"
    assert (await monetag.watch("S1"))["screen"] == "no_feed"


async def test_what_cannot_be_planned_or_configured_is_said(monetag, world):
    with pytest.raises(SandboxRefusedError, match="'lucky' is no outcome of an ad; there are paid"):
        await monetag.next("lucky")
    with pytest.raises(SandboxRefusedError, match="it takes an http:// or https:// address"):
        await monetag.configure("/postback")
    with pytest.raises(SandboxRefusedError, match="there is no network 'other'"):
        await world.wire.get("/networks/other")
    with pytest.raises(SandboxRefusedError, match="there is no ad 7"):
        await world.wire.request_outside("POST", "/networks/monetag/ads/7/closed", json={})


async def test_a_preload_changes_nothing_unless_it_finds_no_ad(monetag, world):
    async def preload():
        return (await world.wire.request_outside("POST", "/networks/monetag/preload", json={}))[
            "screen"
        ]

    assert await preload() == "ad"
    await monetag.next("no_feed")  # after the preload, and it counts for the ad that follows
    assert (await monetag.watch("S1"))["screen"] == "no_feed"
    await monetag.next("no_feed", "never_settles")
    assert [await preload(), await preload(), await preload()] == ["no_feed"] + [
        "never_settles"
    ] * 2
    assert (await monetag.watch("S2"))["screen"] == "never_settles"
    assert await preload() == "ad"


async def test_a_plan_for_all_ads_lasts_until_it_is_changed(monetag):
    await monetag.always("no_feed")
    assert [(await monetag.watch("S"))["screen"] for _ in range(3)] == ["no_feed"] * 3
    await monetag.calm()
    assert (await monetag.watch("S"))["screen"] == "ad"
