"""Mini Apps as the Bot API and Telegram's clients treat them."""

import json
from urllib.parse import parse_qsl, urlsplit

import pytest
from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    MenuButtonDefault,
    MenuButtonWebApp,
    WebAppInfo,
)

from sandbox.client import SandboxRefusedError
from sandbox.mini_app import THEMES, sign

ADS = "https://views.example/ads?lang=en"
TOKEN = "123456789:FAKE-token_for-tests-0123456789abcde"


def offer(url=ADS):
    return InlineKeyboardMarkup([[InlineKeyboardButton("Watch", web_app=WebAppInfo(url))]])


def fields_of(init_data):
    return dict(parse_qsl(init_data, keep_blank_values=True, strict_parsing=True))


def launch_of(app):
    return dict(parse_qsl(urlsplit(app.url).fragment, strict_parsing=True))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {
                "query_id": "AAHtestQUERYid0001",
                "user": r'{"id":7000000001,"first_name":"Ana \u0026 Zoë","last_name":"O\'Neil",'
                r'"username":"ana_test","language_code":"en","allows_write_to_pm":true,'
                r'"photo_url":"https:\/\/t.me\/i\/userpic\/320\/x.svg"}'.replace("\\'", "'"),
                "auth_date": "1767225600",
                "start_param": "ref_AbC-123",
                "signature": "a2-0ZU_K8qBLYTAGyoesGosY0_psb-I_iaeEkkXVrIUEKuT0KVzqUE7UPJebCqakZicOi"
                "qGAM0-8vsHvsDO8Dg",
            },
            "a5f4d00d1109101438bfa22960bc81ff71b526e5785d80a4ce9e3c8479a7c764",
        ),
        (
            {"auth_date": "1767225600", "user": '{"id":42,"first_name":"Test"}'},
            "ccccf19aed7113b2a791481d350e00360d77bb056c8ab0bd27e5ce7312551279",
        ),
    ],
)
def test_the_hash_is_telegrams(fields, expected):
    assert sign(TOKEN, fields) == expected


async def test_a_button_opens_the_app_with_signed_data_of_the_person(bot, ann, served, clock):
    await bot.send_message(42, "Ads", reply_markup=offer())
    with pytest.raises(AssertionError, match="'Watch' opens a Mini App"):
        await ann.press("Watch")
    app = await ann.open_app("Watch")
    fields = fields_of(app.init_data)
    assert sorted(fields) == ["auth_date", "hash", "query_id", "signature", "user"]
    assert fields.pop("hash") == sign(served.token, fields)
    assert int(fields["auth_date"]) == int(clock.now)
    assert json.loads(fields["user"]) == {
        "id": 42,
        "first_name": "Ann",
        "username": "ann_walks",
        "language_code": "en",
        "photo_url": "https://t.me/i/userpic/320/sandbox42.svg",
        "allows_write_to_pm": True,
    }
    assert app.page == ADS
    launch = launch_of(app)
    assert launch["tgWebAppData"] == app.init_data
    assert json.loads(launch["tgWebAppThemeParams"]) == THEMES["light"]
    assert (launch["tgWebAppVersion"], launch["tgWebAppPlatform"]) == ("9.1", "weba")


async def test_the_data_can_be_old_dark_and_from_a_link(bot, ann, clock):
    await bot.set_chat_menu_button(menu_button=MenuButtonWebApp("Watch", WebAppInfo(ADS)))
    app = await ann.open_app(age_s=3600, scheme="dark", start_param="ref_1")
    fields = fields_of(app.init_data)
    assert int(fields["auth_date"]) == int(clock.now) - 3600
    assert (fields["start_param"], fields["chat_type"], "query_id" in fields) == (
        "ref_1",
        "sender",
        False,
    )
    assert json.loads(launch_of(app)["tgWebAppThemeParams"]) == THEMES["dark"]


async def test_the_menu_button_is_set_for_all_and_for_one_chat(bot, ann, world):
    button = MenuButtonWebApp("Watch ads", WebAppInfo(ADS))
    assert await bot.set_chat_menu_button(menu_button=button)
    assert await bot.get_chat_menu_button() == button
    assert (await ann.menu_button())["web_app"] == {"url": ADS}
    await bot.set_chat_menu_button(42, MenuButtonDefault())
    assert await ann.menu_button() == {"type": "default"}
    with pytest.raises(SandboxRefusedError, match="the menu button opens no such Mini App"):
        await ann.open_app()
    # Somebody who has not started the bot can open the app, and then cannot be written to.
    ben = await world.add_user("Ben")
    opened = fields_of((await ben.open_app()).init_data)
    assert "allows_write_to_pm" not in json.loads(opened["user"])


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8080/ads", "http://localhost:8080/ads", "http://[::1]:8080/ads"]
)
async def test_http_is_accepted_on_this_machine_only(api, ann, url):
    markup = {"inline_keyboard": [[{"text": "Watch", "web_app": {"url": url}}]]}
    await api("sendMessage", chat_id=42, text="Ads", reply_markup=markup)
    assert (await ann.open_app("Watch")).page == url
    button = {"type": "web_app", "text": "Watch", "web_app": {"url": url}}
    assert await api("setChatMenuButton", menu_button=button) is True


@pytest.mark.parametrize(
    "url",
    [
        "http://views.example/ads",
        "http://127.0.0.1.views.example/ads",
        "http://10.0.0.1/ads",
        "ftp://127.0.0.1/ads",
        "127.0.0.1:8080/ads",
        "http://127.0.0.1:8080/ ads",
        "http://[::1",
        "https://localhost/ads",
        "",
    ],
)
@pytest.mark.usefixtures("ann")
async def test_other_addresses_are_refused_as_by_telegram(api, url):
    markup = {"inline_keyboard": [[{"text": "Watch", "web_app": {"url": url}}]]}
    refusal = await api("sendMessage", chat_id=42, text="Ads", reply_markup=markup)
    button = {"type": "web_app", "text": "Watch", "web_app": {"url": url}}
    assert "is invalid" in refusal
    assert "is invalid" in await api("setChatMenuButton", menu_button=button)


async def test_a_menu_button_needs_a_text(api):
    button = {"type": "web_app", "text": " ", "web_app": {"url": ADS}}
    assert "text must be non-empty" in await api("setChatMenuButton", menu_button=button)


async def test_only_what_a_button_offers_can_be_opened(bot, ann, world):
    message = await bot.send_message(42, "Ads", reply_markup=offer())
    with pytest.raises(AssertionError, match="no Mini App behind 'Elsewhere'"):
        await ann.open_app("Elsewhere")
    body = {"message_id": message.message_id, "url": "https://elsewhere.example/"}
    with pytest.raises(SandboxRefusedError, match="has no button that opens"):
        await world.wire.post("/users/42/app", body)
    await ann.deactivate()
    with pytest.raises(SandboxRefusedError, match="this account is deleted"):
        await ann.open_app("Watch")
