"""Buying: the one message that an order becomes, from the link to Confirm.

What an order lacks is asked for next, so a question follows from the draft alone. After a tap the
message is edited in place. After something typed the question is sent anew, because the person's
own message has pushed it up, and the former message is deleted.
"""

import logging

from msgspec.structs import replace
from telegram.error import TelegramError

from bot.context import Context, OrderDraft, message_under
from bot.handlers.buying.service_lists import Question, above, services
from bot.text.economy_texts import NO_ORDERS
from bot.text.orders import order_keyboards, service_texts, shop_texts
from bot.text.orders.link_texts import link_refused
from bot.text.refusal_texts import refused
from bot.updates import Press
from i18n import Html
from ledger import refusals as r
from ledger.economy import Offer
from orders.links.results import LinkedItem
from orders.shop.offers import offer_of, read_for, smallest_price_points, taking

logger = logging.getLogger(__name__)


async def ask(
    draft: OrderDraft,
    context: Context,
    *,
    under: Press | None = None,
    problem: Html | None = None,
    suggested: int = 0,
    earn: bool = False,
) -> None:
    """Ask for what the order of the person who caused the update lacks.

    Args:
        draft: what is known of it. Its message is the former one.
        context: the update's.
        under: the press of a button of the message that is edited; None: something was typed.
        problem: what is wrong with the last answer, said above the question.
        suggested: a quantity that is offered among others.
        earn: the last answer cost too much, so the ways to more points are offered.
    """
    question = _question(draft, context, suggested)
    if earn and question.draft is None:
        # Not even the smallest order can be paid for: that says it all.
        problem, earn = None, False
    if earn:
        question = _with_ways_to_earn(question, context)
    if problem is not None:
        question = _with_problem(problem, question)
    await show(question, draft, context, under=under)


async def show(
    question: Question, former: OrderDraft, context: Context, *, under: Press | None = None
) -> None:
    """Show a question where it belongs, and note it as what the person answers next."""
    user_id = context.user_id
    message = message_under(under) if under is not None else None
    if under is not None and message is not None:
        if _may_go_on(context, message.message_id):
            _note(question, message.message_id, context)
        await context.edit(under, question.text, question.keyboard)
        return
    _note(question, 0, context)
    message_id = await context.bot.ask(user_id, question.text, question.keyboard)
    if question.keyboard is not None:
        _note(question, message_id, context)
    await _delete_former(former.message_id, context)


def _may_go_on(context: Context, message_id: int) -> bool:
    """A tap under an old question leaves a newer one, and a conversation, as it is."""
    step = context.step_of(context.user_id)
    return step is None or (isinstance(step, OrderDraft) and step.message_id in {0, message_id})


def _note(question: Question, message_id: int, context: Context) -> None:
    draft = question.draft
    step = None if draft is None else replace(draft, message_id=message_id)
    context.go_to(context.user_id, step)


async def _delete_former(message_id: int, context: Context) -> None:
    """Delete a question that was answered by something typed."""
    if not message_id:
        return
    try:
        otherwise = context.t(shop_texts.GOES_ON_BELOW)
        await context.delete_message(context.user_id, message_id, otherwise)
    except TelegramError as error:
        # The order goes on without that: an old Confirm places no changed order.
        logger.info("an answered question stays: %s", error)


def _question(draft: OrderDraft, context: Context, suggested: int = 0) -> Question:
    t, user, offers = context.t, context.state.users[context.user_id], context.on_sale
    if user.banned:
        return Question(refused(t, r.UserIsBanned()), None, None)
    if not context.economy.orders_per_minute_max:
        return Question(t(NO_ORDERS), None, None)
    if not offers:
        return Question(t(service_texts.NOTHING_ON_SALE), None, None)
    if draft.service_id is None and len(offers) == 1:
        draft = replace(draft, service_id=offers[0].service_id)
    offer = offer_of(offers, draft.service_id)
    if draft.service_id is not None and offer is None:
        draft = replace(draft, service_id=None, quantity=0, comments="")
        return _with_problem(t(service_texts.NOT_SOLD_NOW), _question(draft, context))
    cheapest = min([offer] if offer else offers, key=smallest_price_points)
    if user.balance < smallest_price_points(cheapest):
        others = offer is not None and len(offers) > 1
        text = shop_texts.too_few_points(t, user, cheapest, context.economy)
        if draft.item is not None and others:
            text = above(text, draft.item)
        keyboard = order_keyboards.too_few_points(t, context.economy, others=others)
        return Question(text, keyboard, None)
    if offer is None:
        return _which_service(draft, offers, context)
    return _about(draft, offer, context, suggested)


def _with_problem(problem: Html, question: Question) -> Question:
    return question._replace(text=Html("\n\n").join([problem, question.text]))


def _with_ways_to_earn(question: Question, context: Context) -> Question:
    keyboard = order_keyboards.with_ways_to_earn(context.t, question.keyboard, context.economy)
    return question._replace(keyboard=keyboard)


def _which_service(draft: OrderDraft, offers: list[Offer], context: Context) -> Question:
    if draft.item is None:
        return services(draft, 0, "", context)
    fitting = taking(offers, draft.item)
    if len(fitting) == 1:
        return _question(replace(draft, service_id=fitting[0].service_id), context)
    if not fitting:
        problem = context.t(service_texts.NO_SERVICE_FOR_LINK)
        return _with_problem(problem, services(replace(draft, item=None), 0, "", context))
    return services(draft, 0, order_keyboards.FOR_LINK, context)


def _about(draft: OrderDraft, offer: Offer, context: Context, suggested: int) -> Question:
    """What an order of this service lacks."""
    t = context.t
    if draft.item is None:
        if not offer.service_id:
            return Question(shop_texts.ask_for_link(t), None, draft)
        several = len(context.on_sale) > 1
        keyboard = order_keyboards.ask_for_link(t) if several else None
        return Question(service_texts.ask_for_link_of(t, offer), keyboard, draft)
    item = read_for(offer, draft.item.link)
    if not isinstance(item, LinkedItem):
        again = _about(replace(draft, item=None), offer, context, 0)
        return _with_problem(link_refused(t, item, offer), again)
    draft = replace(draft, item=item)
    if not _comments_fit(draft, offer):
        draft = replace(draft, quantity=0, comments="")
    if not draft.quantity:
        return _how_much(draft, offer, item, context, suggested)
    if problem := why_not(draft.quantity, offer, context):
        short = is_too_expensive(draft.quantity, offer, context)
        draft = replace(draft, quantity=0, comments="")
        asked = _with_problem(problem, _how_much(draft, offer, item, context, suggested))
        return _with_ways_to_earn(asked, context) if short else asked
    return _confirm(draft, offer, item, context)


def _comments_fit(draft: OrderDraft, offer: Offer) -> bool:
    """Whether there are as many comments as are ordered, and none where none are posted.

    An offer that has become another kind of service since, or data that nobody was given, may
    say otherwise.
    """
    count = len(draft.comments.splitlines())
    return count == (draft.quantity if offer.posts_comments else 0)


def why_not(quantity: int, offer: Offer, context: Context) -> Html | None:
    """Why the person can't order this quantity, if so."""
    t, user = context.t, context.state.users[context.user_id]
    if not offer.quantity_min <= quantity <= offer.quantity_max:
        return shop_texts.out_of_range(t, offer)
    missing = offer.price_points(quantity) - user.balance
    if missing > 0:
        return shop_texts.points_missing(t, missing, user.balance)
    return None


def is_too_expensive(quantity: int, offer: Offer, context: Context) -> bool:
    """Whether a quantity that can be ordered costs more than the person has."""
    in_range = offer.quantity_min <= quantity <= offer.quantity_max
    return in_range and why_not(quantity, offer, context) is not None


def _how_much(
    draft: OrderDraft, offer: Offer, item: LinkedItem, context: Context, suggested: int
) -> Question:
    t, user, economy = context.t, context.state.users[context.user_id], context.economy
    others = len(context.on_sale) > 1
    if offer.posts_comments:
        text = shop_texts.ask_for_comments(t, offer, item, user, economy)
        return Question(text, order_keyboards.ask_for_comments(t, others=others), draft)
    text = shop_texts.ask_for_quantity(t, offer, item, user, economy)
    keyboard = order_keyboards.quantities(
        t, offer, user.balance, suggested=suggested, others=others
    )
    return Question(text, keyboard, draft)


def _confirm(draft: OrderDraft, offer: Offer, item: LinkedItem, context: Context) -> Question:
    t, user, quantity = context.t, context.state.users[context.user_id], draft.quantity
    # One that was changed keeps its id, so that only one of its versions can be placed.
    draft = replace(draft, order_id=draft.order_id or context.services.new_order_id())
    context.services.expect_order()
    price = offer.price_points(quantity)
    return Question(
        shop_texts.confirm_order(
            t,
            offer,
            item,
            quantity=quantity,
            balance_points=user.balance,
            comments=draft.comments,
        ),
        order_keyboards.confirm_order(t, offer, draft.order_id, quantity, price),
        draft,
    )
