"""Texts beside buying say what is on sale: views alone, or several services."""

from msgspec.structs import replace
from support.buyer_harness import LIKES, MEMBERS, VIEWS, Buyer, offer

from bot.notify.ad_sittings import AdSittings, CreditedAds
from bot.text import profile_texts
from bot.text.earning_texts import share_text
from bot.text.orders.service_texts import metrics_on_sale
from i18n import Translators
from ledger.economy import Economy, reference_offer

EN = Translators().default


def test_a_balance_is_measured_in_views_if_they_are_sold_and_else_in_the_cheapest_order():
    dear = replace(LIKES, service_id="1", points_per_1000=9000)
    assert reference_offer([LIKES, VIEWS]) == VIEWS
    assert reference_offer([dear, LIKES, MEMBERS]) == LIKES
    assert reference_offer([]) is None


async def test_a_balance_says_what_it_buys_of_what_is_on_sale(room):
    anna = await Buyer.create(room)
    assert "enough for 100 views." in await anna.say("/balance")
    await anna.sell(LIKES)
    seen = await anna.say("/balance")
    assert "You have 1,000 points, enough for 500 likes on YouTube." in seen
    assert "2 more points, and it is enough for 501 likes on YouTube" in seen
    await anna.sell(VIEWS)
    assert "enough for 500 views on YouTube." in await anna.say("/balance")
    await anna.sell(offer("12", is_on=False), offer("11", is_on=False))
    seen = await anna.say("/balance")
    assert "You have 1,000 points.\n\nThere is nothing to buy at the moment." in seen


async def test_help_and_hints_speak_of_views_only_where_nothing_else_is_sold(room):
    anna = await Buyer.create(room)
    assert "say how many views. A view costs 10 points." in await anna.say("/help")
    assert "send me the link of a video to buy views for it" in await anna.say("hm")
    await anna.sell(VIEWS)
    assert "say how many views. 1,000 views on YouTube cost 2,000 points." in await anna.say(
        "/help"
    )
    await anna.sell(LIKES)
    seen = await anna.say("/help")
    assert "choose what you would like to have for it, and say how many." in seen
    assert "For example, 1,000 views on YouTube cost 2,000 points." in seen
    assert "send me a link to see what you can buy for it" in await anna.say("hm")


def test_a_list_of_what_is_sold_says_if_there_is_more():
    kinds = ["views", "likes", "comments", "followers", "members"]
    offers = [replace(LIKES, service_id=kind, metric=kind) for kind in kinds]
    assert metrics_on_sale(EN, offers[:4]).text == "Views, Likes, Comments, Followers"
    assert metrics_on_sale(EN, offers).text == "Views, Likes, Comments, Followers, …"


async def test_who_joins_reads_what_is_sold(room):
    anna = await Buyer.create(room)
    await anna.sell(LIKES, MEMBERS)
    ben = await room.world.add_user("Ben")
    await ben.start()
    buyer = Buyer(room, ben)
    await buyer.handle()
    seen = await ben.last()
    assert "What you can get here, and pay with points: Likes, Members" in seen
    assert "Buy Views. For example, 1,000 likes on YouTube cost 2,000 points." in seen


async def test_ads_are_thanked_for_with_what_is_on_sale(room):
    anna = await Buyer.create(room)
    await anna.sell(LIKES)
    ads = CreditedAds(anna.id)
    await AdSittings().tell(room.bot, EN, room.ledger.state, ads)
    assert "enough for 500 likes on YouTube" in await anna.user.last()


def test_an_invitation_and_the_bots_own_words_name_more_than_views_where_more_is_sold():
    assert share_text(EN, Economy(), [VIEWS]).startswith("Get views for your videos")
    assert "Likes, Members" in share_text(EN, Economy(), [LIKES, MEMBERS])
    for ads in (True, False):
        texts = [
            profile_texts.description(EN, ads=ads, only_views=False),
            profile_texts.short_description(EN, ads=ads, only_views=False),
        ]
        assert [one for one in texts if "iews" in one] == []
