"""Everything that a panel sells has words of its own, in every language."""

import pytest

from bot.text.number_texts import wording_of
from bot.text.orders import metric_texts
from i18n import Translators
from ledger.untrusted.typed_numbers import read_number
from orders.shop.service_kinds import Metric

EN, *OTHERS = Translators(strict=True)


def test_each_metric_has_words_and_the_rest_is_called_units():
    assert set(metric_texts.METRICS) == set(Metric) - {Metric.OTHER}
    assert metric_texts.counted(EN, Metric.OTHER, 2).text == "2 units"
    assert metric_texts.counted(EN, "", 1).text == "1 unit"


@pytest.mark.parametrize("metric", [*Metric, "unheard of"])
def test_a_number_of_it_can_be_typed_with_the_word_that_the_bot_uses(metric):
    for t in (EN, *OTHERS):
        for count in (1, 2, 5, 21):
            said = metric_texts.counted(t, metric, count).text
            assert read_number(said, wording_of(metric)) == count, said


def test_likes_are_no_number_of_views():
    assert read_number("100 likes", wording_of("likes")) == 100
    assert not isinstance(read_number("100 likes", wording_of("views")), int)
