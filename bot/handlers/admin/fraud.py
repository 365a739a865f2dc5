"""Fraud, for admins: the signs with their evidence. They decide; nothing happens by itself."""

from bot.context import Context, press_of
from bot.text.admin import fraud_keyboards, fraud_texts
from bot.text.buttons import number
from bot.updates import Press, Update
from ledger.fraud.search import search


async def show_signs(update: Update, context: Context) -> None:
    """The button of the panel: search, and list what was found."""
    query, _ = press_of(update)
    await context.answer(query)
    await _list(query, context)


async def _list(query: Press, context: Context) -> None:
    t, services = context.t, context.services
    signs = await search(context.ledger, services.ad_sessions(), services.ad_addresses())
    services.fraud_signs = signs
    keyboard = fraud_keyboards.signs(t, context.state, signs)
    await context.edit(query, fraud_texts.signs(t, signs), keyboard)


async def show_sign(update: Update, context: Context) -> None:
    """One sign of the last search, with the accounts that it speaks of."""
    query, parts = press_of(update)
    await context.answer(query)
    code, user_id = (*parts[1:3], "", "")[:2]
    for sign in context.services.fraud_signs:
        if sign.code == code and sign.accounts[0] == number(user_id):
            t, state = context.t, context.state
            keyboard = fraud_keyboards.sign(t, state, sign)
            await context.edit(query, fraud_texts.sign(t, state, sign), keyboard)
            return
    # The program was started again, or another search found something else.
    await _list(query, context)
