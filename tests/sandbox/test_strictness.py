"""The sandbox refuses what Telegram refuses, in Telegram's words."""

import aiohttp
import pytest


def inline(**button):
    return {"inline_keyboard": [[button]]}


@pytest.mark.parametrize(
    ("params", "refusal"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": "<b> </b>", "parse_mode": "HTML"}, "text must be non-empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "<b>x", "parse_mode": "HTML"}, "can't parse entities: Can't find end tag"),
        ({"text": "x", "reply_parameters": {"message_id": 99}}, "message to be replied not found"),
        (
            {"text": "x", "reply_markup": inline(text="b", callback_data="é" * 33)},
            "BUTTON_DATA_INVALID",
        ),
        (
            {"text": "x", "reply_markup": inline(text="b", url="https://a.b/ c")},
            "BUTTON_URL_INVALID",
        ),
        (
            {"text": "x", "reply_markup": inline(text="b", url="http://localhost:8080/ad")},
            "inline keyboard button URL 'http://localhost:8080/ad' is invalid: Wrong HTTP URL",
        ),
        (
            {"text": "x", "reply_markup": inline(text="b", web_app={"url": "http://a.com"})},
            "inline keyboard button Web App URL 'http://a.com' is invalid: Only HTTPS links",
        ),
        (
            {"text": "x", "reply_markup": inline(text="b")},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"text": "x", "reply_markup": inline(text="", callback_data="a")},
            "inline keyboard button text must be non-empty",
        ),
        (
            {
                "text": "x",
                "reply_markup": {"keyboard": [["a"]], "input_field_placeholder": "p" * 65},
            },
            "REPLY_MARKUP_INVALID",
        ),
        (
            {"text": "x", "reply_markup": {"keyboard": [[{"text": " "}]]}},
            "keyboard button text must",
        ),
        ({"text": "x", "reply_markup": "{"}, "can't parse reply markup JSON object"),
        ({"text": "x", "parse_mode": "HTLM"}, "unsupported parse_mode"),
    ],
)
async def test_a_message_that_telegram_refuses_is_refused_and_never_shown(
    api, ann, params, refusal
):
    answer = await api("sendMessage", chat_id=42, **params)
    assert answer.startswith(f"Bad Request: {refusal}")
    assert [seen.text for seen in await ann.messages()] == ["/start"]


async def test_the_limits_count_what_remains_after_the_markup(api, ann):
    text = "<b>" + "x" * 4096 + "</b>"
    sent = await api("sendMessage", chat_id=ann.id, text=text, parse_mode="HTML")
    assert (len(sent["text"]), sent["entities"]) == (
        4096,
        [{"type": "bold", "offset": 0, "length": 4096}],
    )


async def test_callback_data_may_have_64_bytes(api, ann):
    markup = inline(text="b", callback_data="x" * 64)
    sent = await api("sendMessage", chat_id=ann.id, text="x", reply_markup=markup)
    assert sent["reply_markup"] == markup


@pytest.mark.parametrize("chat_id", [43, 999, -100, "@somebody"])
async def test_a_chat_with_somebody_who_never_started_the_bot_is_not_found(api, world, chat_id):
    await world.add_user("Ben", id=43)
    answer = await api("sendMessage", chat_id=chat_id, text="x")
    assert answer == "Bad Request: chat not found"


async def test_who_blocked_the_bot_or_is_gone_gets_nothing(api, ann):
    await ann.block()
    assert (
        await api("sendMessage", chat_id=42, text="x") == "Forbidden: bot was blocked by the user"
    )
    await ann.unblock()
    assert (await api("sendMessage", chat_id=42, text="x"))["text"] == "x"
    await ann.deactivate()
    assert await api("sendMessage", chat_id=42, text="x") == "Forbidden: user is deactivated"


@pytest.mark.usefixtures("ann")
async def test_an_edit_that_changes_nothing_is_refused(api):
    markup = inline(text="b", callback_data="1")
    sent = await api("sendMessage", chat_id=42, text="x", reply_markup=markup)
    same = {"chat_id": 42, "message_id": sent["message_id"], "text": "x", "reply_markup": markup}
    assert (await api("editMessageText", **same)).startswith(
        "Bad Request: message is not modified:"
    )
    assert (await api("editMessageReplyMarkup", **same)).startswith("Bad Request: message is not")
    edited = await api("editMessageText", chat_id=42, message_id=sent["message_id"], text="x")
    assert "reply_markup" not in edited


async def test_only_the_bots_messages_without_a_reply_keyboard_can_be_edited(api, ann):
    theirs = (await ann.messages())[0].id
    keyboard = {"keyboard": [["a"]]}
    sent = await api("sendMessage", chat_id=42, text="x", reply_markup=keyboard)
    for message_id, refusal in [
        (theirs, "message can't be edited"),
        (sent["message_id"], "message can't be edited"),
        (999, "message to edit not found"),
        (0, "message identifier is not specified"),
    ]:
        answer = await api("editMessageText", chat_id=42, message_id=message_id, text="y")
        assert answer == f"Bad Request: {refusal}"


@pytest.mark.usefixtures("ann")
async def test_an_edit_takes_only_an_inline_keyboard(api):
    sent = await api("sendMessage", chat_id=42, text="x")
    answer = await api(
        "editMessageText",
        chat_id=42,
        message_id=sent["message_id"],
        text="y",
        reply_markup={"keyboard": [["a"]]},
    )
    assert answer == "Bad Request: inline keyboard expected"


@pytest.mark.usefixtures("ann")
async def test_what_is_not_there_can_be_neither_deleted_nor_copied_nor_forwarded(api):
    here = {"chat_id": 42, "message_id": 999}
    there = {**here, "from_chat_id": 42}
    assert await api("deleteMessage", **here) == "Bad Request: message to delete not found"
    assert await api("copyMessage", **there) == "Bad Request: message to copy not found"
    assert await api("forwardMessage", **there) == "Bad Request: message to forward not found"


async def test_a_message_can_be_deleted_for_two_days(api, ann, clock):
    first = await api("sendMessage", chat_id=42, text="x")
    clock.now += 48 * 3600 + 1
    answer = await api("deleteMessage", chat_id=42, message_id=first["message_id"])
    assert answer == "Bad Request: message can't be deleted for everyone"
    second = await api("sendMessage", chat_id=42, text="y")
    assert await api("deleteMessage", chat_id=42, message_id=second["message_id"]) is True
    assert [seen.text for seen in await ann.messages()] == ["/start", "x"]


async def press(api, ann, world):
    await api("sendMessage", chat_id=42, text="x", reply_markup=inline(text="b", callback_data="d"))
    await ann.press("b", may_be_unanswered=True)
    return (await world.updates())[-1]["callback_query"]


async def test_a_press_can_be_answered_once(api, ann, world):
    query = await press(api, ann, world)
    assert await api("answerCallbackQuery", callback_query_id=query["id"], text="yes") is True
    answer = await api("answerCallbackQuery", callback_query_id=query["id"])
    assert answer == (
        "Bad Request: query is too old and response timeout expired or query ID is invalid"
    )


async def test_a_press_cannot_be_answered_too_late(api, ann, world, clock):
    query = await press(api, ann, world)
    clock.now += 151
    assert "query is too old" in await api("answerCallbackQuery", callback_query_id=query["id"])
    query = await press(api, ann, world)
    await world.expire_callbacks()
    assert "query is too old" in await api("answerCallbackQuery", callback_query_id=query["id"])


async def test_an_answer_to_a_press_has_at_most_200_characters(api, ann, world):
    query = await press(api, ann, world)
    answer = await api("answerCallbackQuery", callback_query_id=query["id"], text="x" * 201)
    assert answer == "Bad Request: MESSAGE_TOO_LONG"


async def test_a_press_brings_the_message_with_its_keyboard_and_what_it_answers(api, ann, world):
    said = await ann.say("my balance?")
    sent = await api(
        "sendMessage",
        chat_id=42,
        text="10",
        reply_markup=inline(text="b", callback_data="d"),
        reply_parameters={"message_id": said.id},
    )
    await ann.press("b", may_be_unanswered=True)
    query = (await world.updates())[-1]["callback_query"]
    assert query["message"] == sent
    assert query["message"]["reply_to_message"]["text"] == "my balance?"
    assert (query["data"], query["from"]["id"]) == ("d", 42)


@pytest.mark.parametrize(
    ("commands", "refusal"),
    [
        ([{"command": "Start", "description": "x"}], "BOT_COMMAND_INVALID"),
        ([{"command": "a" * 33, "description": "x"}], "command length must not exceed 32"),
        ([{"command": "", "description": "x"}], "command must be non-empty"),
        ([{"command": "a", "description": ""}], "command description must be non-empty"),
        ([{"command": "a", "description": "x" * 257}], "command description length must not"),
        ([{"command": f"a{n}", "description": "x"} for n in range(101)], "BOT_COMMANDS_TOO_MUCH"),
    ],
)
async def test_commands_have_rules(api, commands, refusal):
    assert (await api("setMyCommands", commands=commands)).startswith(f"Bad Request: {refusal}")


@pytest.mark.parametrize("method", ["Commands", "Description", "ShortDescription"])
@pytest.mark.parametrize("code", ["pt-br", "PT", "deu", "p", "1a"])
async def test_texts_of_the_bot_are_for_languages_of_two_letters(api, method, code):
    for call in (f"getMy{method}", f"setMy{method}"):
        answer = await api(call, commands=[], language_code=code)
        assert answer == "Bad Request: invalid language code specified"


async def test_descriptions_have_a_longest_length(api):
    assert await api("setMyDescription", description="x" * 512)
    assert await api("setMyDescription", description="x" * 513) == (
        "Bad Request: DESCRIPTION_TOO_LONG"
    )
    assert await api("setMyShortDescription", short_description="x" * 120)
    assert await api("setMyShortDescription", short_description="x" * 121) == (
        "Bad Request: SHORT_DESCRIPTION_TOO_LONG"
    )


async def test_descriptions_are_set_for_a_language_or_for_all_others(api, world):
    await api("setMyDescription", description="Views")
    await api("setMyDescription", description="Visualizações", language_code="pt")
    await api("setMyShortDescription", short_description="Curto", language_code="pt")
    assert await api("getMyDescription") == {"description": "Views"}
    assert await api("getMyDescription", language_code="pt") == {"description": "Visualizações"}
    assert await api("getMyDescription", language_code="de") == {"description": ""}
    assert await api("getMyShortDescription") == {"short_description": ""}
    shown = [
        await (await world.add_user("Ann", language_code=code)).description()
        for code in ("pt-br", "de", None)
    ]
    assert shown == ["Visualizações", "Views", "Views"]
    await api("setMyDescription", description="", language_code="pt")
    assert await (await world.add_user("Ann", language_code="pt")).description() == "Views"


async def test_the_narrowest_list_of_commands_is_the_menu_of_a_chat(api, ann, world):
    ben = await world.add_user("Ben", language_code="de")
    await ben.start()

    async def put(name, **where):
        assert await api("setMyCommands", commands=[{"command": name, "description": "x"}], **where)

    await put("everybody")
    await put("german", scope={"type": "all_private_chats"}, language_code="de")
    await put("only_ann", scope={"type": "chat", "chat_id": ann.id})
    assert (await ann.commands(), await ben.commands()) == (["only_ann"], ["german"])
    await api("deleteMyCommands", scope={"type": "chat", "chat_id": ann.id})
    assert await ann.commands() == ["everybody"]
    answer = await api("setMyCommands", commands=[], scope={"type": "chat", "chat_id": 999})
    assert answer == "Bad Request: chat not found"


@pytest.mark.usefixtures("ann")
async def test_files_are_named_by_upload_by_id_or_not_at_all(api):
    assert await api("sendPhoto", chat_id=42) == "Bad Request: there is no photo in the request"
    answer = await api("sendDocument", chat_id=42, document="AgADno")
    assert answer == "Bad Request: wrong file identifier/HTTP URL specified"
    sent = await api("sendDocument", chat_id=42, document="https://example.com/a.csv")
    assert sent["document"]["file_name"] == "a.csv"
    answer = await api("sendPhoto", chat_id=42, photo=sent["document"]["file_id"])
    assert answer == "Bad Request: can't use file of type Document as Photo"
    answer = await api("sendDocument", chat_id=42, document="https://x.com/a", caption="c" * 1025)
    assert answer == "Bad Request: message caption is too long"
    assert await api("getFile", file_id="nothing") == "Bad Request: invalid file_id"
    assert await api("sendChatAction", chat_id=42, action="dance") == (
        "Bad Request: wrong parameter action in request"
    )


async def test_token_and_method_are_checked(served):
    async with aiohttp.ClientSession() as session:

        async def get(path):
            async with session.get(f"{served.url}{path}") as answer:
                return answer.status, (await answer.json())["description"]

        assert await get("/bot1:wrong/getMe") == (401, "Unauthorized")
        assert await get("/botnonsense/getMe") == (404, "Not Found")
        unknown = await get(f"/bot{served.token}/sendNonsense")
        assert unknown == (404, "Not Found: method not found")


async def test_a_call_may_come_as_query_form_json_or_multipart_in_any_case(served, ann):
    address = f"{served.url}/bot{served.token}/SENDmessage"
    params = {"chat_id": "42", "text": "hi", "reply_markup": '{"keyboard": [["a"]]}'}
    multipart = aiohttp.FormData(params)
    multipart.add_field("unused", b"x", filename="x.txt")
    as_json = {"chat_id": 42, "text": "hi", "reply_markup": {"keyboard": [["a"]]}}
    async with aiohttp.ClientSession() as session:
        for request in [
            session.get(address, params=params),
            session.post(address, data=params),
            session.post(address, data=multipart),
            session.post(address, json=as_json),
        ]:
            async with request as answer:
                assert (await answer.json())["result"]["text"] == "hi"
    assert await ann.keyboard() == [["a"]]


@pytest.mark.usefixtures("ann")
async def test_after_logging_out_nothing_works(api):
    assert await api("logOut") is True
    assert await api("sendMessage", chat_id=42, text="x") == "Bad Request: Logged out"
