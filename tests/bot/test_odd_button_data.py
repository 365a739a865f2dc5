"""Button data can be anything that a client may send: it is refused in words, never a failure."""

import json

import pytest
from support.bot_harness import ADMIN_ID

from bot import routes
from bot.updates import Update, decode_update

ODD = [
    "",
    ":",
    "::::",
    ":\ud83d",
    ":\udc00:\ud83d",
    ":\x00",
    ":" + "9" * 5000,
    ":" + "9" * 5000 + ":" + "9" * 5000,
    ":−0",
    ":1e400",
    ":١٢٣",
    ":²",
    ":0123456789ab:²:³",
    ":99999999999999999999:-1",
    ":\u202e7",
    ":\uff17",
    ":\u0667",
    ": 7",
    ":+7",
    ":@a",
    ":a",
]


def pressed(data: str, number: int) -> bytes:
    message = {
        "message_id": 1,
        "date": 1,
        "chat": {"id": ADMIN_ID, "type": "private"},
        "text": "https://youtu.be/AbCdEfGhI_k",
        "entities": [{"type": "url", "offset": 0, "length": 28}],
    }
    press = {
        "id": str(number),
        "from": {"id": ADMIN_ID, "is_bot": False, "first_name": "A"},
        "data": data,
        "message": message,
    }
    return json.dumps({"update_id": number, "callback_query": press}).encode()


@pytest.mark.parametrize("name", sorted({*routes.BUTTONS, *routes.ADMIN_BUTTONS, "unknown"}))
async def test_odd_data_fails_nowhere(room, name, caplog):
    before = room.ledger.state.seq
    for number, odd in enumerate(ODD, 1):
        update = decode_update(pressed(name + odd, number))
        assert isinstance(update, Update)
        await room.app.dispatch(update)
    assert [one.getMessage() for one in caplog.records if one.exc_info] == []
    assert room.ledger.state.seq == before
