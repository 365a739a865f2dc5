"""How handlers reply: by editing, answering a press, or sending a new message."""

import json

from bot.context import press_of
from bot.updates import Person, Press, decode_update
from i18n import Translator

EN = Translator()


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


async def test_what_is_said_over_the_chat_is_plain_and_as_a_message_html(room):
    anna = await room.world.add_user("Anna")
    await room.join(anna)
    html = EN("{name} is <b>here</b>.", name="<Ben>")
    old = Press(id="1", from_user=Person(id=anna.id))
    await room.context.answer(old, html)
    call = await room.world.wait_for_call("answerCallbackQuery")
    assert call.params["text"] == "<Ben> is here."
    await anna.wait_for("<Ben> is here.")


def flood_of(language_code):
    who = {"id": 1, "is_bot": False, "first_name": "A", "language_code": language_code}
    message = {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "from": who}
    update = {"update_id": 1, "message": message | {"text": "x"}}
    return decode_update(json.dumps(update).encode())


async def test_somebody_whom_nobody_has_met_reads_the_language_of_their_app(room):
    assert room.app.translator_for(flood_of("ru")).language.tag == "ru"
    assert room.app.translator_for(flood_of("xx")).language.tag == "en"
