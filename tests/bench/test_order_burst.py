"""The row on a burst of orders notices what it is there to notice, and measures each reply once."""

import asyncio

import pytest

from bench.fast_log import FastLog
from bench.rows.order_burst_parts import check_log, check_panel, video_id
from bench.telegram.chats import Chats, data_of, has_button
from sandbox.panel.orders import End, PanelOrder
from sandbox.panel.state import PanelState
from sandbox.shapes import Kept, Message


def panel_with(*videos, adds):
    orders = [
        PanelOrder(
            order=number,
            service=101,
            type="Default",
            link=f"https://www.youtube.com/watch?v={video}",
            quantity=10,
            cost_micro=1,
            at=0,
            delivery_s=1,
            end=End(),
        )
        for number, video in enumerate(videos)
    ]
    return PanelState(requests={"add": adds, "balance": 7}, orders=orders)


def test_orders_that_came_once_each_are_right_in_any_order():
    check_panel(panel_with(video_id(1), video_id(0), adds=2), 2)


@pytest.mark.parametrize(
    ("videos", "adds"),
    [
        ([0, 1, 1], 3),
        ([0, 0], 2),
        ([0], 1),
        ([0, 1], 3),
    ],
)
def test_an_order_or_a_request_too_many_or_missing_fails_the_row(videos, adds):
    with pytest.raises(AssertionError, match="panel"):
        check_panel(panel_with(*map(video_id, videos), adds=adds), 2)


def test_a_log_with_orders_that_are_not_accepted_fails_the_row(tmp_path):
    FastLog(tmp_path / "events.jsonl", 3_000, 300).write()
    with pytest.raises(AssertionError, match="orders are accepted"):
        check_log(tmp_path, 5)


def test_a_log_with_a_fault_fails_the_row(tmp_path):
    (tmp_path / "events.jsonl").write_text("no event\n")
    with pytest.raises(AssertionError, match="the log is wrong"):
        check_log(tmp_path, 0)


class Bot:
    """Says and edits what a test wants, in the chat of the one person."""

    def __init__(self, chats, account):
        self.chats = chats
        self.account = account

    def message(self, number, *data):
        rows = [[{"text": one, "callback_data": one} for one in data]]
        return Kept(
            Message(
                message_id=number,
                date=0,
                chat=self.account.chat,
                sender=self.chats.bot,
                text="Hello",
                reply_markup={"inline_keyboard": rows},
            ),
            by_bot=True,
        )

    def says(self, number, *data):
        self.chats.keep(self.account, self.message(number, *data))


@pytest.fixture
def bot():
    chats = Chats()
    return Bot(chats, chats.add_person("Ann"))


async def test_each_act_gets_one_reply_in_order_and_the_own_message_is_none(bot):
    first = asyncio.create_task(bot.chats.say(bot.account, "one"))
    second = asyncio.create_task(bot.chats.say(bot.account, "two"))
    await asyncio.sleep(0)
    assert not first.done()
    bot.says(101)
    bot.says(102)
    assert [(await one).message.message_id for one in (first, second)] == [101, 102]


async def test_a_press_waits_for_what_fits_be_it_a_message_or_an_edit(bot):
    bot.says(100, "no_order:1", "order:1:10:100")
    asked = bot.account.messages[100]
    pressed = asyncio.create_task(
        bot.chats.press(bot.account, asked.message, "order:", lambda m: not has_button("order:")(m))
    )
    await asyncio.sleep(0)
    (callback,) = bot.chats.callbacks.values()
    assert callback.data == "order:1:10:100"
    bot.chats.edited(bot.account, asked)
    await asyncio.sleep(0)
    assert not pressed.done()
    asked.message.reply_markup = None
    bot.chats.edited(bot.account, asked)
    reply = await pressed
    assert (reply.message.message_id, data_of(reply.message, "order:")) == (100, "")
    assert reply.took_s > 0
