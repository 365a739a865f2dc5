"""Errors while an update is handled."""

import json

import pytest
from telegram.error import Forbidden

from bot.error_handler import TELL_AGAIN_AFTER_S, ErrorHandler
from bot.updates import Update, decode_update

NOBODYS = Update(1)
A_USER = {"id": 50, "is_bot": False, "first_name": "Anna"}


def raised(error: Exception) -> Exception:
    """An error that has a place, as one that a handler raised."""
    with pytest.raises(type(error)) as caught:
        raise error
    return caught.value


async def test_the_admins_hear_of_one_kind_of_failure_once_an_hour(room):
    now_s = 5.0
    failures = ErrorHandler(room.gate, monotonic_s=lambda: now_s)
    told = []
    for step_s in (0, 1, TELL_AGAIN_AFTER_S - 2, 1, 1):
        now_s += step_s
        error = raised(ZeroDivisionError("a secret"))
        await failures.handle(error, NOBODYS, room.context)
        told.append(len(await room.admin.unseen()))
    assert told == [1, 1, 1, 2, 2]
    await failures.handle(raised(KeyError("x")), NOBODYS, room.context)
    assert len(await room.admin.unseen()) == 3


async def test_somebody_who_has_blocked_the_bot_alarms_nobody(room):
    anna = await room.world.add_user("Anna", id=A_USER["id"])
    await room.join(anna)
    update = decode_update(
        json.dumps(
            {
                "update_id": 1,
                "message": {
                    "message_id": 1,
                    "date": 1,
                    "chat": {"id": anna.id, "type": "private"},
                    "from": A_USER,
                    "text": "/balance",
                },
            }
        ).encode()
    )
    error = raised(Forbidden("Forbidden: bot was blocked by the user"))
    await ErrorHandler(room.gate).handle(error, update, room.context)
    assert room.ledger.state.users[anna.id].unreachable
    assert await room.admin.unseen() == []
    assert await anna.unseen() == []
