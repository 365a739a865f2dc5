"""The settings: read once, from the environment and `.env`; errors take one line."""

from ipaddress import ip_network
from pathlib import Path

import pytest

from viewbank.ad_services import ads_of
from viewbank.settings import SETTINGS, Settings, WrongSetting, describe
from viewbank.settings_reader import read_settings

NO_FILE = Path("no such file")
TOKEN = "123456789:AAE-made_up_for_the_tests_0123456789"


def read(**environ: str) -> Settings:
    return read_settings(environ, NO_FILE)


def refusal(**environ: str) -> str:
    with pytest.raises(WrongSetting) as raised:
        read_settings(environ, NO_FILE)
    return str(raised.value)


def test_nothing_set_gives_the_defaults():
    assert read() == Settings()
    assert (read().admin_ids, read().port, read().data_dir) == ({7981712298}, 8080, Path("data"))


def test_every_value_arrives_in_its_own_type():
    settings = read(
        BOT_TOKEN=TOKEN,
        ADMIN_ID=" 7, 42,",
        TELEGRAM_API_URL="http://127.0.0.1:8081/",
        DATA_DIR="some where",
        HOST="0.0.0.0",
        PORT="0",
        PUBLIC_URL="https://bot.example/base/",
        TELEGRAM_UPDATES="polling",
        WEBHOOK_IPS="192.0.2.7, telegram, 2001:db8::/32,",
        TRUSTED_PROXY="127.0.0.1, 172.18.0.0/16, ::1, ::ffff:10.0.0.0/104,",
        AD_MODE="link",
        AD_URL="https://ads.example/?a=b",
        AD_ZONE_ID="123",
        AD_SDK_URL="https://sdk.example/x.js",
        AD_POSTBACK_SECRET="hush_hush-0123456, another_secret-0123",
        AD_NETWORKS="adsgram,monetag",
        ADSGRAM_BLOCK_ID="9",
        ADSGRAM_SDK_URL="https://sdk.example/y.js",
        ORDER_API_URL="http://[::1]:9/order/",
        ORDER_API_KIND="simple",
        ORDER_API_KEY="key",
        ORDER_SERVICE_ID="77",
        ORDER_REQUESTS_MAX="16",
        LOG_LEVEL="debug",
    )
    assert settings == Settings(
        bot_token=TOKEN,
        admin_ids=frozenset({7, 42}),
        telegram_api_url="http://127.0.0.1:8081",
        data_dir=Path("some where"),
        host="0.0.0.0",
        port=0,
        public_url="https://bot.example/base",
        telegram_updates="polling",
        webhook_ips=tuple(
            ip_network(name)
            for name in ("192.0.2.7", "149.154.160.0/20", "91.108.4.0/22", "2001:db8::/32")
        ),
        trusted_proxy=tuple(
            ip_network(name) for name in ("127.0.0.1", "172.18.0.0/16", "::1", "10.0.0.0/8")
        ),
        ad_mode="link",
        ad_url="https://ads.example/?a=b",
        ad_zone_id="123",
        ad_sdk_url="https://sdk.example/x.js",
        ad_postback_secret="hush_hush-0123456,another_secret-0123",
        ad_networks=("adsgram", "monetag"),
        adsgram_block_id="9",
        adsgram_sdk_url="https://sdk.example/y.js",
        order_api_url="http://[::1]:9/order/",
        order_api_kind="simple",
        order_api_key="key",
        order_service_id="77",
        order_requests_max=16,
        log_level="DEBUG",
    )


def test_empty_and_blank_values_count_as_not_set():
    assert read_settings({setting.name: " " for setting in SETTINGS}, NO_FILE) == Settings()


def test_the_environment_wins_over_the_file(tmp_path):
    file = tmp_path / ".env"
    file.write_text(f"PORT=1\nHOST=file.example\nBOT_TOKEN={TOKEN}\nLOG_LEVEL\nAD_URL=''\n")
    settings = read_settings({"PORT": "2", "HOST": ""}, file)
    assert (settings.port, settings.host, settings.bot_token) == (2, "file.example", TOKEN)


def test_the_file_is_taken_word_for_word(tmp_path):
    file = tmp_path / ".env"
    file.write_text("ORDER_API_KEY=a${HOME}b\n")
    assert read_settings({"HOME": "x"}, file).order_api_key == "a${HOME}b"


def test_a_file_that_is_not_text_is_refused_in_one_line(tmp_path):
    file = tmp_path / ".env"
    file.write_bytes(b"PORT=\xff\xfe")
    with pytest.raises(WrongSetting, match="can't be read as text"):
        read_settings({}, file)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ADMIN_ID", "0"),
        ("ADMIN_ID", "-7"),
        ("ADMIN_ID", "7;8"),
        ("ADMIN_ID", "7 8"),
        ("ADMIN_ID", "@anna"),
        ("ADMIN_ID", "1e3"),
        ("ADMIN_ID", ","),
        ("ADMIN_ID", "9" * 20),
        ("PORT", "-1"),
        ("PORT", "65536"),
        ("PORT", "80.0"),
        ("PORT", "1e3"),
        ("PORT", "http"),
        ("PORT", "٣"),
        ("HOST", "two words"),
        ("TELEGRAM_API_URL", "api.telegram.org"),
        ("TELEGRAM_API_URL", "ftp://api.telegram.org"),
        ("TELEGRAM_API_URL", "https://"),
        ("TELEGRAM_API_URL", "https://a.example/?x=1"),
        ("PUBLIC_URL", "http://bot.example"),
        ("PUBLIC_URL", "https://two words.example"),
        ("PUBLIC_URL", "ftp://bot.example"),
        ("PUBLIC_URL", "https://bot.example/?a=b"),
        ("PUBLIC_URL", "https://bot.example:8080"),
        ("PUBLIC_URL", "https://bot.example:0"),
        ("PUBLIC_URL", "https://bot.example:99999"),
        ("PUBLIC_URL", "https://[:::]"),
        ("TELEGRAM_UPDATES", "Webhook"),
        ("TELEGRAM_UPDATES", "push"),
        ("TELEGRAM_UPDATES", "webhook"),
        ("WEBHOOK_IPS", ","),
        ("WEBHOOK_IPS", "any"),
        ("WEBHOOK_IPS", "telegram.org"),
        ("WEBHOOK_IPS", "telegram 10.0.0.1"),
        ("WEBHOOK_IPS", "10.0.0.1/8"),
        ("WEBHOOK_IPS", "10.0.0.0/33"),
        ("WEBHOOK_IPS", "10.0.0"),
        ("WEBHOOK_IPS", "1"),
        ("WEBHOOK_IPS", "10.0.0.1:443"),
        ("WEBHOOK_IPS", "telegram, 300.1.1.1"),
        ("TRUSTED_PROXY", ","),
        ("TRUSTED_PROXY", "localhost"),
        ("TRUSTED_PROXY", "private"),
        ("TRUSTED_PROXY", "telegram"),
        ("TRUSTED_PROXY", "*"),
        ("TRUSTED_PROXY", "127.0.0.1:443"),
        ("TRUSTED_PROXY", "127.0.0.1 ::1"),
        ("TRUSTED_PROXY", "127.0.0.1; ::1"),
        ("TRUSTED_PROXY", "172.18.0.2/16"),
        ("TRUSTED_PROXY", "0.0.0.0/0"),
        ("TRUSTED_PROXY", "127.0.0.1, ::/0"),
        ("AD_URL", "ads.example"),
        ("AD_URL", "javascript:alert(1)"),
        ("AD_MODE", "Link"),
        ("AD_NETWORKS", "monetag,admob"),
        ("AD_NETWORKS", "monetag,monetag"),
        ("AD_NETWORKS", "monetag,"),
        ("ADSGRAM_BLOCK_ID", "int-7"),
        ("AD_ZONE_ID", "12a"),
        ("AD_SDK_URL", "//libtl.com/sdk.js"),
        ("ORDER_API_URL", "localhost:1"),
        ("ORDER_API_KIND", "soap"),
        ("ORDER_API_KIND", "panel"),
        ("ORDER_REQUESTS_MAX", "0"),
        ("ORDER_REQUESTS_MAX", "1e1"),
        ("LOG_LEVEL", "loud"),
        ("LOG_LEVEL", "line\nbreak"),
    ],
)
def test_a_wrong_value_is_refused_in_one_line_with_name_value_and_what_it_takes(name, value):
    text = refusal(**{name: value})
    assert text.startswith(f"{name} is ")
    assert "it takes" in text
    assert "\n" not in text
    assert text.isascii()
    if value.isascii() and value.isprintable():
        assert f'"{value}"' in text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOT_TOKEN", "my secret token"),
        ("BOT_TOKEN", "987654321"),
        ("BOT_TOKEN", "123456789:short"),
        ("BOT_TOKEN", f"{TOKEN}!"),
        ("AD_POSTBACK_SECRET", "two words, far too many"),
        ("AD_POSTBACK_SECRET", "fifteen-letters"),
        ("AD_POSTBACK_SECRET", "only-letters-and-ölüm"),
        ("AD_POSTBACK_SECRET", ",".join(["a-secret-of-16-letters"] * 3)),
        ("AD_POSTBACK_SECRET", "a-secret-of-16-letters,"),
        ("ORDER_API_KEY", "two words"),
    ],
)
def test_a_wrong_secret_is_told_by_its_length_only(name, value):
    text = refusal(**{name: value})
    assert text.startswith(f"{name} is a value of {len(value)} characters; it takes ")
    assert value not in text


def test_a_panel_needs_an_address_and_a_key():
    panel = {"ORDER_API_KIND": "panel", "ORDER_API_URL": "https://panel.example/api/v2"}
    assert refusal(ORDER_API_KIND="panel", ORDER_API_KEY="mum") == (
        'ORDER_API_KIND is "panel"; it takes an ORDER_API_URL beside it, which is not set'
    )
    assert refusal(**panel) == (
        'ORDER_API_KIND is "panel"; it takes an ORDER_API_KEY beside it, which is not set'
    )
    assert read(**panel, ORDER_API_KEY="mum").order_api_kind == "panel"


def test_a_key_is_not_sent_unencrypted_over_the_net():
    panel = {"ORDER_API_KIND": "panel", "ORDER_API_KEY": "mum"}
    assert refusal(**panel, ORDER_API_URL="http://panel.example/api/v2") == (
        'ORDER_API_URL is "http://panel.example/api/v2"; with ORDER_API_KIND=panel it takes an '
        "https:// address, because the key is sent to it"
    )
    assert read(**panel, ORDER_API_URL="http://127.0.0.1:9/api/v2").order_api_kind == "panel"


def test_a_very_long_value_is_told_in_part():
    assert len(refusal(PORT="9" * 10_000)) < 250


def test_settings_can_be_printed_without_telling_a_secret():
    both = ["hush-hush-hush-hush", "sssh-sssh-sssh-sssh"]
    secrets = {
        "BOT_TOKEN": TOKEN,
        "AD_POSTBACK_SECRET": ",".join(both),
        "ORDER_API_KEY": "mum",
    }
    settings = read(**secrets)
    for text in (repr(settings), str(settings), f"{settings}"):
        assert not any(secret in text for secret in (TOKEN, *both, "mum"))
        assert f"bot_token=a value of {len(TOKEN)} characters" in text
        assert "port=8080" in text
    assert sorted(settings.secrets()) == sorted([TOKEN, *both, "mum"])
    assert read().secrets() == []


def test_what_is_missing_to_run_is_named():
    with pytest.raises(WrongSetting, match=r"^BOT_TOKEN is not set; it takes the token"):
        read().require_token()
    assert read(BOT_TOKEN=TOKEN).require_token() == TOKEN


def test_what_is_not_set_is_not_offered_and_said_in_one_line_each():
    lines = read(BOT_TOKEN=TOKEN).not_offered()
    assert [line.partition(" is not set: ")[0] for line in lines] == ["PUBLIC_URL"]
    assert all(line.endswith(".") and "\n" not in line for line in lines)
    everything = read(PUBLIC_URL="https://bot.example")
    assert everything.not_offered() == []


MINIAPP = {
    "AD_MODE": "miniapp",
    "PUBLIC_URL": "https://bot.example",
    "AD_POSTBACK_SECRET": "a-secret-of-16-letters",
    "AD_ZONE_ID": "123",
}


@pytest.mark.parametrize(
    ("environ", "missing"),
    [
        ({}, "There are no ads: AD_URL is not set."),
        ({"AD_URL": "https://ads.example"}, ""),
        (MINIAPP, ""),
        (
            MINIAPP | {"PUBLIC_URL": ""},
            "There are no ads: AD_MODE is miniapp, and needs PUBLIC_URL too.",
        ),
        (
            MINIAPP | {"AD_NETWORKS": "adsgram"},
            "There are no ads: AD_MODE is miniapp, and needs ADSGRAM_BLOCK_ID too.",
        ),
        (
            {"AD_MODE": "miniapp", "AD_URL": "https://ads.example"},
            (
                "There are no ads: AD_MODE is miniapp, and needs PUBLIC_URL, AD_POSTBACK_SECRET "
                "and AD_ZONE_ID or ADSGRAM_BLOCK_ID too."
            ),
        ),
    ],
)
def test_what_is_missing_for_ads_is_named_and_stops_nothing(environ, missing):
    assert ads_of(read(**environ)).missing == missing


@pytest.mark.parametrize(
    ("environ", "names"),
    [
        ({}, ["monetag"]),
        ({"ADSGRAM_BLOCK_ID": "9"}, ["monetag", "adsgram"]),
        ({"ADSGRAM_BLOCK_ID": "9", "AD_NETWORKS": "adsgram, monetag"}, ["adsgram", "monetag"]),
        ({"ADSGRAM_BLOCK_ID": "9", "AD_NETWORKS": "adsgram"}, ["adsgram"]),
        ({"AD_NETWORKS": "adsgram,monetag"}, ["monetag"]),
        ({"AD_MODE": "link", "AD_URL": "https://ads.example"}, []),
    ],
)
def test_the_networks_are_asked_in_the_order_that_is_set(environ, names):
    assert [one.name for one in ads_of(read(**(MINIAPP | environ))).networks] == names


@pytest.mark.parametrize(
    ("environ", "url"),
    [
        ({}, ""),
        ({"PUBLIC_URL": "https://bot.example"}, "https://bot.example/telegram/webhook"),
        ({"PUBLIC_URL": "https://bot.example/b/"}, "https://bot.example/b/telegram/webhook"),
        ({"PUBLIC_URL": "https://bot.example", "TELEGRAM_UPDATES": "polling"}, ""),
        ({"TELEGRAM_UPDATES": "polling"}, ""),
        (
            {"PUBLIC_URL": "https://bot.example", "TELEGRAM_UPDATES": "webhook"},
            "https://bot.example/telegram/webhook",
        ),
    ],
)
def test_updates_come_by_webhook_where_there_is_a_public_url_unless_polling_is_set(environ, url):
    assert read(**environ).webhook_url() == url


@pytest.mark.parametrize("port", [443, 80, 88, 8443])
def test_a_webhook_can_be_at_every_port_that_telegram_delivers_to(port):
    assert read(PUBLIC_URL=f"https://bot.example:{port}").webhook_url()


def test_a_public_url_without_a_webhook_can_have_any_port():
    settings = read(PUBLIC_URL="https://bot.example:8080", TELEGRAM_UPDATES="polling")
    assert settings.public_url == "https://bot.example:8080"


@pytest.mark.parametrize(
    "api_url", ["http://127.0.0.1:8081", "https://botapi.example", "http://[:::]"]
)
def test_a_bot_api_server_of_ones_own_delivers_by_http_and_to_any_port(api_url):
    settings = read(TELEGRAM_API_URL=api_url, PUBLIC_URL="http://127.0.0.1:8080")
    assert settings.webhook_url() == "http://127.0.0.1:8080/telegram/webhook"


@pytest.mark.parametrize("api_url", ["https://api.telegram.org/", "http://API.telegram.org:443/x"])
@pytest.mark.parametrize("updates", ["auto", "polling", "webhook"])
def test_telegram_itself_takes_no_http_address(api_url, updates):
    text = refusal(
        TELEGRAM_API_URL=api_url, PUBLIC_URL="http://bot.example", TELEGRAM_UPDATES=updates
    )
    assert text.startswith('PUBLIC_URL is "http://bot.example"; it takes an https:// address')


def test_a_webhook_without_a_public_url_is_refused_with_what_is_missing():
    assert refusal(TELEGRAM_UPDATES="webhook") == (
        'TELEGRAM_UPDATES is "webhook"; it takes a PUBLIC_URL beside it, which is not set'
    )


def test_a_webhook_at_a_port_that_telegram_does_not_deliver_to_is_refused_with_the_ways_out():
    assert refusal(PUBLIC_URL="https://bot.example:8080") == (
        'PUBLIC_URL is "https://bot.example:8080"; it takes a port that Telegram delivers to '
        "(443, 80, 88 or 8443), or TELEGRAM_UPDATES must be polling"
    )


def test_every_field_is_described_once_with_its_default():
    assert [setting.field for setting in SETTINGS] == list(Settings.__struct_fields__)
    rows = {row.name: row for row in describe()}
    assert len(rows) == len(SETTINGS)
    assert rows["ADMIN_ID"].default == "7981712298"
    assert rows["PORT"].default == "8080"
    assert rows["DATA_DIR"].default == "data"
    assert rows["AD_URL"].default == ""
    assert all(row.meaning for row in rows.values())


def test_the_defaults_pass_their_own_checks():
    defaults = {row.name: row.default for row in describe()}
    assert read_settings(defaults, NO_FILE) == Settings()


OWN_API = {"TELEGRAM_API_URL": "http://127.0.0.1:8081"}


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8080", "http://127.1.2.3", "http://localhost:1", "http://[::1]:8080"]
)
def test_the_ad_page_may_be_on_this_machine_beside_a_bot_api_of_ones_own(url):
    assert read(**MINIAPP | OWN_API | {"PUBLIC_URL": url}).public_url == url


@pytest.mark.parametrize("url", ["http://bot.example", "http://10.0.0.1", "http://[2001:db8::1]"])
def test_telegram_opens_no_page_by_http(url):
    with pytest.raises(WrongSetting, match=r"PUBLIC_URL.*https://"):
        read(**MINIAPP | OWN_API | {"PUBLIC_URL": url})
    with pytest.raises(WrongSetting, match=r"PUBLIC_URL.*https://"):
        read(**MINIAPP | {"PUBLIC_URL": "http://127.0.0.1:8080"})
