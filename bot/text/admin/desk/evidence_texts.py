"""What the provider's side shows about an unclear order, and what that looks like. No proof."""

from enum import Enum

from bot.text.formats import shortened
from i18n import N_, Html, Message, Translator
from ledger import events as e

CLOSE_PART = 10
"""An amount is close to another if it differs by at most a tenth: providers round."""
CURRENCY_CHARS_MAX = 8


class LooksLike(Enum):
    """What the evidence suggests."""

    ARRIVED = "arrived"
    DID_NOT = "did_not"
    UNKNOWN = "unknown"


_WORDS: dict[LooksLike, Message] = {
    LooksLike.ARRIVED: N_("➡️ It looks as if the order <b>arrived</b>."),
    LooksLike.DID_NOT: N_("➡️ It looks as if the order <b>did not arrive</b>."),
    LooksLike.UNKNOWN: N_("➡️ From this it can't be said whether it arrived."),
}


def looks_like(event: e.OrderEvidenceFound) -> LooksLike:
    """What the evidence suggests.

    Our balance counts first: what is gone beyond the other orders is about the order's price, or
    about nothing. That one is running for the link counts if the balance doesn't contradict: it may
    be another order for it.
    """
    by_money = _by_money(event)
    if not event.refused_as_running:
        return by_money
    return LooksLike.UNKNOWN if by_money is LooksLike.DID_NOT else LooksLike.ARRIVED


def _by_money(event: e.OrderEvidenceFound) -> LooksLike:
    cost, gone = event.cost_micro, gone_micro(event)
    if not cost or gone is None:
        return LooksLike.UNKNOWN
    if abs(gone - cost) * CLOSE_PART <= cost:
        return LooksLike.ARRIVED
    return LooksLike.DID_NOT if abs(gone) * CLOSE_PART <= cost else LooksLike.UNKNOWN


def gone_micro(event: e.OrderEvidenceFound) -> int | None:
    """What is gone from our balance beyond what the other orders cost; None: not known."""
    before, after = event.balance_before_micro, event.balance_after_micro
    return None if before is None or after is None else before - after - event.others_micro


def evidence(t: Translator, event: e.OrderEvidenceFound) -> Html:
    """What was found, in the provider's currency, and what it looks like."""
    parts = [t("<b>What can be seen at the provider</b>"), *_money(t, event)]
    if event.refused_as_running:
        parts.append(
            t("The provider refused a later order for this link: it says that one is running.")
        )
    parts.append(t(_WORDS[looks_like(event)]))
    return Html("\n").join(parts)


def _money(t: Translator, event: e.OrderEvidenceFound) -> list[Html]:
    def amount(micro: int) -> Html:
        return t.money(micro, shortened(event.currency, CURRENCY_CHARS_MAX))

    before, after = event.balance_before_micro, event.balance_after_micro
    if before is None or after is None:
        found = [t("Our balance there before and after is not known.")]
    else:
        found = [
            t(
                "Our balance there: {before} before, {after} after.",
                before=amount(before),
                after=amount(after),
            )
        ]
    if event.cost_micro is None:
        found.append(t("What this order costs there is not known."))
    elif not event.others_micro:
        found.append(
            t(
                "This order costs {cost}; no other order cost anything in between.",
                cost=amount(event.cost_micro),
            )
        )
    else:
        found.append(
            t(
                "This order costs {cost}; other orders cost {others} in between.",
                cost=amount(event.cost_micro),
                others=amount(event.others_micro),
            )
        )
    return found
