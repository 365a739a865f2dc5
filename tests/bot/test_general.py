"""The courtesies of replying."""

import json

from bot.context import press_of
from bot.updates import decode_update


async def test_under_a_message_too_old_to_be_shown_the_answer_is_a_new_message(room):
    anna = await room.world.add_user("Anna")
    await room.join(anna)
    update = decode_update(
        json.dumps(
            {
                "update_id": 1,
                "callback_query": {
                    "id": "1",
                    "from": {"id": anna.id, "is_bot": False, "first_name": "Anna"},
                    "chat_instance": "1",
                    "data": "mine",
                    "message": {
                        "chat": {"id": anna.id, "type": "private"},
                        "message_id": 1,
                        "date": 0,
                    },
                },
            }
        ).encode()
    )
    query, _ = press_of(update)
    await room.context.edit(query, "Your order is placed.")
    await anna.wait_for("Your order is placed.")
