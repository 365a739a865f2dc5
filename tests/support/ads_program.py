"""The whole program with the ad page, and the pretend network that pays for what it shows."""

import msgspec

from support.program_harness import ProgramHarness
from viewbank.settings import Settings

SECRET = "the_secret_of_this_test-0123"
ZONE = "1000001"
QUERY = (
    "ymid={ymid}&event_type={event_type}&reward_event_type={reward_event_type}&zone_id={zone_id}"
    "&sub_zone_id={sub_zone_id}&request_var={request_var}&telegram_id={telegram_id}"
    "&estimated_price={estimated_price}"
)


def with_page(shop: ProgramHarness, way: str) -> Settings:
    """The settings of an operator who shows ads on the page."""
    shop.switch(way, public=True)
    return msgspec.structs.replace(
        shop.settings,
        ad_mode="miniapp",
        ad_zone_id=ZONE,
        ad_sdk_url=shop.world.monetag.sdk_url,
        ad_postback_secret=SECRET,
        web_app_script_url=shop.outside.web_app_script_url,
    )


async def show_ads_on_the_page(shop: ProgramHarness, way: str) -> None:
    """Restart with the page, and write its address down at the network."""
    shop.settings = with_page(shop, way)
    await shop.restart()
    address = f"{shop.settings.public_url}/postback/monetag/{SECRET}?{QUERY}"
    await shop.world.monetag.configure(address, zone=ZONE)
