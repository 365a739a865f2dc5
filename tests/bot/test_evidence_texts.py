"""What evidence about an unclear order looks like."""

import pytest

from bot.text.admin.desk.evidence_texts import LooksLike, evidence, looks_like
from i18n import Translator
from ledger import events as e


def found(cost=100, before=1000, after=900, others=0, *, running=False, currency="USD"):
    return e.OrderEvidenceFound(
        user_id=1,
        order_id="ab12cd34ef56",
        cost_micro=cost,
        balance_before_micro=before,
        balance_after_micro=after,
        others_micro=others,
        currency=currency,
        refused_as_running=running,
    )


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (found(), LooksLike.ARRIVED),
        (found(after=890), LooksLike.ARRIVED),
        (found(after=889), LooksLike.UNKNOWN),
        (found(after=910), LooksLike.ARRIVED),
        (found(after=911), LooksLike.UNKNOWN),
        (found(after=1000), LooksLike.DID_NOT),
        (found(after=990), LooksLike.DID_NOT),
        (found(after=989), LooksLike.UNKNOWN),
        (found(after=1011), LooksLike.UNKNOWN),
        (found(after=600, others=300), LooksLike.ARRIVED),
        (found(after=700, others=300), LooksLike.DID_NOT),
        (found(cost=None), LooksLike.UNKNOWN),
        (found(cost=0, after=1000), LooksLike.UNKNOWN),
        (found(before=None), LooksLike.UNKNOWN),
        (found(after=None), LooksLike.UNKNOWN),
        (found(after=None, running=True), LooksLike.ARRIVED),
        (found(cost=None, running=True), LooksLike.ARRIVED),
        (found(after=1000, running=True), LooksLike.UNKNOWN),
    ],
)
def test_money_counts_first_and_a_running_order_if_the_money_does_not_contradict(event, expected):
    assert looks_like(event) is expected


def test_what_is_not_known_is_said():
    said = evidence(Translator(), found(cost=None, before=None)).text
    assert "Our balance there before and after is not known." in said
    assert "What this order costs there is not known." in said
    assert said.endswith("From this it can't be said whether it arrived.")


@pytest.mark.parametrize("currency", ["", "<b>", "x" * 5000, "EUR"])
def test_a_currency_is_shown_whatever_the_provider_calls_it(currency):
    said = evidence(Translator(), found(currency=currency))
    assert "<b>What" in said
    assert len(said.text) < 400
