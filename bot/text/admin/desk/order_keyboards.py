"""The keyboards of the admins' desk for orders.

A button that settles an order carries `act:order`, or `act:order:answer` where the act needs one;
the second tap ends with `SURE`.
"""

from collections.abc import Mapping

from bot.send.client import Keyboard
from bot.text.admin.admin_keyboards import NO_BACK, SURE, back
from bot.text.admin.desk.order_texts import PILES, Pile
from bot.text.buttons import Button, button, rows
from i18n import N_, Message, Translator

UNKNOWN = "-"
"""In the place of an answer: the admin doesn't know, or none is needed."""
HOURS = (1, 6, 24)
"""After how long an admin can be asked again."""

_SETTLING = (
    (("arrived", N_("✅ It arrived")), ("refund", N_("↩️ It did not: refund"))),
    (("later", N_("💤 Ask me later")),),
)
_ENDING = (
    (("delivered", N_("✅ It was delivered")), ("refund_all", N_("↩️ Refund all"))),
    (("refund_part", N_("🧩 Refund a part")), ("later", N_("💤 Keep waiting"))),
)
_BUTTONS: dict[Pile, tuple[tuple[tuple[str, Message], ...], ...]] = {
    Pile.UNCLEAR: _SETTLING,
    Pile.REVIEW: _ENDING,
    Pile.STUCK: _ENDING,
    Pile.WAITING: ((("refund", N_("↩️ Refund")),),),
}
_YES: dict[str, Message] = {
    "arrived": N_("✅ Yes, it arrived"),
    "refund": N_("↩️ Yes, refund"),
    "delivered": N_("✅ Yes, delivered"),
    "refund_all": N_("↩️ Yes, refund all"),
    "refund_part": N_("🧩 Yes, refund"),
}


def desk(t: Translator, counts: Mapping[Pile, int]) -> Keyboard:
    """The lists, those without orders too: the words say that nothing is hidden."""
    labels = [
        button(
            f"{t.message(words).text} ({t.number(counts.get(which, 0))})", f"orders_of:{which}:0"
        )
        for which, words in PILES.items()
    ]
    return rows(*[[label] for label in labels], [button(t("🔄 Refresh").text, "desk"), back(t)])


def pile(
    t: Translator, which: Pile, labels: Mapping[str, str], page: int, *, has_more: bool
) -> Keyboard:
    """A page of a list: a button for each order, by its id."""
    listed = [[button(label, f"one_order:{order_id}")] for order_id, label in labels.items()]
    turn = [button(t("‹ Previous").text, f"orders_of:{which}:{page - 1}")] if page else []
    if has_more:
        turn.append(button(t("Next ›").text, f"orders_of:{which}:{page + 1}"))
    return rows(*listed, turn, [_desk(t), back(t)])


def card(t: Translator, order_id: str, which: Pile | None, user_id: int) -> Keyboard:
    """What can be done with an order, and the way back to its list."""
    acts = [
        [button(t.message(words).text, f"{act}:{order_id}") for act, words in row]
        for row in (_BUTTONS.get(which, ()) if which is not None else ())
    ]
    way_back = _desk(t) if which is None else _pile(t, which)
    return rows(*acts, [button(t("👤 Person").text, f"user:{user_id}"), way_back])


def ask_for_number(t: Translator, order_id: str) -> Keyboard:
    """The provider's number can be typed, or is not known."""
    unknown = button(t("I don't know the number").text, f"arrived:{order_id}:{UNKNOWN}")
    return rows([unknown], [_no(t, order_id)])


def ask_for_remains(t: Translator, order_id: str) -> Keyboard:
    """A number can be typed."""
    return rows([_no(t, order_id)])


def sure(t: Translator, act: str, order_id: str, answer: str) -> Keyboard:
    """The second tap of every act."""
    yes = button(t(_YES[act]).text, f"{act}:{order_id}:{answer}:{SURE}")
    return rows([yes, _no(t, order_id)])


def ask_when(t: Translator, order_id: str) -> Keyboard:
    """When an admin wants to be asked again."""
    times = [
        button(t.plural("In {n} hour", "In {n} hours", hours).text, f"later:{order_id}:{hours}")
        for hours in HOURS
    ]
    return rows(times, [_no(t, order_id)])


def settled(t: Translator) -> Keyboard:
    """Under an order that is settled: the way to those that are left."""
    return rows([_desk(t), back(t)])


def _no(t: Translator, order_id: str) -> Button:
    return button(t(NO_BACK).text, f"one_order:{order_id}")


def _desk(t: Translator) -> Button:
    return button(t("‹ Orders").text, "desk")


def _pile(t: Translator, which: Pile) -> Button:
    return button(t("‹ Back").text, f"orders_of:{which}:0")
