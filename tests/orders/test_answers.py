"""The meaning of each answer of a provider."""

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.reason_codes import ReasonCode
from orders.providers import answers as a
from orders.providers.answer_shapes import read_report
from orders.providers.answers import Accepted, NotSent, Rejected, Unclear, judge


def judged(status: int, text: str, retry_after_s: int = 0) -> a.Answer:
    return judge(status, text, text, retry_after_s)


@pytest.mark.parametrize(
    ("body", "provider_order_id"),
    [
        ('{"order": 23501}', "23501"),
        ('{"order":"23501"}', "23501"),
        ('{"order":" 23501 "}', "23501"),
        ('{"order":"a1b2-c3_d4"}', "a1b2-c3_d4"),
        ('{"status":"success","order":777}', "777"),
        ('{"order":5,"error":null}', "5"),
        ('{"order":5,"error":""}', "5"),
        (' {"order": 5}\n', "5"),
        ('{"order": 23501.0}', "23501"),
        ('{"order": 2.3501e4}', "23501"),
        ('{"order":"23501.0"}', "23501"),
        ('{"order":"23501.00"}', "23501"),
        ('{"order":9007199254740993.0}', "9007199254740993"),
        ('{"order":5,"status":"Pending"}', "5"),
        ('{"order":5,"success":true,"message":"Order placed"}', "5"),
        ('{"order":5,"error":false,"errors":[]}', "5"),
    ],
)
def test_an_order_number_without_an_error_is_an_acceptance(body: str, provider_order_id: str):
    assert judged(200, body) == Accepted(provider_order_id, body)


@pytest.mark.parametrize(
    "body",
    [
        "",
        " ",
        "<html>Maintenance</html>",
        '"error"',
        "[]",
        "null",
        "OK",
        "23501",
        '[{"order":1}]',
        "{}",
        '{"order":null}',
        '{"order":0}',
        '{"order":"0"}',
        '{"order":-5}',
        '{"order":"-5"}',
        '{"order":true}',
        '{"order":1.5}',
        '{"order":1e-7}',
        '{"order":1e400}',
        '{"order":1e70}',
        '{"order":NaN}',
        '{"order":false}',
        '{"order":"1.5"}',
        '{"order":' + "9" * 65 + "}",
        '{"order":' + "9" * 5000 + "}",
        '{"order":"' + "a1" * 33 + '"}',
        '{"order": 1, "order": 2}',
        '{"order":1,"order":1}',
        '{"order":1,"charge":{"a":1,"a":2}}',
        '{"error":"Bad link","error":"timeout"}',
        '{"error":"Bad li',
        '{"error":"Bad \\ud83d link"}',
        '{"data":{"order":5}}',
        '{"order_id":5}',
        '{"message":"Bad link"}',
        '{"status":"pending"}',
        '"Invalid link"',
        "Invalid link",
        '{"order":[5]}',
        '{"order":""}',
        '{"order":"pending"}',
        '{"order":{"id":5}}',
        '{"order":23501',
        '{"status":"success"}',
        '{"error":""}',
        "[" * 5000,
    ],
)
def test_an_answer_without_a_usable_order_number_is_unclear(body: str):
    assert judged(200, body) == Unclear(ReasonCode.ANSWER_UNREADABLE, body, 200, answered=True)


SHAPES = {
    "error": lambda words: {"error": words},
    "message": lambda words: {"status": "error", "message": words},
    "both": lambda words: {"status": "error", "error": words, "message": "Something else"},
}
"""The ways in which providers report an error."""
in_every_shape = pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())


@pytest.mark.parametrize(
    "error",
    [
        "Something we never saw",
        "Incorrect order ID",
        "Order not eligible for refill.",
        "neworder.error.something_new",
        "error",
    ],
)
@pytest.mark.parametrize("status", [200, 400, 422])
@in_every_shape
def test_an_error_in_unknown_words_is_a_refusal(error: str, status: int, shape):
    body = json.dumps(shape(error))
    assert judged(status, body) == Rejected(ReasonCode.REFUSED, body, status)


@pytest.mark.parametrize("error", ["true", "17", '{"code":5}', '["no"]', '"no."'])
def test_an_error_that_is_no_text_is_a_refusal_too(error: str):
    body = f'{{"error":{error}}}'
    assert judged(200, body) == Rejected(ReasonCode.REFUSED, body, 200)


@pytest.mark.parametrize("message", ["", ',"message":""', ',"message":null', ',"message":0'])
@pytest.mark.parametrize("status", ['"status":"error"', '"status":"Fail"', '"success":false'])
def test_an_error_without_a_message_is_an_error_too(status: str, message: str):
    body = f"{{{status}{message}}}"
    assert judged(200, body) == Rejected(ReasonCode.REFUSED, body, 200)
    assert judged(400, body) == Rejected(ReasonCode.REFUSED, body, 400)


@pytest.mark.parametrize("status", ["", '"status":"success",', '"status":"Pending",'])
def test_a_message_is_no_error_unless_the_status_says_so(status: str):
    body = f'{{{status}"message":"Bad link"}}'
    assert judged(200, body) == Unclear(ReasonCode.ANSWER_UNREADABLE, body, 200, answered=True)


@pytest.mark.parametrize(
    ("error", "reason_code"),
    [
        ("error.incorrect_service_id", ReasonCode.SERVICE_DISCONTINUED),
        ("Service ID does not exists", ReasonCode.SERVICE_DISCONTINUED),
        ("neworder.error.min_quantity", ReasonCode.QUANTITY_REFUSED),
        ("neworder.error.max_quantity", ReasonCode.QUANTITY_REFUSED),
        (
            "Quantity must to be greater than or equal to the minimum amount 100",
            ReasonCode.QUANTITY_REFUSED,
        ),
        ("neworder.error.link", ReasonCode.LINK_REFUSED),
        ("Invalid Link", ReasonCode.LINK_REFUSED),
        ("Bad Link", ReasonCode.LINK_REFUSED),
        ("neworder.error.link_duplicate", ReasonCode.EARLIER_ORDER_RUNNING),
        (
            "You have active order with this link. Please wait until order being completed.",
            ReasonCode.EARLIER_ORDER_RUNNING,
        ),
        (
            "you have already an active order for this link...",
            ReasonCode.EARLIER_ORDER_RUNNING,
        ),
        ("you can not order more than 5000 per link", ReasonCode.VIDEO_LIMIT_REACHED),
    ],
)
@pytest.mark.parametrize("status", [200, 400])
@in_every_shape
def test_a_refusal_in_known_words_is_a_rejection_that_says_why(
    error: str, reason_code: ReasonCode, status: int, shape
):
    body = json.dumps(shape(error))
    assert judged(status, body) == Rejected(reason_code, body, status)


def waiting(reason_code: ReasonCode, status: int, body: str) -> NotSent:
    return NotSent(reason_code, needs_admin=True, answer=body, http_status=status)


@pytest.mark.parametrize(
    "error",
    [
        "neworder.error.not_enough_funds",
        "Not enough funds on balance",
        "Not enough balance",
        "Insufficient funds",
        "Insufficient balance",
    ],
)
@pytest.mark.parametrize("status", [200, 400, 402])
@in_every_shape
def test_an_empty_balance_at_the_provider_lets_the_order_wait(error: str, status: int, shape):
    body = json.dumps(shape(error))
    assert judged(status, body) == waiting(ReasonCode.PROVIDER_FUNDS_EMPTY, status, body)


@pytest.mark.parametrize(
    "error",
    [
        "API disabled",
        "User not found",
        "Invalid API key",
        "Incorrect API key",
        "This action is Invalid",
        "Missing required parameters",
    ],
)
@pytest.mark.parametrize("status", [200, 401])
@in_every_shape
def test_wrong_settings_let_the_order_wait(error: str, status: int, shape):
    body = json.dumps(shape(error))
    assert judged(status, body) == waiting(ReasonCode.PROVIDER_SETTINGS_WRONG, status, body)


@pytest.mark.parametrize("status", [400, 403, 404, 405, 410, 422, 499])
@pytest.mark.parametrize("body", ["", " ", "no", '{"error":"never heard"}', '"error"', '["no"]'])
def test_a_4xx_is_a_rejection(status: int, body: str):
    assert judged(status, body) == Rejected(ReasonCode.REFUSED, body, status)


@pytest.mark.parametrize(
    ("status", "reason_code"),
    [
        (401, ReasonCode.PROVIDER_SETTINGS_WRONG),
        (402, ReasonCode.PROVIDER_FUNDS_EMPTY),
        (407, ReasonCode.PROVIDER_SETTINGS_WRONG),
    ],
)
@pytest.mark.parametrize("body", ["", '{"error":"never heard"}', '"error"'])
def test_a_4xx_about_us_lets_the_order_wait(status: int, reason_code: ReasonCode, body: str):
    assert judged(status, body) == waiting(reason_code, status, body)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
@pytest.mark.parametrize(
    "body",
    ["<html>no</html>", "<!doctype html>", '{"error":"Bad li', "{}", "[]", "5", '{"a":1,"a":"no"}'],
)
def test_a_4xx_that_is_not_in_the_words_of_an_api_is_unclear(status: int, body: str):
    expected = Unclear(ReasonCode.ANSWER_UNREADABLE, body, status, answered=True)
    assert judged(status, body) == expected


@pytest.mark.parametrize("body", ["", '{"error":"no"}'])
def test_a_408_says_that_the_time_ran_out(body: str):
    expected = Unclear(ReasonCode.ANSWER_UNKNOWN, body, 408, answered=True)
    assert judged(408, body) == expected


@pytest.mark.parametrize("body", ["", '{"error":"slow down"}', "<html>", '{"error":"Bad link"}'])
def test_a_429_lets_the_order_wait_as_long_as_it_asks(body: str):
    expected = NotSent(ReasonCode.PROVIDER_RATE_LIMIT, 17, answer=body, http_status=429)
    assert judged(429, body, 17) == expected


def test_a_429_without_a_wait_asks_for_none():
    answer = judge(429, "", "")
    assert answer == NotSent(ReasonCode.PROVIDER_RATE_LIMIT, 0, http_status=429)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 520, 599])
@pytest.mark.parametrize("body", ["", '{"error":"neworder.error.link"}', '{"order":5}'])
def test_a_5xx_is_unclear_whatever_it_says(status: int, body: str):
    assert judged(status, body) == Unclear(ReasonCode.PROVIDER_FAULT, body, status, answered=True)


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308, 399])
def test_a_redirect_is_unclear(status: int):
    expected = Unclear(ReasonCode.PROVIDER_ADDRESS_MOVED, "", status, answered=True)
    assert judged(status, "") == expected


@pytest.mark.parametrize("status", [100, 199, 201, 202, 204, 206, 299])
def test_another_kind_of_success_is_unclear(status: int):
    body = '{"order":5}'
    assert judged(status, body) == Unclear(
        ReasonCode.ANSWER_UNREADABLE, body, status, answered=True
    )


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, '{"order":5,"error":"neworder.error.link"}'),
        (200, '{"order":5,"status":"error","message":"no"}'),
        (400, '{"order":5}'),
        (429, '{"order":5}'),
        (200, '{"error":"Bad link","order_id":5}'),
        (200, '{"error":"Bad link","data":{"orders":[5]}}'),
        (200, '{"error":"Bad link","id":"5"}'),
        (200, '{"error":"Bad link","order":true}'),
        (200, '{"error":"Bad link","order":{"id":5}}'),
        (200, '{"success":false,"order":5}'),
        (200, '{"status":"Canceled","order":5}'),
    ],
)
def test_an_answer_that_says_both_yes_and_no_is_unclear(status: int, body: str):
    expected = Unclear(ReasonCode.ANSWER_CONTRADICTORY, body, status, answered=True)
    assert judged(status, body) == expected


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["order", "error", "status", "message", "x"]), inner, max_size=4
        )
    ),
    max_leaves=6,
)


@settings(deadline=None)
@given(status=st.integers(100, 999), body=JSON.map(json.dumps) | st.text())
def test_only_a_200_with_an_order_number_and_no_error_is_an_acceptance(status: int, body: str):
    answer = judged(status, body)
    if isinstance(answer, Accepted):
        said = json.loads(body)
        assert status == 200
        assert Decimal(str(said["order"])) == Decimal(answer.provider_order_id)
        assert not said.get("error")


@settings(deadline=None)
@given(status=st.integers(500, 999) | st.integers(100, 399), body=JSON.map(json.dumps))
def test_an_order_waits_or_is_refunded_only_on_a_refusal_in_words_or_a_4xx(status: int, body: str):
    answer = judged(status, body)
    if isinstance(answer, NotSent | Rejected):
        assert status == 200
        assert read_report(body, refused=False).is_error
