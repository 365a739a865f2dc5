"""An admin settles an order: one pattern for every button that does.

The first tap asks, for a number too if one is needed; the second tap, which ends with `SURE`, does
it. The ledger decides: the first admin's answer counts, and another one is told what became of the
order.
"""

import re

from bot.context import AskedAboutOrder, Context, message_of, press_of, sender_id
from bot.handlers.admin.desk.order_acts import ACTS, UNDECIDED, WITH_THE_PROVIDER
from bot.handlers.admin.desk.orders import card_of, end_step, say_unknown
from bot.order_facts import facts_of, pile_of, silent_since
from bot.send.client import Keyboard
from bot.text.admin.admin_keyboards import SURE
from bot.text.admin.desk import order_keyboards as keyboards
from bot.text.admin.desk import order_texts
from bot.text.admin.desk import settling_texts as texts
from bot.text.admin.desk.order_keyboards import HOURS, UNKNOWN
from bot.text.admin.desk.order_texts import Pile
from bot.text.buttons import number
from bot.text.number_texts import VIEWS, number_refused
from bot.text.refusal_texts import refused
from bot.updates import Press, Update
from i18n import Html
from ledger import refusals as r
from ledger.state import Order
from ledger.untrusted.typed_numbers import NumberProblem, plain_digits, read_number
from ledger.untrusted.typed_text import cleaned

_PROVIDER_NUMBER = re.compile(r"(?=[^0-9]*[0-9])[0-9A-Za-z_-]{1,32}")
"""What an admin can have read on a provider's page; it must fit into a button's data."""


async def tap(update: Update, context: Context) -> None:
    """Any button that settles an order, the first or the second tap."""
    query, parts = press_of(update)
    act_name, order_id = parts[0], parts[1] if parts[1:] else ""
    end_step(context, query.from_user.id)
    order = context.state.orders.get(order_id)
    if order is None:
        await say_unknown(query, order_id, context)
        return
    if _pile(order, context) not in ACTS[act_name].piles:
        await _too_late(query, order, context)
        return
    is_sure = parts[2:] != [] and parts[-1] == SURE
    typed = parts[2] if parts[2:] and parts[2] != SURE else ""
    answer = _answer(act_name, order, typed, context, is_sure=is_sure)
    if answer is None:
        await context.answer(query)
        await _ask_to_type(query, act_name, order, context)
    elif is_sure:
        await _settle(query, act_name, order, answer, context)
    else:
        await context.answer(query)
        await context.edit(query, *await _question(act_name, order, answer, context))


def _answer(
    act_name: str, order: Order, typed: str, context: Context, *, is_sure: bool
) -> str | None:
    """What the button says besides; None if the admin must be asked for that."""
    if act_name == "refund_part":
        remains = number(typed)
        return typed if remains is not None and 1 <= remains < order.quantity else None
    if act_name != "arrived":
        return UNKNOWN
    if typed and typed != UNKNOWN:
        return typed if _PROVIDER_NUMBER.fullmatch(typed) else None
    # Only who reports what becomes of orders can be asked about one by its number.
    is_followed = context.services.provider_account is not None
    return UNKNOWN if typed or is_sure or not is_followed else None


async def _ask_to_type(query: Press, act_name: str, order: Order, context: Context) -> None:
    t, admin_id = context.t, query.from_user.id
    context.go_to(admin_id, AskedAboutOrder(act_name, order.order_id))
    facts = await facts_of(order, context.ledger, context.ledger.now_ms())
    if act_name == "arrived":
        question = t(texts.ASK_FOR_NUMBER)
        keyboard = keyboards.ask_for_number(t, order.order_id)
    else:
        question = texts.ask_for_remains(t, facts)
        keyboard = keyboards.ask_for_remains(t, order.order_id)
    await context.edit(query, _below_card(question, facts, context), keyboard)


async def take_answer(update: Update, context: Context, step: AskedAboutOrder) -> None:
    """The message with the number that was asked for."""
    t, admin_id = context.t, sender_id(update)
    order = context.state.orders.get(step.order_id)
    if order is None or _pile(order, context) not in ACTS[step.what].piles:
        context.go_to(admin_id, None)
        settled = order_texts.order_settled(t, order) if order else t(texts.NOT_SETTLED_SO)
        await context.reply(update, settled, keyboards.settled(t))
        return
    read = _provider_number if step.what == "arrived" else _remains
    answer = await read(message_of(update).text, order, context)
    if isinstance(answer, Html):
        await context.reply(update, answer)
        return
    context.go_to(admin_id, None)
    await context.reply(update, *await _question(step.what, order, answer, context))


async def _provider_number(typed: str, order: Order, context: Context) -> str | Html:
    t, found = context.t, plain_digits(cleaned(typed)).strip().lstrip("#№").strip()
    if not _PROVIDER_NUMBER.fullmatch(found):
        return t(texts.NO_PROVIDER_NUMBER)
    other = _other_with(found, order, context)
    return found if other is None else texts.number_taken(t, found, other.order_id)


def _other_with(provider_number: str, order: Order, context: Context) -> Order | None:
    """Another order with this number at the provider, as far as they are in memory."""
    return next(
        (
            one
            for one in context.state.orders.values()
            if one.provider_order_id == provider_number and one is not order
        ),
        None,
    )


async def _remains(typed: str, order: Order, context: Context) -> str | Html:
    t = context.t
    remains = read_number(typed, VIEWS)
    if isinstance(remains, NumberProblem):
        return number_refused(t, remains, typed)
    if not 1 <= remains < order.quantity:
        return texts.not_remains(t, await facts_of(order, context.ledger, context.ledger.now_ms()))
    return str(remains)


async def _question(
    act_name: str, order: Order, answer: str, context: Context
) -> tuple[Html, Keyboard]:
    t = context.t
    facts = await facts_of(order, context.ledger, context.ledger.now_ms())
    question = ACTS[act_name].question(t, facts, answer)
    keyboard = keyboards.sure(t, act_name, order.order_id, answer)
    return _below_card(question, facts, context), keyboard


def _below_card(question: Html, facts: order_texts.OrderFacts, context: Context) -> Html:
    """A question next to its buttons: a card may be longer than a phone."""
    return Html("\n\n").join([order_texts.card(context.t, facts, is_asking=True), question])


async def _settle(query: Press, act_name: str, order: Order, answer: str, context: Context) -> None:
    t = context.t
    taken = _other_with(answer, order, context) if act_name == "arrived" else None
    if taken is not None:
        text = texts.number_taken(t, answer, taken.order_id)
        await context.answer(query, text, alert=True)
        return
    by = f"admin:{query.from_user.id}"
    outcome = await context.ledger.execute(ACTS[act_name].command(by, order, answer))
    if not isinstance(outcome, tuple):
        await context.answer(query, refused(t, outcome), alert=True)
        await context.edit(query, *await card_of(order, context))
        return
    await context.answer(query)
    await context.edit(query, order_texts.order_settled(t, order), keyboards.settled(t))


async def _too_late(query: Press, order: Order, context: Context) -> None:
    """The order was settled meanwhile, by another admin or the provider, or goes on."""
    t = context.t
    if _pile(order, context) is None or order.is_closed:
        words = refused(t, r.WrongOrderStatus(order.status))
        await context.answer(query, words, alert=True)
        await context.edit(query, order_texts.order_settled(t, order), keyboards.settled(t))
        return
    await context.answer(query, t(texts.NOT_SETTLED_SO), alert=True)
    await context.edit(query, *await card_of(order, context))


async def put_off(update: Update, context: Context) -> None:
    """Ask me later, and then the choice of when."""
    query, parts = press_of(update)
    t, order_id = context.t, parts[1] if parts[1:] else ""
    order = context.state.orders.get(order_id)
    if order is None:
        await say_unknown(query, order_id, context)
        return
    if _pile(order, context) not in UNDECIDED | WITH_THE_PROVIDER:
        await _too_late(query, order, context)
        return
    await context.answer(query)
    hours = number(parts[2]) if parts[2:] else None
    if hours not in HOURS:
        await context.edit(query, t(texts.ASK_WHEN), keyboards.ask_when(t, order_id))
        return
    context.services.ask_later.add(query.from_user.id, order_id, hours)
    await context.edit(query, texts.put_off(t, order_id, hours), keyboards.settled(t))


def _pile(order: Order, context: Context) -> Pile | None:
    return pile_of(order, silent_since(context.state.economy, context.ledger.now_ms()))
