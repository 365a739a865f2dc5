"""Ads on the page inside Telegram: watched, confirmed by the network, paid once, told quietly."""

import aiohttp
import msgspec
import pytest
from support.ads_program import ZONE, show_ads_on_the_page, with_page

from ledger import commands as c
from ledger import events as e
from sandbox.client import User
from sandbox.client_wire import Json


@pytest.fixture
async def ads(shop, way):
    """The same program, with the ad page and the network that pays for it."""
    await show_ads_on_the_page(shop, way)
    return shop


class Page:
    """The page's calls, as its script makes them."""

    def __init__(self, shop, init_data: str) -> None:
        self._shop = shop
        self._init_data = init_data
        self._token = ""

    async def call(self, name: str, **body: str) -> tuple[int, Json]:
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        async with (
            aiohttp.ClientSession(self._shop.url) as http,
            http.post(f"/ads/api/{name}", json=body, headers=headers) as answer,
        ):
            return answer.status, await answer.json()

    async def enter(self) -> Json:
        status, answer = await self.call("enter", init_data=self._init_data)
        assert status == 200, answer
        self._token = answer["token"]
        return answer["state"]

    async def start(self) -> str:
        status, answer = await self.call("start", network="monetag")
        assert status == 200, answer
        return answer["session"]


async def page_of(shop, user: User) -> Page:
    """The page, opened from the menu's button."""
    await user.press("🪧 Watch Ads")
    await user.wait_for("The ads are on a page", "Each one pays 60 points")
    app = await user.open_app("▶️ Watch ads")
    page = Page(shop, app.init_data)
    await page.enter()
    return page


async def watch(shop, user: User, page: Page) -> None:
    """One ad, until the network has sent its postbacks."""
    before = len(await shop.world.monetag.postbacks())
    await shop.world.monetag.watch(await page.start(), telegram_id=user.id, zone=ZONE)
    await shop.world.monetag.wait_for_postbacks(before + 1)


async def told(user: User) -> list[str]:
    """What the bot has said of ads, as the chat shows it now."""
    return [seen.text for seen in await user.messages() if seen.by_bot and "for " in seen.text]


async def test_who_watches_is_paid_and_told_in_one_quiet_message(ads):
    anna = await ads.person("Anna")
    page = await page_of(ads, anna)
    await watch(ads, anna, page)
    first = await anna.wait_for("✅ +60 points for 1 ad", "You have 60 points")
    await watch(ads, anna, page)
    second = await anna.wait_for("✅ +120 points for 2 ads", "You have 120 points")
    assert second.id == first.id
    assert ads.balance(anna) == 120
    (call,) = [call for call in await ads.world.calls() if "for 1 ad" in str(call.params)]
    assert call.method == "sendMessage"
    assert call.params["disable_notification"] in {True, "true"}
    assert second.buttons == [["🪧 Watch another ad"]]
    assert (await anna.open_app("🪧 Watch another ad")).page.endswith("/ads?lang=en")


async def test_after_the_person_has_written_the_next_ad_has_a_new_message(ads):
    anna = await ads.person("Anna")
    page = await page_of(ads, anna)
    await watch(ads, anna, page)
    first = await anna.wait_for("+60 points for 1 ad")
    await anna.say("/balance")
    await anna.wait_for("Ads watched: 1")
    await watch(ads, anna, page)
    second = await anna.wait_for("+60 points for 1 ad", "You have 120 points")
    assert second.id > first.id


async def test_the_page_and_its_buttons_are_in_the_persons_language(ads):
    anna = await ads.world.add_user("Анна", language_code="ru")
    await anna.start()
    await anna.wait_for("Добро пожаловать")
    await anna.press("🪧 Смотреть рекламу")
    await anna.wait_for("Реклама — на странице")
    assert (await anna.open_app("▶️ Смотреть рекламу")).page.endswith("/ads?lang=ru")


async def test_a_second_tab_is_not_paid_for_the_same_ad(ads):
    anna = await ads.person("Anna")
    page = await page_of(ads, anna)
    sessions = [await page.start(), await page.start()]
    for session in sessions:
        await ads.world.monetag.watch(session, telegram_id=anna.id, zone=ZONE)
    answers = await ads.world.monetag.wait_for_postbacks(2)
    assert {answer.status for answer in answers} == {200}
    assert ads.balance(anna) == 60


@pytest.mark.parametrize("plan", ["twice", "unpaid_then_paid"])
async def test_of_several_postbacks_one_pays(ads, plan):
    anna = await ads.person("Anna")
    page = await page_of(ads, anna)
    await ads.world.monetag.next(plan)
    await ads.world.monetag.watch(await page.start(), telegram_id=anna.id, zone=ZONE)
    await ads.world.monetag.wait_for_postbacks(2)
    assert ads.balance(anna) == 60


@pytest.mark.parametrize("plan", ["not_valued", "other_user", "macros"])
async def test_a_postback_that_does_not_pay_for_this_person_pays_nothing(ads, plan):
    anna = await ads.person("Anna")
    page = await page_of(ads, anna)
    await ads.world.monetag.next(plan)
    await ads.world.monetag.watch(await page.start(), telegram_id=anna.id, zone=ZONE)
    await ads.world.monetag.wait_for_postbacks(1)
    assert ads.balance(anna) == 0
    await watch(ads, anna, page)
    await anna.wait_for("+60 points for 1 ad")


async def test_nobody_uses_another_persons_session(ads):
    anna, ben = await ads.person("Anna"), await ads.person("Ben")
    annas, bens = await page_of(ads, anna), await page_of(ads, ben)
    session = await annas.start()
    # What a page says pays nobody, whoever's session it names.
    await bens.call("done", session=session, outcome="shown")
    await ads.world.monetag.watch(session, telegram_id=ben.id, zone=ZONE)
    await ads.world.monetag.wait_for_postbacks(1)
    assert (ads.balance(anna), ads.balance(ben)) == (0, 0)


async def test_nobody_comes_in_with_another_name_or_an_old_launch(ads):
    anna, ben = await ads.person("Anna"), await ads.person("Ben")
    await anna.press("🪧 Watch Ads")
    await anna.wait_for("The ads are on a page")
    launch = (await anna.open_app("▶️ Watch ads")).init_data
    old = (await anna.open_app("▶️ Watch ads", age_s=3 * 86_400)).init_data
    forged = launch.replace(str(anna.id), str(ben.id))
    for init_data, code in ((forged, "bad_init_data"), (old, "expired"), ("", "outside_telegram")):
        status, answer = await Page(ads, init_data).call("enter", init_data=init_data)
        assert (status, answer["error"]["code"]) == (401, code)


async def test_an_offer_from_before_the_page_pays_nobody_on_their_word(shop, way):
    anna = await shop.person("Anna")
    await anna.press("🪧 Watch Ads")
    offer = await anna.wait_for("It pays 60 points")
    shop.settings = with_page(shop, way)
    await shop.restart()
    assert "Please open a new one" in await anna.press("✅ I watched it", on=offer)
    assert shop.balance(anna) == 0
    await anna.press("🪧 Watch another ad", on=offer)
    await anna.wait_for("The ads are on a page")


async def test_what_keeps_from_an_ad_is_said_before_the_page_opens(ads):
    await ads.set(ad_cooldown_s=600)
    anna = await ads.person("Anna")
    page = await page_of(ads, anna)
    await watch(ads, anna, page)
    await anna.wait_for("+60 points for 1 ad")
    await anna.press("🪧 Watch Ads")
    await anna.wait_for("The next ad is ready in")
    await ads.set(ads_per_day_max=1)
    await anna.press("🪧 Watch Ads")
    await anna.wait_for("You have watched 1 ad today")
    status, answer = await page.call("start", network="monetag")
    assert (status, answer["error"]["code"]) == (409, "daily_cap")
    await ads.admin.say(f"/ban {anna.id} spam")
    await anna.wait_for("Reason: spam")
    await anna.press("🪧 Watch Ads")
    await anna.wait_for("You are banned")


async def from_the_menu(ads, user: User) -> Page:
    page = Page(ads, (await user.open_app()).init_data)
    await page.enter()
    return page


async def require_channel(ads) -> None:
    await ads.world.add_channel("viewbank_news")
    await ads.admin.say("/set required_channel @viewbank_news")
    await ads.admin.wait_for("people must join @viewbank_news")


async def test_the_page_asks_for_the_channel_too_whatever_opened_it(ads):
    await require_channel(ads)
    anna = await ads.person("Anna")
    page = await from_the_menu(ads, anna)
    status, answer = await page.call("start", network="monetag")
    assert (status, answer["error"]["code"]) == (409, "not_in_channel")
    assert answer["state"]["channel"] == "@viewbank_news"
    await ads.world.set_member("viewbank_news", anna)
    await watch(ads, anna, page)
    await anna.wait_for("+60 points for 1 ad")


async def test_who_leaves_the_channel_is_asked_again_but_keeps_what_was_started(ads):
    anna = await ads.person("Anna")
    page = await from_the_menu(ads, anna)
    session = await page.start()
    await require_channel(ads)
    assert (await page.call("start", network="monetag"))[0] == 409
    await ads.world.monetag.watch(session, telegram_id=anna.id, zone=ZONE)
    await anna.wait_for("+60 points for 1 ad")


async def test_where_the_channel_can_not_be_checked_the_page_holds_nobody_back(ads):
    await require_channel(ads)
    await ads.world.fault("error", "getChatMember", code=403, description="Forbidden: planned")
    anna = await ads.person("Anna")
    await watch(ads, anna, await from_the_menu(ads, anna))
    await anna.wait_for("+60 points for 1 ad")
    await ads.admin.wait_for("I can't see who is in", "Forbidden: planned")
    assert await ads.world.clear_faults() == 1


async def test_the_menu_button_opens_the_page_while_there_is_one(ads):
    anna = await ads.person("Anna")
    button = await anna.menu_button()
    assert (button["type"], button["text"]) == ("web_app", "🪧 Watch Ads")
    assert button["web_app"]["url"] == f"{ads.settings.public_url}/ads"
    app = await anna.open_app()
    assert (await Page(ads, app.init_data).enter())["status"] == "ready"
    ads.settings = msgspec.structs.replace(ads.settings, ad_mode="link")
    await ads.restart()
    assert (await anna.menu_button())["type"] == "default"


async def test_the_operator_sees_what_ads_bring_in_against_what_they_pay(ads):
    anna = await ads.person("Anna")
    await watch(ads, anna, await page_of(ads, anna))
    await anna.wait_for("+60 points for 1 ad")
    await ads.admin.say("/admin")
    await ads.admin.wait_for("Choose what you would like to see")
    await ads.admin.press("📊 Statistics")
    seen = await ads.admin.wait_for("What ads bring in", "Paid for watched ads: 60 points")
    assert "By the networks' own estimate: US$0.00352" in seen
    (event,) = [
        event async for event in ads.ledger.events_after(0) if isinstance(event, e.AdRewarded)
    ]
    assert (event.by, event.network, event.price_microusd) == ("monetag", "monetag", 3520)


async def test_without_a_network_there_are_no_ads_and_no_button(shop, way):
    shop.settings = msgspec.structs.replace(with_page(shop, way), ad_zone_id="")
    await shop.restart()
    anna = await shop.person("Anna")
    await anna.say("🪧 Watch Ads")
    await anna.wait_for("There are no ads at the moment")
    assert (await anna.menu_button())["type"] == "default"


async def test_after_a_restart_a_session_from_before_still_pays(ads):
    anna = await ads.person("Anna")
    page = await page_of(ads, anna)
    session = await page.start()
    await ads.restart()
    await ads.world.monetag.watch(session, telegram_id=anna.id, zone=ZONE)
    await anna.wait_for("+60 points for 1 ad")


async def open_fraud(ads) -> None:
    await ads.admin.say("/admin")
    await ads.admin.wait_for("Choose what")
    await ads.admin.press("🕵️ Fraud")


async def test_accounts_that_earn_together_from_one_address_stand_out(ads):
    ring = [await ads.person(name) for name in ("Rob", "Bob", "Job")]
    for user in ring:
        await (await from_the_menu(ads, user)).start()
    for number in range(1, 21):
        for user in ring:
            paid = c.RewardAd(
                by="monetag", user_id=user.id, ad_number=number, opened_at_ms=0, timed=False
            )
            assert isinstance(await ads.ledger.execute(paid), tuple)
    await open_fraud(ads)
    await ads.admin.wait_for("1 sign stands out.")
    await ads.admin.press("ads together with other accounts: Rob")
    shown = await ads.admin.wait_for("3 accounts are paid for ads together")
    assert "3 of them come from one network address." in shown
    assert "127.0.0.1" not in shown


async def test_many_sessions_that_no_network_confirms_stand_out(ads):
    anna, rob = await ads.person("Anna"), await ads.person("Rob")
    annas, robs = await from_the_menu(ads, anna), await from_the_menu(ads, rob)
    for _ in range(5):
        await watch(ads, anna, annas)
    for _ in range(20):
        await robs.start()
    await open_fraud(ads)
    await ads.admin.wait_for("1 sign stands out.")
    await ads.admin.press("ads that the ad network never confirms: Rob")
    await ads.admin.wait_for("20 ads were opened; not confirmed: 20", "80 % are not confirmed")
