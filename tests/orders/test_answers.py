"""What each answer of a provider means."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orders.providers import answers as a
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
    assert judged(200, body) == Unclear(a.UNREADABLE, body, answered=True)


@pytest.mark.parametrize(
    "error",
    [
        "Something we never saw",
        "Incorrect order ID",
        "Order not eligible for refill.",
        "neworder.error.something_new",
    ],
)
@pytest.mark.parametrize("shape", ["error", "message"])
def test_an_error_in_unknown_words_is_unclear(error: str, shape: str):
    said = {"error": error} if shape == "error" else {"status": "error", "message": error}
    body = json.dumps(said)
    assert judged(200, body) == Unclear(a.UNKNOWN_WORDS, body, answered=True)


@pytest.mark.parametrize("error", ["true", "17", '{"code":5}', '["no"]'])
def test_an_error_that_is_no_text_is_unclear(error: str):
    body = f'{{"error":{error}}}'
    assert judged(200, body) == Unclear(a.UNKNOWN_WORDS, body, answered=True)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        ("error.incorrect_service_id", "The provider no longer offers these views."),
        ("Service ID does not exists", "The provider no longer offers these views."),
        ("neworder.error.min_quantity", "The provider does not take this number of views."),
        ("neworder.error.max_quantity", "The provider does not take this number of views."),
        (
            "Quantity must to be greater than or equal to the minimum amount 100",
            "The provider does not take this number of views.",
        ),
        ("neworder.error.link", "The provider did not accept the link to the video."),
        ("Invalid Link", "The provider did not accept the link to the video."),
        ("Bad Link", "The provider did not accept the link to the video."),
        (
            "neworder.error.link_duplicate",
            "An earlier order for this video is still running. Try again when it is done.",
        ),
        (
            "You have active order with this link. Please wait until order being completed.",
            "An earlier order for this video is still running. Try again when it is done.",
        ),
        (
            "you have already an active order for this link...",
            "An earlier order for this video is still running. Try again when it is done.",
        ),
        (
            "you can not order more than 5000 per link",
            "This video has had as many views as the provider gives to one video.",
        ),
    ],
)
@pytest.mark.parametrize("status", [200, 400])
def test_a_refusal_in_known_words_is_a_rejection_that_says_why(
    error: str, reason: str, status: int
):
    body = json.dumps({"error": error})
    assert judged(status, body) == Rejected(reason, body)


@pytest.mark.parametrize(
    "error",
    ["neworder.error.not_enough_funds", "Not enough funds on balance", "Insufficient balance"],
)
@pytest.mark.parametrize("status", [200, 400, 402])
def test_an_empty_balance_at_the_provider_lets_the_order_wait(error: str, status: int):
    assert judged(status, json.dumps({"error": error})) == NotSent(a.NO_FUNDS, needs_admin=True)


@pytest.mark.parametrize(
    "error",
    ["API disabled or user not found", "This action is Invalid", "Missing required parameters"],
)
@pytest.mark.parametrize("status", [200, 401])
def test_wrong_settings_let_the_order_wait(error: str, status: int):
    assert judged(status, json.dumps({"error": error})) == NotSent(a.NOT_SET_UP, needs_admin=True)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410, 422, 499])
@pytest.mark.parametrize("body", ["", "<html>no</html>", '{"error":"never heard"}', '"error"'])
def test_a_4xx_is_a_rejection(status: int, body: str):
    assert judged(status, body) == Rejected(a.REFUSED, body)


@pytest.mark.parametrize("body", ["", '{"error":"slow down"}', "<html>"])
def test_a_429_lets_the_order_wait_as_long_as_it_asks(body: str):
    assert judged(429, body, 17) == NotSent(a.TOO_MANY, 17)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 520, 599])
@pytest.mark.parametrize("body", ["", '{"error":"neworder.error.link"}', '{"order":5}'])
def test_a_5xx_is_unclear_whatever_it_says(status: int, body: str):
    expected = Unclear(f"The provider had a fault (HTTP {status}).", body, answered=True)
    assert judged(status, body) == expected


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_unclear(status: int):
    reason = f"The provider's address has moved (HTTP {status}). Please check the settings."
    assert judged(status, "") == Unclear(reason, "", answered=True)


@pytest.mark.parametrize("status", [201, 202, 204, 206])
def test_another_kind_of_success_is_unclear(status: int):
    body = '{"order":5}'
    assert judged(status, body) == Unclear(a.UNREADABLE, body, answered=True)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, '{"order":5,"error":"neworder.error.link"}'),
        (200, '{"order":5,"status":"error","message":"no"}'),
        (400, '{"order":5}'),
        (429, '{"order":5}'),
    ],
)
def test_an_answer_that_says_both_yes_and_no_is_unclear(status: int, body: str):
    assert judged(status, body) == Unclear(a.YES_AND_NO, body, answered=True)


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
        assert str(said["order"]).strip() == answer.provider_order_id
        assert not said.get("error")


@settings(deadline=None)
@given(status=st.integers(500, 999) | st.integers(100, 399), body=JSON.map(json.dumps))
def test_an_order_waits_or_is_refunded_only_on_a_refusal_in_words_or_a_4xx(status: int, body: str):
    answer = judged(status, body)
    if isinstance(answer, NotSent | Rejected):
        assert status == 200
        assert a._error(json.loads(body)) is not None
