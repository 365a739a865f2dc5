"""The queue of orders: fair, and one order in flight for a video at a time."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from orders.queue import OrderQueue, QueuedOrder


async def test_videos_take_ready_videos():
    line = OrderQueue()
    for order_id in ("a1", "a2", "a3", "b1", "c1"):
        line.add(QueuedOrder(order_id, order_id[0]))
    served = []
    while line:
        ticket = await line.next()
        served.append(ticket.order_id)
        line.done(ticket)
    assert served == ["a1", "b1", "c1", "a2", "a3"]


async def test_an_order_waits_once_however_often_it_is_added():
    line = OrderQueue()
    ticket = QueuedOrder("a1", "a")
    line.add(ticket)
    line.add(ticket)
    assert len(line) == 1
    assert await line.next() == ticket
    line.add(ticket)
    assert len(line) == 1
    line.done(ticket)
    assert (len(line), line._waiting) == (0, {})


async def test_an_order_that_has_to_wait_again_goes_behind_the_others():
    line = OrderQueue()
    for order_id in ("a1", "a2", "b1"):
        line.add(QueuedOrder(order_id, order_id[0]))
    line.back(await line.next())
    served = []
    while line:
        ticket = await line.next()
        served.append(ticket.order_id)
        line.done(ticket)
    assert served == ["b1", "a2", "a1"]


STEPS = st.sampled_from([("add", "a"), ("add", "b"), ("add", "c"), "next", "done", "back"])


@settings(deadline=None)
@given(st.lists(STEPS, max_size=60))
async def test_every_order_is_served_once_and_a_video_never_twice_at_once(steps: list):
    line = OrderQueue()
    out: list[QueuedOrder] = []
    added: list[str] = []
    served: Counter[str] = Counter()
    for step in steps:
        match step:
            case ("add", video_key):
                ticket = QueuedOrder(f"o{len(added)}", video_key)
                added.append(ticket.order_id)
                line.add(ticket)
            case "next" if line._ready.qsize():
                out.append(await line.next())
                assert len({ticket.video_key for ticket in out}) == len(out)
            case "done" if out:
                ticket = out.pop()
                served[ticket.order_id] += 1
                line.done(ticket)
            case "back" if out:
                line.back(out.pop(0))
    for ticket in out:
        line.back(ticket)
    while line:
        ticket = await line.next()
        served[ticket.order_id] += 1
        line.done(ticket)
    assert served == Counter(added)
    assert line._waiting == {}
