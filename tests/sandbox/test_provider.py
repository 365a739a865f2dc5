"""The simulated provider: every failure, and records of what was sent how often."""

import asyncio

import pytest
import requests

LINK = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"


class Shop:
    """Orders with the library that the order dispatcher uses: it sends once, whatever happens."""

    def __init__(self, url: str) -> None:
        self.url = url

    async def order(self, qty="100", video=LINK):
        answer = await asyncio.to_thread(
            requests.get,
            self.url,
            params={"video": video, "qty": qty},
            allow_redirects=False,
            timeout=10,
        )
        return answer.status_code, answer.text


@pytest.fixture
def shop(served) -> Shop:
    return Shop(served.provider_url)


async def test_an_order_gets_a_number_and_stands_in_the_books(shop, world):
    assert await shop.order() == (200, '{"order": 23501}')
    assert await shop.order("7") == (200, '{"order": 23502}')
    assert [(one.id, one.video, one.qty) for one in await world.provider.orders()] == [
        (23501, LINK, 100),
        (23502, LINK, 7),
    ]
    assert await world.provider.requests() == 2


@pytest.mark.parametrize(
    ("behaviour", "answered", "orders"),
    [
        ("ok_text", (200, '{"order": "23501"}'), 1),
        ("error", (200, '{"error": "neworder.error.not_enough_funds"}'), 0),
        ({"kind": "error", "text": "Bad Link"}, (200, '{"error": "Bad Link"}'), 0),
        ({"kind": "status", "status": 400, "text": "no"}, (400, '{"error": "no"}'), 0),
        ({"kind": "status", "status": 500, "takes_order": True, "text": "no"}, (500, ""), 1),
        ({"kind": "status", "status": 429, "retry_after_s": 5, "text": "no"}, (429, ""), 0),
        ("html", (200, "<!doctype html>"), 0),
        ("empty", (200, ""), 0),
        ("redirect", (302, ""), 0),
    ],
)
async def test_it_answers_once_as_told_and_then_well(shop, world, behaviour, answered, orders):
    await world.provider.answers(behaviour)
    got_status, got_body = await shop.order()
    assert (got_status, got_body[: len(answered[1])]) == answered
    assert len(await world.provider.orders()) == orders
    assert (await shop.order())[0] == 200


async def test_it_may_break_off_with_or_without_the_order_in_its_books(shop, world):
    await world.provider.answers("break_before", "break_after")
    for expected in (0, 1):
        with pytest.raises(requests.ConnectionError):
            await shop.order()
        assert len(await world.provider.orders()) == expected
    assert await world.provider.requests() == 2


async def test_a_slow_answer_is_in_the_books_before_it_comes(shop, world):
    await world.provider.answers("slow")
    call = asyncio.create_task(shop.order())
    await world.provider.wait_for(requests=1, waiting=1)
    assert (call.done(), len(await world.provider.orders())) == (False, 1)
    assert await world.provider.release() == 1
    assert await call == (200, '{"order": 23501}')


async def test_it_goes_on_as_told_until_it_is_calmed(shop, world):
    await world.provider.always("error", text="down")
    assert [(await shop.order())[1] for _ in range(3)] == ['{"error": "down"}'] * 3
    await world.provider.calm()
    assert await shop.order() == (200, '{"order": 23501}')


@pytest.mark.parametrize(("qty", "video"), [("ten", LINK), ("", LINK), ("10", "")])
async def test_an_order_that_makes_no_sense_is_refused(shop, world, qty, video):
    assert (await shop.order(qty, video))[0] == 400
    assert await world.provider.orders() == []


async def test_the_pretend_ad_says_what_it_is(served):
    answer = await asyncio.to_thread(requests.get, served.ad_url, timeout=10)
    assert "This is a pretend ad" in answer.text
