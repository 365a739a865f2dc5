"""A webhook behind a proxy that nobody has named: the start says what to set."""

from contextlib import AsyncExitStack
from ipaddress import ip_network

import pytest
from support.stores import GatedStore

from bot.metrics_hooks import BotHooks
from ledger.ledger import Ledger
from viewbank.settings import Settings
from viewbank.shutdown import Shutdown
from viewbank.telegram import make_telegram_services

TELEGRAM = (ip_network("149.154.160.0/20"),)
PROXY = (ip_network("127.0.0.1"),)
WEBHOOK = {"public_url": "https://bot.example", "webhook_ips": TELEGRAM}


@pytest.fixture
async def services(tmp_path):
    """Make the Telegram side with these settings; nothing is sent."""
    async with AsyncExitStack() as rooms:
        ledger = await Ledger.open(GatedStore())
        rooms.push_async_callback(ledger.close)

        async def make(**given):
            settings = Settings(
                bot_token="123456789:AAE-made_up_for_the_tests",
                ad_url="https://ads.example",
                data_dir=tmp_path,
                **given,
            )
            return await make_telegram_services(settings, ledger, BotHooks(), Shutdown(rooms))

        yield make


async def test_without_a_trusted_proxy_a_restricted_webhook_is_warned_of(services, caplog):
    await services(**WEBHOOK)
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "Set TRUSTED_PROXY to the proxy's address (127.0.0.1" in caplog.text


@pytest.mark.parametrize(
    "given",
    [
        {**WEBHOOK, "trusted_proxy": PROXY},
        {**WEBHOOK, "webhook_ips": ()},
        {**WEBHOOK, "telegram_updates": "polling"},
        # A Bot API server of one's own may deliver without a proxy.
        {**WEBHOOK, "telegram_api_url": "http://127.0.0.1:8081"},
    ],
    ids=["named", "open to all", "polling", "own server"],
)
async def test_where_nothing_would_be_refused_nothing_is_said(services, caplog, given):
    await services(**given)
    assert caplog.records == []


async def test_the_webhook_believes_whom_the_settings_name(services):
    endpoint = (await services(**WEBHOOK, trusted_proxy=PROXY)).endpoint
    assert (endpoint.networks, endpoint.trusted) == (TELEGRAM, PROXY)
