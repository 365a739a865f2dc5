"""Every text that users read, as long as it can get: the longest arguments in each.

`messages` go out as messages, `toasts` may also be shown over the chat when a button is pressed.
"""

from collections.abc import Iterator
from itertools import cycle, product
from typing import Any, get_args

import msgspec

from bot.text import (
    account_texts,
    channel_texts,
    contact_texts,
    earning_texts,
    friends_texts,
    history_texts,
    notification_texts,
    number_texts,
    profile_texts,
    refusal_texts,
    user_texts,
)
from bot.text.formats import gain
from bot.text.menu import LABELS
from bot.text.orders import (
    link_texts,
    metric_texts,
    order_news_texts,
    order_texts,
    service_texts,
    shop_texts,
)
from bot.text.orders.order_keyboards import LINKS_SHOWN_MAX
from i18n import Html, Message, Translator
from ledger import events as e
from ledger import refusals as r
from ledger.economy import BOUNDS, Economy, Offer, views_offer
from ledger.history import HistoryLine
from ledger.order_status import OrderStatus
from ledger.reason_codes import OrderRequest, ReasonCode
from ledger.state import Books, Freeze, Order, Referral, State, User
from ledger.untrusted.typed_numbers import NumberProblem
from orders.links import results as v
from orders.links.platforms import ORDER_PLATFORMS
from orders.links.shapes import Page
from orders.links.targets import Target

NAME = "&" * 64
"""What a first name may have at most; each letter is five in HTML."""
POINTS = 10**15
MOMENT = "2026-11-22T16:20:00.000Z"
ORDER_ID = "f" * 12
OLD_ORDER_ID = "A" * 64
REASON = "&" * 5000
LINK = f"https://www.facebook.com/{'&' * 100}/videos/{'9' * 20}"
OLD_LINK = f"https://example.com/{'&' * 2000}"
VIDEO = v.LinkedItem(link=LINK, key="key", platform="Instagram")
ECONOMY = Economy(**{name: bounds.high for name, bounds in BOUNDS.items()})
LOWEST = Economy(**{name: bounds.low for name, bounds in BOUNDS.items()})
LINES_A_PAGE = 10
ANY_LINK = f"https://example.com/{'&' * 480}"
OFFER_NAME = "&" * 200
COMMENTS = "\n".join(["&" * 49] * (shop_texts.COMMENTS_CHARS_MAX // 50))
TEXTS = (
    account_texts,
    contact_texts,
    earning_texts,
    notification_texts,
    order_texts,
    service_texts,
    shop_texts,
    user_texts,
)


def person(user_id: int = 2**52, **fields: Any) -> User:
    return User(user_id=user_id, first_name=NAME, balance=POINTS, ads_watched=10**9, **fields)


def order(
    status: OrderStatus,
    order_id: str = ORDER_ID,
    link: str = LINK,
    reason_code: ReasonCode | None = None,
    **more: Any,
) -> Order:
    return Order(
        **more,
        order_id=order_id,
        user_id=1,
        video_link=link,
        video_key="",
        quantity=10**9,
        total_cost=POINTS,
        reserve_points=POINTS,
        status=status,
        note="" if reason_code else REASON,
        reason_code=reason_code,
        http_status=599 if reason_code else 0,
        created_at=MOMENT,
    )


def state(*orders: Order) -> State:
    orders = tuple(
        msgspec.structs.replace(one, order_id=str(number)) for number, one in enumerate(orders)
    )
    friends = [person(number) for number in range(2, 1000)]
    users = [person(1, referrals_count=10**6), *friends]
    referrals = [
        Referral(user_id=friend.user_id, date=MOMENT, reward=POINTS if number % 2 else 0)
        for number, friend in enumerate(friends)
    ]
    found = State(
        Books(
            users={user.user_id: user for user in users},
            referrals={1: referrals},
            orders={one.order_id: one for one in orders},
            economy=ECONOMY,
        )
    )
    found.orders_of = {1: list(found.orders)}
    return found


def offers(economy: Economy) -> Iterator[Offer]:
    """Views, and a service for each metric, and for each target with and without a platform."""
    yield views_offer(economy)
    targets = product((*Target, "nothing"), ("youtube", "&" * 200, ""))
    metrics = (*metric_texts.METRICS, "other")
    for metric, (target, platform) in zip(cycle(metrics), targets, strict=False):
        yield Offer(
            service_id="9" * 10,
            name=OFFER_NAME,
            points_per_1000=10**9,
            quantity_min=10**8,
            quantity_max=10**9,
            platform=platform,
            metric=metric,
            target=target,
            service_type="Custom Comments" if metric == "comments" else "Default",
        )


def constants() -> Iterator[Message]:
    """All that is marked in one place and shown in another, apart from what is no message."""
    for module in TEXTS:
        for value in vars(module).values():
            if isinstance(value, Message):
                yield value
    yield from LABELS.values()
    yield from account_texts.STATUS_WORDS.values()


def messages(t: Translator) -> Iterator[Html]:
    """Every message, maybe with variants."""
    yield from toasts(t)
    yield from map(t.message, constants())
    for economy in (ECONOMY, Economy(), Economy(ad_cooldown_s=0, ad_watch_s=0), LOWEST):
        yield from _of_economy(t, economy)
    yield from _account(t)
    yield from _notifications(t)
    yield from (contact_texts.cannot_pass_on(t, kind) for kind in (*contact_texts.KINDS, "xxx"))
    yield contact_texts.wait_to_write(t, 86_399)
    yield contact_texts.wait_to_appeal(t, 86_399)
    yield from (refusal_texts.refused(t, refusal) for refusal in refusals())
    for refusal in (*link_refusals(), v.UnknownSite("x" * 253), v.ShortenedLink("x" * 253)):
        yield link_texts.link_refused(t, refusal)
        for offer in offers(ECONOMY):
            yield Html("\n\n").join(
                [
                    link_texts.link_refused(t, refusal, offer),
                    service_texts.ask_for_link_of(t, offer),
                ]
            )
    for problem in NumberProblem:
        yield number_texts.number_refused(t, problem, "&" * 4096)
    yield refusal_texts.ad_spent(t, r.AdAlreadyPaid(), person())


def toasts(t: Translator) -> Iterator[Html]:
    """What is said over the chat when a button is pressed."""
    yield t(user_texts.BUTTON_TOO_OLD)
    yield t(user_texts.TOO_FAST)
    yield t(earning_texts.AD_TOO_OLD)
    yield t(shop_texts.ORDERED_ALREADY)
    yield t(shop_texts.ORDER_CHANGED)
    yield t(order_texts.UP_TO_DATE)
    yield t(order_texts.ASKED)
    yield t(order_texts.NOT_SOLD_ANY_MORE)
    yield t(order_texts.NO_LINK_ANY_MORE)
    yield gain(t, POINTS)
    for refusal in refusals():
        # This one has a setting's name in it, and only ever answers /set.
        if not isinstance(refusal, r.UnknownSetting):
            yield refusal_texts.refused(t, refusal)
            yield refusal_texts.ad_not_ready(t, refusal)


def refusals() -> list[r.AnyRefusal]:
    return [filled(kind) for kind in get_args(r.AnyRefusal)]


def link_refusals() -> list[v.OrderLinkRefusal]:
    pages = [
        kind("Instagram", page) for kind in (v.NotAVideo, v.NotAPost, v.NotAPage) for page in Page
    ]
    return [filled(kind) for kind in get_args(v.OrderLinkRefusal)] + pages


def filled(kind: Any) -> Any:
    """One of these with large numbers and long words."""
    words = {
        "status": OrderStatus.UNCLEAR,
        "name": "x" * 100,
        "host": "x" * 60,
        "platform": "Instagram",
        "page": Page.OTHER,
        "videos": (VIDEO, VIDEO),
        "items": (VIDEO, VIDEO),
        "platform_of_link": "Instagram",
        "platform_wanted": "SoundCloud",
    }
    fields = {
        field.name: words.get(field.name, 86_399 if field.name == "seconds_left" else POINTS)
        for field in msgspec.structs.fields(kind)
    }
    return kind(**fields)


def _of_economy(t: Translator, economy: Economy) -> Iterator[Html]:
    user = person()
    several = list(offers(economy))
    for sold, flag in product(([], several[:1], several[1:]), (True, False)):
        yield user_texts.welcome(t, user, economy, sold, joined=flag)
        yield user_texts.help_text(t, economy, sold, on_page=flag)
        yield user_texts.not_understood(t, sold)
    yield user_texts.language_chosen(t)
    yield earning_texts.ad_offer(t, economy)
    yield earning_texts.ad_page_offer(t, economy)
    for offer in (None, *several):
        yield earning_texts.ad_paid(t, user, economy, offer, POINTS)
        yield earning_texts.ads_credited(t, user, economy, offer, ads=10**6, amount_points=POINTS)
    yield from _shop(t, user, economy)


def _shop(t: Translator, user: User, economy: Economy) -> Iterator[Html]:
    """Buying, with all that may stand in one message."""
    yield shop_texts.ask_for_link(t)
    for videos in (True, False):
        items = [msgspec.structs.replace(VIDEO, link=ANY_LINK)] * LINKS_SHOWN_MAX
        yield shop_texts.which_link(t, items, videos=videos)
    for platform in ("", *ORDER_PLATFORMS):
        yield service_texts.choose_service(t, platform)
    yield service_texts.choose_platform(t)
    for offer, item in product(
        offers(economy), (VIDEO, v.LinkedItem(link=ANY_LINK, key="key", platform=""))
    ):
        link = shop_texts.shown_link(item.link)
        problems = [
            shop_texts.out_of_range(t, offer),
            shop_texts.points_missing(t, POINTS, POINTS),
            shop_texts.price_changed(t),
            shop_texts.not_a_quantity(t, offer, user),
            shop_texts.not_a_quantity(t, offer, User(user_id=1)),
            shop_texts.comments_too_long(t),
            shop_texts.confirm_or_change(t, offer),
            number_texts.number_refused(t, NumberProblem.OTHER_WORDS, "&" * 4096),
        ]
        questions = [
            shop_texts.too_few_points(t, user, offer, economy),
            shop_texts.ask_for_quantity(t, offer, item, user, economy),
            shop_texts.ask_for_quantity(t, offer, item, User(user_id=1), economy),
            shop_texts.ask_for_comments(t, offer, item, user, economy),
            service_texts.services_for(t, item, link),
            shop_texts.confirm_order(
                t, offer, item, quantity=10**9, balance_points=POINTS, comments=COMMENTS
            ),
        ]
        yield Html("\n\n").join([*problems[:2], questions[-1]])
        yield from (Html("\n\n").join([max(problems, key=len), one]) for one in questions)
    amount = metric_texts.counted(t, "views", 10**9)
    placed = order(OrderStatus.PLACED, link=ANY_LINK)
    yield shop_texts.order_placed(t, placed, amount, user)


def _account(t: Translator) -> Iterator[Html]:
    world = state(*[order(OrderStatus.UNCLEAR) for _ in range(12)])
    for offer in (None, *offers(world.economy)):
        yield account_texts.balance(t, world, world.economy, world.users[1], offer)
    yield earning_texts.refer(
        t, world, world.economy, world.users[1], "https://t.me/bot?start=12345678", paid_today=10**6
    )
    yield from _friends(t)
    yield from _orders(t)
    old = state(order(OrderStatus.IMPORTED, OLD_ORDER_ID, OLD_LINK))
    yield account_texts.no_history(t, ECONOMY)
    for event in moves():
        line = HistoryLine(event, -POINTS, POINTS)
        lines = [history_texts.user_line(t, line, old)] * LINES_A_PAGE
        yield Html("\n\n").join([t(account_texts.HISTORY_TITLE), *lines])


def _orders(t: Translator) -> Iterator[Html]:
    """The list, and the card of an order of each kind in each status."""
    yield order_texts.no_orders(t)
    for status, followed, pages in product(OrderStatus, (True, False), (1, 10**6)):
        one = order(status, OLD_ORDER_ID, ANY_LINK, followed=followed)
        page = [one] * LINES_A_PAGE
        yield order_texts.orders_page(t, state(), page, first=10**6, page=0, pages=pages)
    world = state()
    world.offers["1"] = msgspec.structs.replace(list(offers(ECONOMY))[1], name=OFFER_NAME)
    for status, code in product(OrderStatus, (None, *ReasonCode)):
        full = order(
            status,
            link=OLD_LINK,
            reason_code=code,
            service_id="1",
            comments=COMMENTS,
            start_count=10**15,
            remains=1,
            review=code,
            refunded_points=POINTS,
            updated_at="2026-11-22T17:20:00.000Z",
            requests={OrderRequest.CANCEL: None, OrderRequest.REFILL: False},
        )
        card = order_texts.card(t, world, full)
        for what in OrderRequest:
            yield Html("\n\n").join([order_texts.sure_to_ask(t, what), card])


def _order_news(t: Translator, user: User) -> Iterator[Html]:
    about = {"seq": 10**9, "at": MOMENT, "by": "provider", "user_id": 1, "order_id": ORDER_ID}
    end = {"spent_points": POINTS, "refund_points": POINTS, "remains": 1}
    for one in (order(OrderStatus.PLACED), order(OrderStatus.PLACED, service_id="1"), None):
        name = order_news_texts.order_name(t, state(), ORDER_ID, one)
        for followed in (True, False):
            yield order_news_texts.accepted(t, name, followed=followed)
        yield order_news_texts.rejected(t, name, user, REASON, POINTS)
        yield order_news_texts.unclear(t, name)
        yield order_news_texts.completed(t, name)
        for kind in (e.OrderPartial, e.OrderCanceled):
            yield order_news_texts.ended_early(t, kind(**about, **end), name, one, user)
        for status in OrderStatus:
            corrected = e.OrderCorrected(**about, status=status, refund_points=POINTS)
            yield order_news_texts.corrected(t, corrected, name, user)
        for what, granted in product(OrderRequest, (True, False)):
            answered = e.OrderRequestAnswered(**about, what=what, granted=granted)
            yield order_news_texts.request_answered(t, answered, name)


def _friends(t: Translator) -> Iterator[Html]:
    """Friends in every state, and what each of them is told of the inviter."""
    world = state()
    for number, friend in enumerate(list(world.users.values())[1:]):
        friend.ads_watched = number % 2 * 10**9
        friend.banned = number % 5 == 0
        friend.referred_by = 1
        friend.join_date = MOMENT
        if number % 7 == 0:
            world.books.frozen[friend.user_id] = Freeze(at=MOMENT, by="admin:7")
    for days, after_ads, page in product((0, 1), (1, 10**5), (0, 7)):
        economy = msgspec.structs.replace(
            Economy(), referral_within_days=days, referral_after_ads=after_ads
        )
        economy.referral_welcome_points = POINTS
        world.economy = economy
        for at_ms in (0, 10**14):
            yield earning_texts.refer(
                t, world, economy, world.users[1], "x", paid_today=0, at_ms=at_ms, page=page
            )
            for friend in (world.users[2], world.users[5], world.users[6]):
                if owed := friends_texts.owed_to_inviter(t, world, economy, friend, at_ms):
                    yield owed


def moves() -> list[e.UserEvent]:
    """Each kind of event that changes a balance."""
    about = {"seq": 10**9, "at": MOMENT, "by": "system", "user_id": 1}
    return [
        e.AdRewarded(**about, ad_number=10**9, amount_points=POINTS),
        e.ReferralBonusPaid(**about, referee_id=2, amount_points=POINTS),
        e.ReferralWelcomePaid(**about, referrer_id=2, amount_points=POINTS),
        e.OrderPlaced(
            **about,
            order_id=ORDER_ID,
            video_link=LINK,
            video_key="",
            quantity=10**9,
            price_points=POINTS,
        ),
        e.OrderRejected(**about, order_id=ORDER_ID, reason=REASON, refund_points=POINTS),
        e.OrderAccepted(
            **about, order_id=ORDER_ID, provider_order_id="&" * 200, spent_points=POINTS
        ),
        *(
            kind(**about, order_id=ORDER_ID, spent_points=POINTS, refund_points=POINTS, remains=1)
            for kind in (e.OrderCompleted, e.OrderPartial, e.OrderCanceled)
        ),
        e.OrderCorrected(
            **about,
            order_id=ORDER_ID,
            status=OrderStatus.PARTIAL,
            refund_points=POINTS,
            excess_points=POINTS,
        ),
        e.BalanceAdjusted(**about, amount_points=POINTS, reason=REASON, key="k"),
        e.OpeningBalanceRecorded(**about, amount_points=POINTS, ads_watched=1),
        e.EarningsTakenBack(**about, amount_points=-POINTS, reason=REASON, key="k"),
    ]


def _notifications(t: Translator) -> Iterator[Html]:
    user = person()
    for number in (1, 10**6):
        paid = e.ReferralBonusPaid(
            user_id=1, referee_id=2, amount_points=POINTS, number_today=number, day_max=10**6
        )
        yield notification_texts.bonus(t, user, user, paid)
    yield notification_texts.inviter_thanked(t, user)
    yield notification_texts.welcome_gift(t, POINTS)
    yield notification_texts.adjusted(t, user, -POINTS, REASON)
    yield notification_texts.banned(t, REASON)
    yield notification_texts.banned(t, "")
    yield notification_texts.frozen(t, REASON)
    yield notification_texts.frozen(t, "")
    yield notification_texts.taken_back(t, user, -POINTS, REASON)
    yield notification_texts.taken_back(t, user, -POINTS, "")
    for economy, friends in product((ECONOMY, LOWEST, Economy()), (1, 2, 10**3)):
        yield friends_texts.friends_joined(t, economy, [user] * friends)
    yield channel_texts.must_join(t, "@" + "9" * 32)
    yield channel_texts.not_joined_yet(t, "@" + "9" * 32)
    yield channel_texts.friends_must_join(t, "@" + "9" * 32)
    yield from _order_news(t, user)
    yield refusal_texts.adjustment_refused(t, r.NotEnoughPoints(POINTS, POINTS))


def descriptions(t: Translator, *, ads: bool, only_views: bool) -> tuple[str, str]:
    return (
        profile_texts.description(t, ads=ads, only_views=only_views),
        profile_texts.short_description(t, ads=ads, only_views=only_views),
    )
