"""The readers of a panel's answers: nothing makes them fail, and no number is guessed."""

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.untrusted.untrusted_json import DIGITS_MAX
from orders.providers.answers import Accepted, judge
from orders.providers.base import (
    Asked,
    Balance,
    OrderReport,
    Progress,
    ServiceList,
    UnknownToProvider,
)
from orders.providers.panel_numbers import cost_micro, funds_micro, whole_number
from orders.providers.panel_reading import (
    read_asked,
    read_balance,
    read_services,
    read_statuses,
)
from orders.providers.panel_shapes import body_of, error_text
from orders.providers.redaction import KEPT_BYTES, Redaction
from orders.providers.status_words import progress_of

IDS = ["1", "2", "a1"]
HIDE = Redaction(["s3cr3t"]).hide


def read_in_every_way(text: str) -> None:
    """Read it as the answer to each call; what comes out has the promised types."""
    statuses = read_statuses(text, IDS, HIDE)
    assert statuses is None or set(statuses) <= set(IDS)
    read_statuses(text, IDS[:1], HIDE)
    for action in ("cancel", "refill"):
        for ids in (IDS, IDS[:1]):
            asked = read_asked(text, ids, action, HIDE)
            assert asked is None or all(isinstance(one, Asked) for one in asked.values())
    services = read_services(text, HIDE)
    assert services is None or isinstance(services, ServiceList)
    balance = read_balance(text, HIDE)
    assert balance is None or isinstance(balance.amount_micro, int)
    assert isinstance(error_text(body_of(text), HIDE), str)
    judge(200, text, text)
    assert len(Redaction(["s3cr3t"]).kept(text).encode()) <= KEPT_BYTES


KEYS = [
    *IDS, "order", "orders", "status", "error", "message", "data", "services", "service", "name",
    "rate", "min", "max", "charge", "remains", "start_count", "currency", "balance", "cancel",
    "refill", "success", "type", "x",
]  # fmt: skip
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(["Completed", "Partial", "Incorrect order ID", "success", "1,234"])
    | st.sampled_from(["Empty Data", "error", "s3cr3t", "0.5"])
    | st.text(max_size=10)
)  # fmt: skip
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5)
    ),
    max_leaves=12,
)


@settings(deadline=None, max_examples=200)
@given(JSON)
def test_no_json_makes_a_reader_fail(body):
    read_in_every_way(json.dumps(body))


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=200))
def test_no_bytes_make_a_reader_fail(data):
    read_in_every_way(data.decode("utf-8-sig", errors="replace"))


@settings(deadline=None)
@given(JSON, st.integers(0, 200), st.binary(max_size=3))
def test_no_damaged_json_makes_a_reader_fail(body, place, noise):
    whole = json.dumps(body).encode()
    read_in_every_way((whole[:place] + noise + whole[place + 1 :]).decode("utf-8", "replace"))


@pytest.mark.parametrize("deep", ["[", '{"data":', '{"1":', '[{"order":1,"cancel":', '{"error":'])
@pytest.mark.parametrize("levels", [100, 900, 100_000])
def test_no_depth_makes_a_reader_fail(deep, levels):
    close = "".join({"[": "]", "{": "}"}[letter] for letter in reversed(deep) if letter in "[{")
    read_in_every_way(deep * levels + "1" + close * levels)


@pytest.mark.parametrize("number", ["9" * DIGITS_MAX, "9" * 5000, "1e308", "1e-308", "-0", "1E400"])
@pytest.mark.parametrize("as_text", [False, True])
def test_no_number_makes_a_reader_fail(number, as_text):
    shown = f'"{number}"' if as_text else number
    read_in_every_way(f'{{"1":{{"status":"Partial","remains":{shown},"charge":{shown}}}}}')
    read_in_every_way(f'[{{"order":{shown},"cancel":{shown},"refill":{shown}}}]')
    read_in_every_way(f'{{"balance":{shown}}}')
    read_in_every_way(
        f'[{{"service":{shown},"name":{shown},"rate":{shown},"min":{shown},"max":{shown}}}]'
    )


@given(st.decimals(0, 10**9, places=6))
def test_an_amount_with_six_places_is_read_exactly(amount: Decimal):
    micro = int(amount * 10**6)
    for said in (amount, f"{amount:f}", f" {amount:f} "):
        assert cost_micro(said) == funds_micro(said) == micro
    assert funds_micro(f"{amount:,f}") in (
        {micro} if amount < 1000 or amount % 1 else {micro, None}
    )


@given(st.decimals(0, 10**6, allow_nan=False))
def test_costs_are_never_read_too_low_and_funds_never_too_high(amount: Decimal):
    said = f"{amount:f}"
    cost, funds = cost_micro(said), funds_micro(said)
    if len(said) <= 40:
        assert funds <= amount * 10**6 <= cost <= funds + 1


@given(st.integers(-(10**15), 10**15))
def test_a_whole_number_is_read_with_and_without_separators(number: int):
    for said in (
        number,
        str(number),
        f"{number:,}",
        f"{number:,}".replace(",", " "),
        f"{number}.0",
    ):
        assert whole_number(said) == number
    assert whole_number(Decimal(number)) == number


@given(st.text())
def test_a_text_that_is_no_number_is_never_guessed(text: str):
    if not any(letter in "0123456789" for letter in text):
        assert whole_number(text) is cost_micro(text) is funds_micro(text) is None


@given(st.text())
def test_only_words_of_the_table_move_an_order(word: str):
    known = {
        "pending", "processing", "inprogress", "completed", "complete", "partial", "canceled",
        "cancelled", "refunded", "refill", "refilling", "error", "fail", "failed",
    }  # fmt: skip
    plain = "".join(word.split()).replace("_", "").replace("-", "").casefold()
    assert (progress_of(word) is not Progress.UNKNOWN) == (plain in known)


# The sample bodies of the API, each as the answer to every call.


def usd(progress: Progress, word: str, *figures: int) -> OrderReport:
    return OrderReport(progress, word, *figures, "USD")


NOT_KNOWN = UnknownToProvider("Incorrect order ID")
SAMPLES = [
    ('{"order":"23501"}', {"add": "23501"}),
    ('{"order":23501}', {"add": "23501"}),
    ('{"error":"neworder.error.not_enough_funds"}', {}),
    ('"error"', {}),
    (
        """{"charge":"0.27819","start_count":"3572","status":"Partial","remains":"157",
            "currency":"USD"}""",
        {"status": {"1": usd(Progress.PARTIAL, "Partial", 157, 3572, 278_190)}},
    ),
    (
        """{"charge":1.2,"start_count":null,"status":"In progress","remains":"",
            "currency":"USD"}""",
        {"status": {"1": usd(Progress.RUNNING, "In progress", None, None, 1_200_000)}},
    ),
    (
        """{"1":{"charge":"1.00","start_count":"0","status":"Completed","remains":"0",
            "currency":"USD"},"2":{"error":"Incorrect order ID"}}""",
        {"status": {"1": usd(Progress.COMPLETED, "Completed", 0, 0, 1_000_000)}},
    ),
    ('{"status":"success","order":777}', {"add": "777"}),
    (
        '{"1":"Incorrect order ID"}',
        {
            "status": {"1": NOT_KNOWN},
            "cancel": {"1": Asked(accepted=False, text="Incorrect order ID")},
        },
    ),
    ('{"status":"error","message":"Invalid ..."}', {}),
    ('{"balance":"100.84292","currency":"USD"}', {"balance": Balance(100_842_920, "USD")}),
    (
        '[{"order":1,"cancel":{"error":"Incorrect order ID"}},{"order":2,"cancel":1}]',
        {"cancel": {"1": Asked(accepted=False, text="Incorrect order ID")}},
    ),
]


@pytest.mark.parametrize(("body", "meanings"), SAMPLES)
def test_a_sample_means_something_to_its_own_call_only(body, meanings):
    answer = judge(200, body, body)
    read = {
        "add": answer.provider_order_id if isinstance(answer, Accepted) else None,
        "status": read_statuses(body, ["1"], HIDE),
        "cancel": read_asked(body, ["1"], "cancel", HIDE),
        "balance": read_balance(body, HIDE),
        "services": read_services(body, HIDE),
    }
    assert {call: found for call, found in read.items() if found not in (None, {})} == meanings
