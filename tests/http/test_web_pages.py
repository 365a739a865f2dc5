import re

import pytest

from web import texts
from web.pages import show_message


async def page_of(client):
    answer = await client.get("/")
    assert (answer.status, answer.content_type, answer.charset) == (200, "text/html", "utf-8")
    return await answer.text()


def figure(page, name):
    (shown,) = re.findall(rf'data-figure="{re.escape(name)}">([^<]*)<', page)
    return shown


async def test_the_page_tells_the_figures_without_its_script(world, person):
    world.now_ms += 125_000

    page = await page_of(world.client)

    assert figure(page, "users") == "1"
    assert figure(page, "users_points") == "3,800"
    assert figure(page, "house_points") == "−5,000"
    assert figure(page, "postings_sum_points") == "0"
    assert figure(page, "orders.accepted") == "1"
    assert figure(page, "last_event.seq") == "8"
    assert figure(page, "last_event.hash") == world.ledger.head.hash
    assert ">2 minutes ago</time>" in page
    assert "running since" in page
    assert person.name not in page


async def test_a_new_book_says_so_kindly(world):
    page = await page_of(world.client)

    assert 'data-hidden-if="orders_total">No orders yet.' in page
    assert 'data-hidden-if="users">Nobody has joined yet.' in page
    assert ">just now</time>" in page


async def test_the_page_leads_to_the_bot_once_its_name_is_known(world):
    known = await page_of(world.client)
    world.bot_username = ""
    unknown = await page_of(world.client)

    link = '<p{}><a class="button" href="https://t.me/{}">'
    assert link.format("", "viewbank_test_bot") in known
    assert link.format(" hidden", "") in unknown


async def test_whatever_is_put_into_the_page_is_escaped(world):
    evil = '"><script>alert(1)</script>'
    world.telegram = world.bot_username = evil

    page = await page_of(await world.serve(mode_note=evil, version=evil))

    assert "<script>" not in page
    assert page.count("&lt;script&gt;alert(1)") == 5  # version twice
    assert "<script>" not in show_message(evil, evil)


async def test_the_mode_note_stands_on_the_page_only_if_there_is_one(world):
    demo = await page_of(await world.serve(mode_note="Demo: nothing here is real."))
    real = await page_of(world.client)

    assert 'data-shown-if="mode_note">Demo: nothing here is real.</p>' in demo
    assert 'data-shown-if="mode_note" hidden></p>' in real


async def test_a_stage_the_page_has_no_word_for_is_shown_by_its_name(world):
    world.ledger.state.orders_by_status["on_hold"] = 2

    assert figure(await page_of(world.client), "orders.on_hold") == "2"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "just now"),
        (1, "1 second ago"),
        (59, "59 seconds ago"),
        (60, "1 minute ago"),
        (7_199, "1 hour ago"),
        (86_400, "1 day ago"),
        (86_400 * 1234, "1,234 days ago"),
    ],
)
def test_an_age_is_told_in_one_unit_rounded_down(seconds, words):
    assert texts.ago(seconds) == words
