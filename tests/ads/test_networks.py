"""What the networks' servers say, and what of it is read."""

import re
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ads.networks.adsgram import Adsgram
from ads.networks.base import (
    QUERY_BYTES_MAX,
    Callback,
    Unmatched,
    read_price_microusd,
    read_query,
    read_user_id,
)
from ads.networks.monetag import Monetag
from ads.networks.table import NETWORKS
from viewbank.settings import SETTINGS

MONETAG = Monetag("123", "https://libtl.com/sdk.js")
ADSGRAM = Adsgram("9", "https://sad.adsgram.ai/js/sad.min.js")
GOOD = "ymid=A&event_type=impression&reward_event_type=valued"
SHOWN = Callback("impression", paid=True, session="A")


def parse(network, query):
    fields = read_query(query)
    return fields if isinstance(fields, Unmatched) else network.parse_callback(fields)


def problem(network, query):
    found = parse(network, query)
    assert isinstance(found, Unmatched), found
    assert found.why
    return found.problem


def test_every_row_of_the_table_makes_a_network_of_its_name():
    known = {setting.name for setting in SETTINGS}
    for row in NETWORKS:
        network = row.make("123", "https://sdk.example/x.js")
        assert network.name == row.name
        assert re.fullmatch(r"[a-z0-9]+", row.name)
        assert network.client_config()["sdk_url"] == network.sdk_url == "https://sdk.example/x.js"
        assert {row.id_setting, row.sdk_setting} <= known
    assert len({row.name for row in NETWORKS}) == len(NETWORKS) >= 2


def test_what_the_page_needs():
    assert MONETAG.client_config() == {
        "sdk_url": "https://libtl.com/sdk.js",
        "zone": "123",
        "function": "show_123",
    }
    assert ADSGRAM.client_config() == {
        "sdk_url": "https://sad.adsgram.ai/js/sad.min.js",
        "block_id": "9",
    }


@pytest.mark.parametrize("paid", ["valued", "VALUED", " Valued ", "yes", "true", "1"])
def test_an_ad_that_monetag_pays_for(paid):
    query = f"ymid=A&event_type=impression&reward_event_type={paid}".replace(" ", "+")
    assert parse(MONETAG, query) == SHOWN


@pytest.mark.parametrize(
    "paid",
    [
        *("not_valued", "non_valued", "no", "0", "", "valued,valued", "valuedx"),
        *("{reward_event_type}", "%7Breward_event_type%7D", "%257Breward_event_type%257D"),
        *("[reward]", "${reward}", "<reward>", "%3Creward%3E", "%255Breward%255D"),
    ],
)
def test_anything_else_is_not_paid(paid):
    query = f"ymid=A&event_type=impression&reward_event_type={paid}"
    assert parse(MONETAG, query) == SHOWN._replace(paid=False)


def test_a_missing_reward_is_not_paid():
    assert parse(MONETAG, "ymid=A&event_type=impression") == SHOWN._replace(paid=False)


def test_a_click_is_told_from_a_showing():
    query = "ymid=A&event_type=Click&reward_event_type=valued"
    assert parse(MONETAG, query) == SHOWN._replace(kind="click")


def test_everything_that_monetag_says():
    query = (
        f"{GOOD}&zone_id=123&sub_zone_id=456&request_var=main&telegram_id=42&estimated_price=0.0012"
    )
    assert parse(MONETAG, query) == SHOWN._replace(user_id=42, price_microusd=1200)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (f"{GOOD}&zone_id=124", "foreign"),
        (f"{GOOD}&telegram_id=me", "foreign"),
        ("ymid=&event_type=impression&reward_event_type=valued", "unknown"),
        ("ymid=%7Bymid%7D&event_type=impression&reward_event_type=valued", "unknown"),
        ("event_type=impression&reward_event_type=valued", "unknown"),
        ("ymid=A&reward_event_type=valued", "malformed"),
        ("ymid=A&event_type={event_type}&reward_event_type=valued", "malformed"),
        ("ymid=A&event_type=install&reward_event_type=valued", "malformed"),
        (f"{GOOD}&ymid=B", "malformed"),
        (f"{GOOD}&YMID=B", "malformed"),
        (f"{GOOD}&x=%ff", "malformed"),
        (f"{GOOD}&x=" + "y" * QUERY_BYTES_MAX, "malformed"),
        ("&".join(f"a{number}=1" for number in range(100)), "malformed"),
        ("", "malformed"),
    ],
)
def test_what_can_not_be_matched(query, expected):
    assert problem(MONETAG, query) == expected


@pytest.mark.parametrize("empty", ["", "{zone_id}", "%7Bzone_id%7D"])
def test_a_macro_that_was_not_replaced_counts_as_missing(empty):
    assert parse(MONETAG, f"{GOOD}&zone_id={empty}&telegram_id={empty}") == SHOWN


def test_adsgram_names_the_person():
    expected = Callback("impression", paid=True, user_id=42)
    for query in ("user_id=42", "userid=42", "userId=42", "telegram_id=42"):
        assert parse(ADSGRAM, query) == expected


@pytest.mark.parametrize(
    "query",
    [
        "",
        "user_id=",
        "user_id=[userId]",
        "user_id=me",
        "user_id=-4",
        "user_id=4.0",
        "user_id=4&user_id=5",
        "user_id=4&userid=5",
        "user_id=" + "9" * 30,
        "user_id=٤",
    ],
)
def test_a_call_of_adsgram_without_a_person_is_malformed(query):
    assert problem(ADSGRAM, query) == "malformed"


@pytest.mark.parametrize(
    ("text", "microusd"),
    [
        ("0.0012", 1200),
        ("1", 1_000_000),
        ("0.00000049", 0),
        ("0.0000015", 2),
        (".5", 500_000),
        ("1.", 1_000_000),
        ("1e-05", 10),
        ("1.5E-3", 1500),
        ("1000", 10**9),
        ("1000.000001", 0),
        ("1e99", 0),
        ("-0.5", 0),
        ("+1", 0),
        ("0,5", 0),
        ("", 0),
        ("NaN", 0),
        ("Infinity", 0),
        ("0x10", 0),
        ("1_000", 0),
        ("٠.٥", 0),
        ("9" * 5000, 0),
        ("$0.5", 0),
        ("0.5 USD", 0),
    ],
)
def test_a_price_is_read_as_millionths_or_as_nothing(text, microusd):
    assert read_price_microusd(text) == microusd


@given(st.text())
def test_no_text_is_a_price_out_of_bounds(text):
    assert 0 <= read_price_microusd(text) <= 10**9


@given(st.text())
def test_no_query_is_a_surprise(query):
    for network in (MONETAG, ADSGRAM):
        assert isinstance(parse(network, query), Callback | Unmatched)
    assert read_user_id(query) is None or read_user_id(query) < 10**16


_PIECES = ("a", "A", "b", "=", "&", "+", "%20", "%41", "%c3%bc", "%ff", "%", "%4", "ü", " ")


@given(st.lists(st.sampled_from(_PIECES), max_size=70).map("".join))
def test_a_query_has_the_fields_that_the_standard_library_finds_in_it(query):
    try:
        pairs = parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=64)
    except ValueError:
        pairs = None
    expected = {name.lower(): text.strip() for name, text in pairs or ()}
    found = read_query(query)
    if pairs is None or len(expected) != len(pairs):
        assert isinstance(found, Unmatched)
        assert found.problem == "malformed"
    else:
        assert found == expected
