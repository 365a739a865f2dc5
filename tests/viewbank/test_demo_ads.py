"""The demo's operator and the pretend ad networks know of each other."""

from sandbox.client import SandboxClient
from sandbox.server import running
from viewbank.demo import demo_settings, free_port, register_with_networks
from viewbank.settings_reader import read_settings


async def test_the_networks_call_the_demos_own_address_with_its_secret(tmp_path):
    port = free_port()
    async with running() as world, SandboxClient(world.url) as client:
        secret = "a-secret-of-this-start"
        settings = demo_settings(world, tmp_path, port, ads="miniapp", postback_secret=secret)
        register_with_networks(world, settings.public_url, secret)
        assert settings.ad_mode == "miniapp"
        assert settings.public_url == f"http://127.0.0.1:{port}"
        assert settings.webhook_url() == ""
        assert settings.web_app_script_url == f"{world.url}/page/telegram-web-app.js"
        await client.monetag.watch("S1", telegram_id=42, zone=settings.ad_zone_id)
        await client.adsgram.watch(telegram_id=42)
        [monetag] = await client.monetag.wait_for_postbacks(1)
        [adsgram] = await client.adsgram.wait_for_postbacks(1)
        assert monetag.url == (
            f"{settings.public_url}/postback/monetag/{secret}?ymid=S1&event_type=impression"
            "&reward_event_type=valued&zone_id=1000001&sub_zone_id=1000008&request_var="
            "&telegram_id=42&estimated_price=0.00352"
        )
        assert adsgram.url == f"{settings.public_url}/postback/adsgram/{secret}?userid=42"


async def test_the_scripts_that_the_ad_page_loads_are_the_sandboxes_and_exist(tmp_path):
    async with running() as world, SandboxClient(world.url) as client:
        settings = demo_settings(world, tmp_path, 1, ads="miniapp", postback_secret="x" * 16)
        for address in (settings.web_app_script_url, settings.ad_sdk_url):
            assert await client.wire.download(address.removeprefix(world.url))


def test_telegrams_own_script_is_the_default(tmp_path):
    settings = read_settings({}, tmp_path / ".env")
    assert settings.web_app_script_url == "https://telegram.org/js/telegram-web-app.js"
