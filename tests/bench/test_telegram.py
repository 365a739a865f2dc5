"""The bench's simulated Telegram counts only what is right: each update has one fitting reply."""

import asyncio
import os
import random
from itertools import accumulate, takewhile

import msgspec
import pytest

from bench.fast_log import FIRST_ID
from bench.telegram.bot_api import BOT, TOKEN, BotApi
from bench.telegram.contestants import Contestant
from bench.telegram.exchanges import Exchanges, WrongReply
from bench.telegram.http_connection import Connection
from bench.telegram.load import ClosedLoop, Measurement, OpenLoop
from bench.telegram.objects import Chat, Entity, Message, rendered, typed
from bench.telegram.pair import running
from bench.telegram.population import Visitor, echo_visits, known_person
from bench.telegram.server import Options
from bench.telegram.update_queue import UpdateQueue
from personas.persona import Persona, Temper

AD = '{"inline_keyboard":[[{"text":"open","url":"x"}],[{"text":"I did","callback_data":"ad:7"}]]}'


class Phone:
    """Calls the simulated Telegram as a bot does."""

    def __init__(self, visits):
        updates = UpdateQueue()
        self.exchanges = Exchanges(updates, iter(visits))
        self._api = BotApi(self.exchanges, updates)
        self.confirmed = 0

    async def call(self, method, **fields):
        answer = asyncio.get_running_loop().create_future()
        body = msgspec.json.encode(fields)
        self._api.handle(f"/bot{TOKEN}/{method}", body, lambda *given: answer.set_result(given))
        said, status = await answer
        assert status == 200, said
        return msgspec.json.decode(said)["result"]

    async def updates(self):
        found = await self.call("getUpdates", offset=self.confirmed, timeout=5)
        self.confirmed = found[-1]["update_id"] + 1 if found else self.confirmed
        return found


def ad_watcher():
    """Somebody who asks for an ad, watches it, and is content."""
    return Visitor(known_person(0), ad_watching())


def ad_watching():
    persona = Persona(FIRST_ID, Temper(1), random.Random(1))
    offer = yield persona.says("an ad please", "It pays")
    yield persona.changes(offer.message, "ad:", "Thank you", toasts=("+",))
    yield persona.says("bye", "bye")


def next_after(phone, exchange):
    phone.exchanges.rest(exchange)
    phone.exchanges.begin_next()


async def offered(phone):
    """The ad has been asked for and offered; it is pressed: the press."""
    phone.exchanges.done = lambda exchange, _: next_after(phone, exchange)
    phone.exchanges.begin_next()
    assert [update["message"]["text"] for update in await phone.updates()] == ["an ad please"]
    await phone.call("sendMessage", chat_id=FIRST_ID, text="It pays 1", reply_markup=AD)
    (update,) = await phone.updates()
    press = update["callback_query"]
    assert press["data"] == "ad:7"
    return press


async def echo(phone, times=1):
    while True:
        for update in await phone.updates():
            message = update["message"]
            for _ in range(times):
                await phone.call("sendMessage", chat_id=message["chat"]["id"], text=message["text"])


async def driven(phone, bot, load):
    task = asyncio.create_task(bot)
    try:
        return await Measurement(phone.exchanges).run(load)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_an_echo_is_measured_and_every_update_counted():
    phone = Phone(echo_visits())
    outcome = await driven(phone, echo(phone), ClosedLoop(people=4, warm_up=4, updates=20))
    assert outcome.counts.updates == outcome.counts.calls == 27
    assert (outcome.counts.writes, outcome.counts.notifications) == (0, 0)
    assert 0 < outcome.median_ms <= outcome.p99_ms


async def test_updates_by_the_clock_come_as_the_dice_say():
    phone = Phone(echo_visits())
    load = OpenLoop(rate=200, warm_up_s=0.05, duration_s=0.25, seed=1)
    outcome = await driven(phone, echo(phone), load)
    dice = random.Random(1)
    gaps_s = iter(lambda: dice.expovariate(200), None)
    due = 1 + sum(1 for _ in takewhile(lambda at_s: at_s < 0.3, accumulate(gaps_s)))
    assert outcome.counts.updates == due


async def test_a_second_reply_ends_the_measurement():
    phone = Phone(echo_visits())
    with pytest.raises(WrongReply, match="was sent"):
        await driven(phone, echo(phone, times=2), ClosedLoop(people=1, warm_up=0, updates=5))


async def test_a_reply_that_does_not_fit_is_wrong():
    phone = Phone([ad_watcher()])
    phone.exchanges.begin_next()
    with pytest.raises(AssertionError):
        await phone.call("sendMessage", chat_id=FIRST_ID, text="Hello")
    assert isinstance(phone.exchanges.failed.exception(), WrongReply)


async def test_a_press_is_done_when_it_is_answered_and_its_message_changed():
    phone = Phone([ad_watcher()])
    press = await offered(phone)
    await phone.call("answerCallbackQuery", callback_query_id=press["id"], text="+1 point")
    assert phone.exchanges.counts.updates == 2
    message_id = press["message"]["message_id"]
    await phone.call("editMessageText", chat_id=FIRST_ID, message_id=message_id, text="Thank you!")
    assert phone.exchanges.counts.updates == 3
    assert phone.exchanges.counts.writes == 1


@pytest.mark.parametrize(
    ("method", "fields"),
    [
        ("answerCallbackQuery", {"callback_query_id": "1", "text": "no"}),
        ("answerCallbackQuery", {"callback_query_id": "99", "text": "+1"}),
        ("editMessageText", {"chat_id": FIRST_ID, "message_id": 99, "text": "Thank you!"}),
        ("editMessageText", {"chat_id": FIRST_ID, "message_id": 2, "text": "No."}),
        ("sendMessage", {"chat_id": FIRST_ID, "text": "Thank you!"}),
        ("sendPhoto", {"chat_id": FIRST_ID}),
    ],
)
async def test_whatever_else_comes_of_a_press_is_wrong(method, fields):
    phone = Phone([ad_watcher()])
    await offered(phone)
    with pytest.raises(AssertionError):
        await phone.call(method, **fields)
    assert phone.exchanges.failed.exception() is not None


async def test_a_notice_is_counted_and_no_reply():
    phone = Phone([ad_watcher()])
    phone.exchanges.begin_next()
    await phone.call("sendMessage", chat_id=FIRST_ID, text="Your order 1 is accepted.")
    assert (phone.exchanges.counts.notifications, phone.exchanges.waiting) == (1, 1)
    assert not phone.exchanges.failed.done()


async def test_updates_come_again_until_they_are_confirmed():
    phone = Phone(echo_visits())
    for _ in range(3):
        phone.exchanges.begin_next()
    ids = [update["update_id"] for update in await phone.call("getUpdates")]
    again = await phone.call("getUpdates", offset=ids[1], limit=1)
    assert [update["update_id"] for update in again] == [ids[1]]
    assert len(await phone.call("getUpdates", offset=ids[2])) == 1


async def test_a_long_poll_ends_with_the_first_update():
    phone = Phone(echo_visits())
    polling = asyncio.create_task(phone.updates())
    await asyncio.sleep(0)
    phone.exchanges.begin_next()
    assert len(await polling) == 1


def test_html_is_seen_as_telegram_shows_it():
    seen = rendered('📦 <b>A &amp; B</b>: <a href="https://x.y/?a=1&amp;b=2">link</a>')
    assert seen.text == "📦 A & B: link"
    assert seen.entities == [
        Entity("bold", 3, 5),
        Entity("text_link", 10, 4, "https://x.y/?a=1&b=2"),
    ]
    assert typed("/start code").entities == [Entity("bot_command", 0, 6)]
    assert typed("https://x.y/z").entities == [Entity("url", 0, 13)]


def test_a_button_is_found_by_how_its_data_begin():
    message = Message(1, BOT, Chat(1, "A"), 0, "", reply_markup=msgspec.Raw(AD.encode()))
    assert (message.button("ad:"), message.button("order:")) == ("ad:7", "")


class Wire(asyncio.Transport):
    """Remembers what was written."""

    def __init__(self):
        super().__init__()
        self.written = []

    def write(self, data):
        self.written.append(bytes(data))


def test_requests_in_pieces_and_in_a_row_are_answered_one_after_the_other():
    asked, wire = [], Wire()
    connection = Connection(lambda *given: asked.append(given))
    connection.connection_made(wire)
    request = b"POST /a?b HTTP/1.1\r\ncontent-length: 3\r\n\r\nxyz"
    for piece in (request[:10], request[10:-1], request[-1:] + request + request[:5]):
        connection.data_received(piece)
    assert [given[:2] for given in asked] == [("/a?b", b"xyz")]
    asked[0][2](b"one", 200)
    assert [given[:2] for given in asked] == [("/a?b", b"xyz")] * 2
    asked[1][2](b"two", 404)
    assert [data.partition(b"\r\n")[0] for data in wire.written] == [
        b"HTTP/1.1 200 OK",
        b"HTTP/1.1 404 No",
    ]
    assert [data[-3:] for data in wire.written] == [b"one", b"two"]


@pytest.mark.skipif(
    not os.environ.get("VIEWBANK_NEED_BENCH"), reason="starts two processes, like the rows"
)
def test_a_bot_that_answers_nonsense_ends_the_row():
    entry = Contestant("bench.rivals.echo_ptb", {}, Options("shop", known=10))
    with running(entry) as (pair,), pytest.raises(RuntimeError, match="what was asked for was"):
        pair.measure(ClosedLoop(people=2, warm_up=0, updates=10))
