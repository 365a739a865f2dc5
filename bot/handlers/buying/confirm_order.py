"""Buying, its end: the order is placed or given up."""

from msgspec.structs import replace

from bot.context import Context, OrderDraft, press_of
from bot.handlers.buying.order_messages import draft_under, is_order_id, is_unreadable
from bot.handlers.buying.order_questions import ask
from bot.text import user_texts
from bot.text.buttons import number
from bot.text.orders import metric_texts, my_order_keyboards, shop_texts
from bot.text.refusal_texts import refused
from bot.updates import Press, Update
from ledger import commands as c
from ledger import refusals as r
from ledger.rules.orders import is_known
from orders.shop.offers import offer_of

_PARTS = 4
"""Of a Confirm button without a service, as all were once."""

# The order is shown as it would be now: it can be confirmed once more, or changed.
_ASKED_AGAIN = (r.PriceChanged, r.QuantityOutOfRange, r.NotEnoughPoints, r.NotOnOffer)


async def confirm(update: Update, context: Context) -> None:
    """Confirm: the ledger reserves the points; the order dispatcher sends it."""
    query, parts = press_of(update)
    wanted = parts[_PARTS] if parts[_PARTS:] else ""
    draft = draft_under(query, wanted, context)
    quantity, price = (number(part) for part in parts[2:_PARTS]) if parts[3:] else (None, None)
    if (
        draft is None
        or is_unreadable(draft, context)
        or not is_order_id(parts[1:2])
        or not quantity
        or price is None
    ):
        await context.answer(query, context.t(user_texts.BUTTON_TOO_OLD), alert=True)
        return
    draft = replace(draft, order_id=parts[1], quantity=quantity)
    newest = _changed_in(draft, context)
    if newest is not None:
        await context.answer(query, context.t(shop_texts.ORDER_CHANGED), alert=True)
        if newest != draft.message_id:
            await context.edit(query, context.t(shop_texts.ORDER_CHANGED))
        return
    await _place(query, draft, price, context)


def _changed_in(draft: OrderDraft, context: Context) -> int | None:
    """The message that has this order as it is now, if the person has changed it; else None.

    In the newest message only the data of the button can be old. Its link is not compared: once
    the service is off sale, it may be read in another way.
    """
    step = context.step_of(context.user_id)
    if not isinstance(step, OrderDraft) or step.order_id != draft.order_id:
        return None
    if step.message_id == draft.message_id:
        step = replace(step, item=draft.item, comments=draft.comments)
    return None if replace(step, message_id=draft.message_id) == draft else step.message_id


async def _place(query: Press, draft: OrderDraft, price_points: int, context: Context) -> None:
    t, user_id, item = context.t, context.user_id, draft.item
    outcome: r.AnyRefusal | tuple[object, ...]
    if is_known(context.state, draft.order_id):
        outcome = r.AlreadyDone()
    elif item is None or offer_of(context.on_sale, draft.service_id) is None:
        outcome = r.NotOnOffer(draft.service_id or "")
    else:
        outcome = await context.ledger.execute(
            c.PlaceOrder(
                by=f"user:{user_id}",
                user_id=user_id,
                order_id=draft.order_id,
                video_link=item.link,
                video_key=item.key,
                quantity=draft.quantity,
                price_points=price_points,
                service_id=draft.service_id or "",
                comments=draft.comments,
            )
        )
    if isinstance(outcome, r.AlreadyDone):
        await context.answer(query, t(shop_texts.ORDERED_ALREADY))
    elif isinstance(outcome, r.TooManyOrders):
        # Confirm stays: a little later it works.
        await context.answer(query, refused(t, outcome), alert=True)
        return
    elif isinstance(outcome, _ASKED_AGAIN):
        await context.answer(query)
        changed = isinstance(outcome, r.PriceChanged)
        problem = shop_texts.price_changed(t) if changed else None
        await ask(draft, context, under=query, problem=problem)
        return
    elif isinstance(outcome, tuple):
        await context.answer(query)
    else:
        await context.answer(query, refused(t, outcome), alert=True)
        await context.edit(query, refused(t, outcome))
        return
    _forget(draft, context)
    await _show_placed(query, draft.order_id, context)


async def _show_placed(query: Press, order_id: str, context: Context) -> None:
    """The second time too: a kill may have come between the order and its first showing."""
    t, state, user_id = context.t, context.state, context.user_id
    own = state.orders_of.get(user_id, [])
    order = await context.ledger.order(order_id)
    if order is None or order.user_id != user_id or order_id not in own:
        return
    amount = metric_texts.amount_of(t, state, order)
    text = shop_texts.order_placed(t, order, amount, state.users[user_id])
    await context.edit(query, text, my_order_keyboards.show_order(t, own.index(order_id)))


def _forget(draft: OrderDraft, context: Context) -> None:
    step = context.step_of(context.user_id)
    if isinstance(step, OrderDraft) and step.order_id == draft.order_id:
        context.go_to(context.user_id, None)


async def give_up(update: Update, context: Context) -> None:
    """Cancel under a question; too late if the order is placed already."""
    query, parts = press_of(update)
    if is_known(context.state, parts[-1]):
        await context.answer(query, context.t(shop_texts.ORDERED_ALREADY), alert=True)
        return
    step, message = context.step_of(context.user_id), query.message
    if isinstance(step, OrderDraft) and (
        (step.order_id and step.order_id == parts[-1])
        or (message is not None and step.message_id == message.message_id)
    ):
        context.go_to(context.user_id, None)
    await context.answer(query)
    await context.edit(query, context.t(shop_texts.ORDER_GIVEN_UP))
