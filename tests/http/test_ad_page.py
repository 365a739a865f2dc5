"""The ad page, its policy, the files beside it, and the way to the ad in link mode."""

import re

import pytest
from support.ads_harness import ANNA, AdWorld
from support.init_data import BOT_TOKEN

from ads.networks.monetag import Monetag
from ads.sessions import LINK_SESSION_LIFE_MS, AdSession, mint, session_key
from ledger import commands as c
from ledger.rules.ads import opened_at_ms
from web.pages import FILES, FINGERPRINTS, static

AD_URL = "https://ads.example/?a=b"


@pytest.fixture
async def world():
    world = AdWorld()
    await world.open()
    world.client = await world.serve_ads(ad_url=AD_URL)
    yield world
    for client in world.clients:
        await client.close()
    await world.ledger.close()


def policy_of(answer):
    parts = answer.headers["Content-Security-Policy"].split("; ")
    return {name: values.split() for name, _, values in (part.partition(" ") for part in parts)}


async def test_the_page_is_the_same_for_everybody_but_for_the_language(world):
    english, russian = [await world.client.get(f"/ads?lang={tag}") for tag in ("en", "ru")]
    assert (english.status, english.content_type) == (200, "text/html")
    assert english.headers["Content-Language"] == "en"
    assert russian.headers["Content-Language"] == "ru"
    assert english.headers["Cache-Control"] == "no-cache"
    text = await english.text()
    assert str(ANNA) not in text


async def test_only_scripts_with_the_pages_own_nonce_run_and_what_they_load(world):
    first, second = await world.client.get("/ads"), await world.client.get("/ads")
    scripts = policy_of(first)["script-src"]
    nonce = next(one for one in scripts if one.startswith("'nonce-"))
    assert len(nonce) > 25
    assert nonce not in policy_of(second)["script-src"]
    assert {"'strict-dynamic'", "'self'", "https://telegram.org"} <= set(scripts)
    assert {"https://libtl.com", "https://sad.adsgram.ai"} <= set(scripts)
    assert "'unsafe-inline'" not in scripts
    assert "'unsafe-eval'" not in scripts
    text = await first.text()
    tags = re.findall(r"<script[^>]*>", text)
    assert tags
    assert all(f'nonce="{nonce[7:-1]}"' in tag for tag in tags)


async def test_telegram_may_show_the_page_in_a_frame_and_nobody_else(world):
    answer = await world.client.get("/ads")
    assert policy_of(answer)["frame-ancestors"] == [
        "https://web.telegram.org",
        "https://*.telegram.org",
    ]
    assert "X-Frame-Options" not in answer.headers
    assert policy_of(await world.client.get("/"))["frame-ancestors"] == ["'none'"]


async def test_a_script_of_the_sandbox_is_let_in_by_its_origin(world):
    world.client = await world.serve_ads((Monetag("1", "http://127.0.0.1:9000/monetag/sdk.js"),))
    policy = policy_of(await world.client.get("/ads"))
    for name in ("script-src", "connect-src", "frame-src", "img-src"):
        assert "http://127.0.0.1:9000" in policy[name]


# Files


async def test_a_file_with_its_fingerprint_is_kept_for_ever(world):
    assert FINGERPRINTS.keys() == FILES.keys() >= {"style.css"}
    answer = await world.client.get(static("style.css"))
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    for path in ("/static/style.css", "/static/style.css?v=0123456789abcdef"):
        assert (await world.client.get(path)).headers["Cache-Control"] == "no-cache"
    assert "/static/style.css?v=" in await (await world.client.get("/")).text()


# /go/


def button(world, number=1):
    return mint(session_key(BOT_TOKEN), AdSession(ANNA, number, world.now_ms))


async def go(world, session):
    return await world.client.get(f"/go/{session}", allow_redirects=False)


async def test_the_way_to_the_ad_records_the_opening(world):
    session = button(world)
    world.now_ms += 5_000
    answer = await go(world, session)
    assert (answer.status, answer.headers["Location"]) == (302, AD_URL)
    assert opened_at_ms(world.ledger.state, ANNA, 1) == world.now_ms
    event = await world.ledger.event(world.ledger.head.seq)
    assert (event.by, event.ad_number) == (f"user:{ANNA}", 1)


async def test_a_second_tap_leads_on_and_records_nothing(world):
    session = button(world)
    await go(world, session)
    seq = world.ledger.head.seq
    world.now_ms += 60_000
    assert (await go(world, session)).status == 302
    assert world.ledger.head.seq == seq


async def test_a_button_whose_ad_is_paid_still_leads_on(world):
    await world.do(c.Ban(by="admin:7", user_id=ANNA, key="7:1"))
    seq = world.ledger.head.seq
    assert (await go(world, button(world))).status == 302
    assert (await go(world, button(world, number=9))).status == 302
    assert world.ledger.head.seq == seq


async def test_a_button_that_is_too_old_or_forged_leads_nowhere(world):
    session = button(world)
    world.now_ms += LINK_SESSION_LIFE_MS + 1
    for text in (session, "nonsense", f"{session}0", "%ff", "a" * 3000):
        assert (await go(world, text)).status == 404
    assert world.ledger.state.openings == {}


async def test_a_session_of_a_network_is_no_button(world):
    assert (await go(world, await world.start())).status == 404


async def test_a_look_ahead_without_opening_counts_for_nothing(world):
    answer = await world.client.head(f"/go/{button(world)}", allow_redirects=False)
    assert answer.status == 405
    assert world.ledger.state.openings == {}


async def test_without_an_ad_there_is_no_way_to_it(world):
    world.client = await world.serve_ads()
    assert (await go(world, button(world))).status == 404


async def test_nobody_is_led_on_before_the_opening_is_stored(world):
    await world.fill_the_disk()
    assert (await go(world, button(world))).status == 503
