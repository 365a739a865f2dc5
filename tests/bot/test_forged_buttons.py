"""Button data that no button of ours has: anybody's client can send any."""

import json
import logging

import pytest
from support.bot_harness import ADMIN_ID

from bot import routes
from bot.updates import Chat, Message, Person, Press, Update, decode_update

NAMES = sorted({*routes.BUTTONS, *routes.ADMIN_BUTTONS, "", "no_such_button"})
TAILS = ["", ":", ":\ud83d", ":\udc00:1", f":{'9' * 60}", ":-1", ":1:2:3:4", ":\u0661", ":a.b.c.d"]


@pytest.mark.parametrize("name", NAMES)
async def test_no_data_makes_a_handler_fail(room, caplog, name):
    who = Person(id=ADMIN_ID, first_name="Admin")
    under = Message(message_id=1, chat=Chat(id=ADMIN_ID, type="private"), date=1, text="text")
    with caplog.at_level(logging.ERROR):
        for number, tail in enumerate(TAILS, start=1):
            press = Press(id=str(number), from_user=who, data=name + tail, message=under)
            await room.app.dispatch(Update(number, callback_query=press))
    assert [record.getMessage() for record in caplog.records] == []


@pytest.mark.parametrize("data", ["\ud83d", "ad:\udc00", "order:\ud83d:1:1", "\ud83d:\ud83d"])
async def test_half_a_surrogate_pair_in_the_data_is_an_old_button(room, data):
    anna = await room.world.add_user("Anna")
    await room.join(anna)
    press = {
        "id": "1",
        "from": {"id": anna.id, "is_bot": False, "first_name": "Anna"},
        "data": data,
        "message": {"message_id": 1, "date": 1, "chat": {"id": anna.id, "type": "private"}},
    }
    update = decode_update(json.dumps({"update_id": 1, "callback_query": press}).encode())
    assert isinstance(update, Update)
    before = room.ledger.state.seq
    await room.app.dispatch(update)
    assert room.ledger.state.seq == before
    said = [seen.text for seen in await anna.unseen()]
    assert any("no longer works" in text or "too long ago" in text for text in said), said


def test_no_button_of_users_has_the_name_of_an_admins():
    """The admins' table is looked up first: for everybody else such a button would be too old."""
    assert set(routes.BUTTONS) & set(routes.ADMIN_BUTTONS) == set()
