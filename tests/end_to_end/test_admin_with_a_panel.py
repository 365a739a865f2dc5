"""The admin's pages in the whole program, with a panel as the provider."""

from support.program_harness import ProgramHarness


async def panel(shop: ProgramHarness, button: str) -> None:
    await shop.admin.say("/admin")
    await shop.admin.wait_for("Choose what you would like to see")
    await shop.admin.press(button)


async def test_a_service_is_offered_priced_and_switched_off_in_one_message(panel_shop):
    await panel(panel_shop, "🛍 Services")
    await panel_shop.admin.wait_for("Nothing is on offer yet")
    await panel_shop.admin.press("🔄 Read the provider's list")
    await panel_shop.admin.wait_for("The provider has", "services (read")
    await panel_shop.admin.press("➕ Add a service")
    await panel_shop.admin.wait_for("Choose a category")
    await panel_shop.admin.press("🔍 Search")
    await panel_shop.admin.wait_for("Send me words")
    await panel_shop.admin.say("youtube views fast")
    found = await panel_shop.admin.wait_for("youtube views fast: 1 service")
    await panel_shop.admin.press(found.rows[0][0]["callback_data"])
    await panel_shop.admin.wait_for("Price: 14,000 points for 1,000", "costs US$0.90")
    await panel_shop.admin.press("✅ Offer it for 14,000 points")
    await panel_shop.admin.wait_for("🟢 On: people can buy it.")
    await panel_shop.admin.press("💰 Price")
    await panel_shop.admin.wait_for("Send me the price of 1,000")
    await panel_shop.admin.say("12 000")
    card = await panel_shop.admin.wait_for("Our price: 12,000 points", "leaves US$0.30")
    await panel_shop.admin.press("⚪️ Switch off", on=card)
    await panel_shop.admin.wait_for("⚪️ Off: nobody can buy it.")
    (offer,) = panel_shop.ledger.state.offers.values()
    assert (offer.service_id, offer.points_per_1000, offer.is_on) == ("101", 12_000, False)


async def test_a_price_that_the_provider_raises_pauses_the_offer_and_the_admin_is_told(panel_shop):
    await panel(panel_shop, "🛍 Services")
    await panel_shop.admin.wait_for("Nothing is on offer yet")
    await panel_shop.admin.press("🔄 Read the provider's list")
    await panel_shop.admin.wait_for("The provider has", "services (read")
    await panel_shop.admin.press("➕ Add a service")
    await panel_shop.admin.wait_for("Choose a category")
    await panel_shop.admin.press("🔍 Search")
    await panel_shop.admin.wait_for("Send me words")
    await panel_shop.admin.say("101")
    found = await panel_shop.admin.wait_for("101: 1 service")
    await panel_shop.admin.press(found.rows[0][0]["callback_data"])
    await panel_shop.admin.wait_for("Price: 14,000 points for 1,000")
    await panel_shop.admin.press("✅ Offer it for 14,000 points")
    await panel_shop.admin.wait_for("🟢 On")
    await panel_shop.world.panel.set_service(101, rate="1.50")
    await panel(panel_shop, "🛍 Services")
    await panel_shop.admin.wait_for("costs US$0.90")
    await panel_shop.admin.press("🔄 Read the provider's list")
    await panel_shop.admin.wait_for("is paused: the provider takes more for it than it brings in")


async def test_the_balance_and_the_empty_desk(panel_shop):
    await panel(panel_shop, "🏦 Provider")
    await panel_shop.admin.wait_for("Our balance there", "Margin per day")
    await panel_shop.admin.press("📦 Orders")
    await panel_shop.admin.wait_for("No order needs you")
    await panel_shop.admin.press("‹ Admin")
    await panel_shop.admin.wait_for("Choose what you would like to see")
