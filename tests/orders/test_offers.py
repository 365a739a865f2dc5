"""What can be bought, and which of it a link is for."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from support.buyer_harness import LIKES, MEMBERS, POSTS, VIEWS, offer

from ledger.economy import Economy, views_offer
from ledger.reason_codes import PauseReason
from ledger.state import State
from orders.links.results import LinkedItem, NotALink, NotAPage, OtherPlatform, SeveralVideos
from orders.links.targets import Target
from orders.shop.offers import (
    TOKEN_LENGTH_MAX,
    most_for,
    offer_by_token,
    on_sale,
    read_for,
    read_for_any,
    taking,
    target_of,
    token,
)

VIDEO = "https://youtu.be/AbCdEfGhI_k"


def selling(*offers):
    state = State()
    state.offers.update({one.service_id: one for one in offers})
    return state


def test_offers_that_are_on_and_not_paused_are_on_sale_by_position():
    state = selling(
        VIEWS,
        LIKES,
        replace(POSTS, is_on=False),
        replace(MEMBERS, paused_because=PauseReason.SERVICE_GONE),
    )
    assert on_sale(state, sells_views=True) == [LIKES, VIEWS]


def test_without_any_offer_views_are_sold_by_the_settings_if_the_shop_sells_them():
    assert on_sale(selling(), sells_views=False) == []
    (views,) = on_sale(selling(), sells_views=True)
    assert (views.service_id, views.metric, views.quantity_min) == ("", "views", 10)
    assert views.points_per_1000 == Economy().points_per_1000_views


def test_what_another_provider_sold_is_not_on_sale_where_there_are_no_services():
    (views,) = on_sale(selling(LIKES, VIEWS), sells_views=True, has_services=False)
    assert views.service_id == ""


def test_a_shop_that_has_switched_all_offers_off_sells_nothing():
    assert on_sale(selling(replace(LIKES, is_on=False)), sells_views=True) == []


def test_a_link_is_for_the_offers_of_its_platform_and_kind():
    offers = [LIKES, VIEWS, MEMBERS, POSTS]
    video = read_for_any(offers, VIDEO)
    assert isinstance(video, LinkedItem)
    assert taking(offers, video) == [LIKES, VIEWS]
    page = read_for_any(offers, "see https://t.me/durov please")
    assert isinstance(page, LinkedItem)
    assert taking(offers, page) == [MEMBERS]


def test_several_links_are_left_to_the_person():
    read = read_for_any([MEMBERS, LIKES], f"{VIDEO} https://youtu.be/ZyXwVuTsR_q")
    assert isinstance(read, SeveralVideos)


def test_of_several_refusals_the_one_that_says_most_is_given():
    post = "https://t.me/durov/123"
    assert isinstance(read_for_any([LIKES, MEMBERS], post), NotAPage)
    assert isinstance(read_for_any([LIKES], post), OtherPlatform)
    assert isinstance(read_for_any([LIKES, MEMBERS], "hello"), NotALink)
    assert isinstance(read_for_any([], VIDEO), NotALink)


def test_a_name_alone_is_a_link_only_for_the_service_that_asked_for_it():
    assert isinstance(read_for(MEMBERS, "@durov"), LinkedItem)
    assert isinstance(read_for_any([LIKES, MEMBERS], "@durov"), NotALink)


def test_an_offer_of_an_unknown_target_is_for_a_post():
    assert target_of(offer("1", target="")) is Target.POST
    assert target_of(offer("1", target="page")) is Target.PAGE


@given(st.text(max_size=100))
def test_a_token_is_short_plain_and_finds_its_offer(service_id):
    offers = [LIKES, offer(service_id), VIEWS]
    short = token(service_id)
    assert len(short) <= TOKEN_LENGTH_MAX
    assert short.isascii()
    assert ":" not in short
    found = offer_by_token(offers, short)
    assert found is not None
    assert found.service_id == service_id


@given(
    points=st.integers(0, 10**12),
    rate=st.integers(1, 10**9),
    low=st.integers(1, 10**4),
    more=st.integers(0, 10**6),
)
def test_the_most_that_is_offered_can_be_paid_and_one_more_can_not(points, rate, low, more):
    one = replace(LIKES, points_per_1000=rate, quantity_min=low, quantity_max=low + more)
    most = most_for(one, points)
    assert one.price_points(most) <= points
    assert most == one.quantity_max or one.price_points(most + 1) > points


def test_views_by_the_settings_are_read_as_videos_of_any_platform():
    views = views_offer(Economy())
    assert isinstance(read_for(views, VIDEO), LinkedItem)
    assert isinstance(read_for(views, "https://vimeo.com/76979871"), LinkedItem)
