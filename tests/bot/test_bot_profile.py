"""The bot's profile is set in every language, and only where it differs."""

import pytest
from telegram.error import RetryAfter

from bot.handlers.bot_profile import by_code, publish
from bot.text import profile_texts
from i18n import Translators
from i18n.languages import ENGLISH, RUSSIAN, Language
from ledger.store.profiles import Profile

ENGLISH_T, RUSSIAN_T = (Translators()[language] for language in (ENGLISH, RUSSIAN))
PRIVATE = "all_private_chats"


async def set_calls(room):
    return [call.method for call in await room.world.calls() if call.method.startswith("set")]


def settings(room):
    return room.outside.sandbox.settings


def words(commands):
    return {one["command"]: one["description"] for one in commands}


async def test_commands_and_descriptions_are_set_for_all_languages(room):
    await publish(room.bot, room.services)
    lists = settings(room).commands[PRIVATE]
    assert words(lists[""]) == profile_texts.commands(ENGLISH_T, for_admin=False)
    assert words(lists["ru"]) == profile_texts.commands(RUSSIAN_T, for_admin=False)
    assert set(lists) == {"", "ru"}
    assert settings(room).descriptions == {
        "": profile_texts.description(ENGLISH_T, ads=True, only_views=True),
        "ru": profile_texts.description(RUSSIAN_T, ads=True, only_views=True),
    }
    assert settings(room).short_descriptions == {
        "": profile_texts.short_description(ENGLISH_T, ads=True, only_views=True),
        "ru": profile_texts.short_description(RUSSIAN_T, ads=True, only_views=True),
    }


async def test_what_is_set_already_is_not_set_again(room):
    await publish(room.bot, room.services)
    assert len(await set_calls(room)) == 7
    await publish(room.bot, room.services)
    assert len(await set_calls(room)) == 7
    settings(room).descriptions["ru"] = "something older"
    await publish(room.bot, room.services)
    assert (await set_calls(room))[7:] == ["setMyDescription"]


async def test_an_admins_list_has_the_admins_commands_in_the_admins_language(room):
    admin = room.admin.id
    room.ledger.note_profile(Profile(user_id=admin, language="en", language_choice="ru"))
    await publish(room.bot, room.services)
    found = words(settings(room).commands[f"chat:{admin}"][""])
    assert found == profile_texts.commands(RUSSIAN_T, for_admin=True)
    assert "adjust" in found


async def test_an_admin_who_has_not_started_the_bot_yet_stops_nothing(room):
    room.services.admin_ids = frozenset({room.admin.id, 99})
    await publish(room.bot, room.services)
    assert f"chat:{room.admin.id}" in settings(room).commands


@pytest.mark.parametrize(
    "method", ["getMyDescription", "setMyDescription", "setMyShortDescription"]
)
async def test_a_description_that_cannot_be_set_now_is_for_the_next_start(room, method):
    await room.world.fault("429", method, times=None, retry_after_s=3600)
    await publish(room.bot, room.services)
    assert settings(room).commands[PRIVATE]["ru"]
    await room.world.clear_faults()
    await publish(room.bot, room.services)
    assert set(settings(room).short_descriptions) == {"", "ru"}


PAGE = "https://bot.example/ads"
PAGE_BUTTON = {"type": "web_app", "text": "🪧 Watch Ads", "web_app": {"url": PAGE}}


async def test_the_menu_button_opens_the_ad_page_as_long_as_there_is_one(room):
    room.services.ad_page_url = PAGE
    for _ in range(2):
        await publish(room.bot, room.services)
        assert settings(room).menu_buttons == {0: PAGE_BUTTON}
    assert (await set_calls(room)).count("setChatMenuButton") == 1
    room.services.ad_page_url = "https://moved.example/ads"
    await publish(room.bot, room.services)
    assert settings(room).menu_buttons[0]["web_app"]["url"] == "https://moved.example/ads"
    room.services.ad_page_url = ""
    for _ in range(2):
        await publish(room.bot, room.services)
        assert settings(room).menu_buttons == {0: {"type": "default"}}
    assert (await set_calls(room)).count("setChatMenuButton") == 3


@pytest.mark.parametrize(
    "own",
    [
        {"type": "commands"},
        {"type": "web_app", "text": "Shop", "web_app": {"url": "https://shop.example/"}},
    ],
)
async def test_a_button_of_the_operators_own_stays_where_there_is_no_page(room, own):
    settings(room).menu_buttons[0] = own
    await publish(room.bot, room.services)
    assert settings(room).menu_buttons == {0: own}


@pytest.mark.parametrize("method", ["getChatMenuButton", "setChatMenuButton"])
async def test_a_menu_button_that_cannot_be_set_holds_nothing_up(room, method):
    room.services.ad_page_url = PAGE
    await room.world.fault("429", method, times=None, retry_after_s=3600)
    await publish(room.bot, room.services)
    assert settings(room).commands[PRIVATE]["ru"]
    assert settings(room).menu_buttons == {}
    await room.world.clear_faults()
    await publish(room.bot, room.services)
    assert settings(room).menu_buttons == {0: PAGE_BUTTON}


async def test_commands_that_cannot_be_set_now_are_tried_again_by_whoever_connects(room):
    await room.world.fault("429", "setMyCommands", retry_after_s=1)
    with pytest.raises(RetryAfter):
        await publish(room.bot, room.services)


def test_languages_of_two_letters_have_a_code_of_their_own_the_first_of_each(tmp_path, monkeypatch):
    monkeypatch.setattr("i18n.translators.load", lambda _language, _folder: None)
    tags = ("en", "ru", "pt-br", "pt", "fil", "zh-hans")
    translators = Translators([Language(tag, tag, "en") for tag in tags], tmp_path)
    assert [(code, t.language.tag) for code, t in by_code(translators)] == [
        (None, "en"),
        ("ru", "ru"),
        ("pt", "pt-br"),
        ("zh", "zh-hans"),
    ]
