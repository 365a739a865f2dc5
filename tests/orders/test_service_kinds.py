from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.links.platforms import ORDER_PLATFORMS
from orders.links.targets import Target
from orders.shop.service_kinds import Metric, ServiceKind, kind_of
from orders.shop.service_words import METRIC_WORDS, PLATFORM_WORDS

TABLE = Path(__file__).parent / "tables" / "service_names.txt"


def rows():
    """The kind above each name of a service, and the name. `⌀` is no platform."""
    kind = None
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            platform, metric, target = line.removeprefix("# ").split()
            kind = ServiceKind(platform.strip("⌀"), Metric(metric), Target(target))
        else:
            yield kind, line


ROWS = list(rows())


@pytest.mark.parametrize(("kind", "name"), ROWS)
def test_a_service_is_what_its_name_says(kind, name):
    assert kind_of(name, "", "Default") == kind


@pytest.mark.parametrize(("kind", "name"), ROWS)
def test_letter_case_and_signs_around_it_change_nothing(kind, name):
    for written in (name.lower(), f"✅ {name} 🔥", f"[12345] {name}"):
        assert kind_of(written, "", "Default") == kind


def test_the_table_has_every_metric_and_target_and_is_not_small():
    kinds = {kind for kind, _ in ROWS}
    assert {kind.metric for kind in kinds} == set(Metric)
    assert {kind.target for kind in kinds} == set(Target)
    assert len(ROWS) >= 80


@pytest.mark.parametrize(
    ("name", "category", "service_type", "kind"),
    [
        ("Followers | Real", "Instagram", "Default", ("instagram", "followers", "page")),
        ("100K/Day | Real", "🎵 TikTok Likes", "Default", ("tiktok", "likes", "post")),
        ("Telegram Views", "Instagram Likes", "Default", ("telegram", "views", "video")),
        ("Server 3 | Fast", "YouTube Views", "Default", ("youtube", "views", "video")),
        ("Russian | 1 per line", "YouTube", "Custom Comments", ("youtube", "comments", "video")),
        ("Instagram Likes", "", "Subscriptions", ("instagram", "other", "post")),
        ("YouTube Likes", "", "Comment Likes", ("youtube", "other", "video")),
        ("Views [15 min]", "Twitch Live Stream", "Default", ("twitch", "other", "page")),
        ("Website Traffic", "YouTube", "Default", ("", "other", "page")),
    ],
)
def test_the_name_decides_then_the_category_then_the_type(name, category, service_type, kind):
    platform, metric, target = kind
    right = ServiceKind(platform, Metric(metric), Target(target))
    assert kind_of(name, category, service_type) == right


def test_every_platform_that_has_words_has_links_and_the_other_way_round():
    assert PLATFORM_WORDS.keys() == ORDER_PLATFORMS.keys()


def test_every_word_of_a_metric_is_one_of_the_metrics():
    assert METRIC_WORDS.keys() - {"audience"} == {metric.value for metric in Metric} - {"other"}


@given(st.text(), st.text(), st.text())
def test_no_text_makes_it_fail(name, category, service_type):
    kind = kind_of(name, category, service_type)
    assert kind.platform in {"", *ORDER_PLATFORMS}
