r"""Texts in the reader's language: translation, plurals, numbers, dates and HTML escaping.

A function that writes a text takes a `Translator` and returns `Html`:

    def ad_paid(t: Translator, user: User, amount_points: int) -> Html:
        return t(
            "✅ Thank you! <b>+{amount}</b>\n\nYou have <b>{balance}</b>.",
            amount=points(t, amount_points),
            balance=points(t, user.balance),
        )

The English text is the source and the key. `make texts` collects every literal that is passed to
`t`, `t.plural`, `t.ctx`, `N_` and `N_ctx` into `locale/viewbank.pot` and updates the catalogs. An
f-string can't be collected, so the tests refuse it. Nothing here imports another room.
"""

from i18n.languages import Language, choose
from i18n.markup import Html, escape
from i18n.messages import N_, Message, N_ctx
from i18n.translator import Translator
from i18n.translators import Translators

__all__ = [
    "N_",
    "Html",
    "Language",
    "Message",
    "N_ctx",
    "Translator",
    "Translators",
    "choose",
    "escape",
]
