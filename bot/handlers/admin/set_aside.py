"""The button under a report of an update that was set aside: have it tried again."""

from bot.context import Context, press_of
from bot.text.admin.set_aside_texts import TRIED_BEFORE, tried_again
from bot.updates import Update


async def retry(update: Update, context: Context) -> None:
    """Have it handled as if it came for the first time; it may end the program again."""
    query, parts = press_of(update)
    key, again = ":".join(parts[1:]), context.services.set_aside
    if again is None or not again.is_set_aside(key):
        await context.answer(query, context.t(TRIED_BEFORE), alert=True)
        return
    # First the answer: the admin should know why the program ended.
    await context.answer(query)
    await context.edit(query, tried_again(context.t))
    await again.try_again(key)
