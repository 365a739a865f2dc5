"""`add` at a panel: what is sent, and what each answer of the two script families means."""

import contextlib
import json
from collections.abc import Iterator
from urllib.parse import parse_qsl

import pytest
from msgspec.structs import replace
from support.raw_server import answering, http

from ledger.reason_codes import ReasonCode
from orders.providers.answers import Accepted, NotSent, Rejected, Unclear
from orders.providers.base import OutgoingOrder
from orders.providers.panel import PanelProvider
from orders.providers.redaction import Redaction

KEY = "0123456789abcdef0123456789abcdef"
LINK = "https://youtu.be/AbCdEfGhI_k"
ORDER = OutgoingOrder("ab12ab12ab12", LINK, 1000, service_id="7")


@pytest.fixture
def panel(server) -> Iterator[PanelProvider]:
    with contextlib.closing(PanelProvider(server.url, KEY)) as provider:
        yield provider


@pytest.fixture
def order_answered(panel, server):
    """What an order becomes by an answer; it must not be sent twice for it."""

    def send(body: str, status: str = "200 OK"):
        server.behave = answering(http(body, status))
        answer = panel.send(ORDER)
        assert (server.connections, len(server.requests)) == (1, 1)
        return answer

    return send


# What is sent.


def test_the_order_is_a_form_in_the_body_and_the_address_has_no_key(panel, server):
    panel.send(ORDER)
    assert server.requests[0].startswith("POST /order HTTP/1.1\r\n")
    assert "\r\nContent-Type: application/x-www-form-urlencoded\r\n" in server.requests[0]
    assert KEY not in server.requests[0]
    assert parse_qsl(server.bodies[0]) == [
        ("key", KEY),
        ("action", "add"),
        ("service", "7"),
        ("link", LINK),
        ("quantity", "1000"),
    ]


def test_comments_replace_the_quantity(panel, server):
    panel.send(replace(ORDER, comments="Nice & good!\nÜber 100 %, +1"))
    assert server.form == {
        "key": KEY,
        "action": "add",
        "service": "7",
        "link": LINK,
        "comments": "Nice & good!\nÜber 100 %, +1",
    }


def test_a_link_can_not_add_fields(panel, server):
    panel.send(replace(ORDER, video_link="https://x.org/?a=1&quantity=9&key=x#é"))
    assert server.form["link"] == "https://x.org/?a=1&quantity=9&key=x#é"
    assert (server.form["quantity"], server.form["key"]) == ("1000", KEY)


@pytest.mark.parametrize(("of_order", "sent"), [("", "55"), ("7", "7")])
def test_the_service_of_the_order_goes_before_the_one_of_the_settings(server, of_order, sent):
    PanelProvider(server.url, KEY, service_id="55").send(replace(ORDER, service_id=of_order))
    assert server.form["service"] == sent


def test_without_any_service_nothing_is_sent_and_an_admin_is_needed(panel, server):
    answer = panel.send(replace(ORDER, service_id=""))
    assert answer == NotSent(ReasonCode.PROVIDER_SETTINGS_WRONG, needs_admin=True)
    assert server.connections == 0


@pytest.mark.parametrize("query", ["key=1", "x=2&action=add"])
def test_an_address_with_a_key_or_an_action_in_it_is_refused(query):
    with pytest.raises(ValueError, match=r"must not have (key|action) in it already"):
        PanelProvider(f"https://panel.example/api/v2?{query}", KEY)


@pytest.mark.parametrize("key", ["", " ", "two words", "line\nend", "tab\t"])
def test_a_key_that_is_not_one_word_is_refused_without_repeating_it(key):
    with pytest.raises(ValueError, match="the order key can't be used") as refused:
        PanelProvider("https://panel.example/api/v2", key)
    assert str(refused.value) == "the order key can't be used: it must be one word"


# What the answers mean.


@pytest.mark.parametrize(
    ("body", "provider_order_id"),
    [
        ('{"order":"23501"}', "23501"),
        ('{"order":23501}', "23501"),
        ('{"order":23501.0}', "23501"),
        ('{"order":"23501.0"}', "23501"),
        ('{"status":"success","order":777}', "777"),
        ('{"status":"success","order":"777"}', "777"),
        ('{"order":23501,"error":null}', "23501"),
        ('\ufeff{"order":23501}', "23501"),
    ],
)
def test_an_order_id_in_any_form_is_an_acceptance(panel, server, body, provider_order_id):
    server.behave = answering(http(body, "200 OK", "Content-Type: text/html"))
    assert panel.send(ORDER) == Accepted(provider_order_id, body.removeprefix("\ufeff"))


@pytest.mark.parametrize(
    "body",
    [
        '"error"',
        "",
        "<!DOCTYPE html><html><title>Just a moment...</title></html>",
        '{"order":23501',
        '{"error":"neworder.error.li',
        '{"order":23501,"order":23502}',
        '{"error":"Bad Link","error":"Bad Link"}',
        '{"status":"success"}',
        '{"status":"success","order":null}',
        '{"1":"Incorrect order ID"}',
        "<br />\n<b>Warning</b>: Undefined index\n{}",
    ],
)
def test_an_answer_without_a_meaning_is_unclear(order_answered, body):
    expected = Unclear(ReasonCode.ANSWER_UNREADABLE, body, 200, answered=True)
    assert order_answered(body) == expected


def test_an_order_id_beside_an_error_is_unclear(order_answered):
    body = '{"order":23501,"error":"Bad Link"}'
    expected = Unclear(ReasonCode.ANSWER_CONTRADICTORY, body, 200, answered=True)
    assert order_answered(body) == expected


SETTINGS, FUNDS = ReasonCode.PROVIDER_SETTINGS_WRONG, ReasonCode.PROVIDER_FUNDS_EMPTY
ERRORS = [
    ("API disabled", SETTINGS),
    ("User not found", SETTINGS),
    ("API is disabled for this user", SETTINGS),
    ("This action is Invalid", SETTINGS),
    ("Missing required parameters", SETTINGS),
    ("error.incorrect_service_id", ReasonCode.SERVICE_DISCONTINUED),
    ("Service ID does not exists", ReasonCode.SERVICE_DISCONTINUED),
    ("neworder.error.not_enough_funds", FUNDS),
    ("Not enough funds on balance", FUNDS),
    ("neworder.error.min_quantity", ReasonCode.QUANTITY_REFUSED),
    ("neworder.error.max_quantity", ReasonCode.QUANTITY_REFUSED),
    (
        "Quantity must to be greater than or equal to minimum amount 50",
        ReasonCode.QUANTITY_REFUSED,
    ),
    (
        "Quantity must to be less than or equal to maximum amount 5000",
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
    ("you have already an active order for this link", ReasonCode.EARLIER_ORDER_RUNNING),
    ("you can not order more than 5000 per link", ReasonCode.VIDEO_LIMIT_REACHED),
    ("Incorrect order ID", ReasonCode.REFUSED),
    ("Order not eligible for refill.", ReasonCode.REFUSED),
]
"""Each error of the API's table, and what follows."""


@pytest.mark.parametrize("status", ["200 OK", "400 Bad Request", "422 Unprocessable Content"])
@pytest.mark.parametrize(
    "shape",
    [
        lambda text: {"error": text},
        lambda text: {"status": "error", "message": text},
        lambda text: {"status": "error", "error": text},
    ],
    ids=["error", "message", "both"],
)
@pytest.mark.parametrize(("text", "reason_code"), ERRORS)
def test_an_error_has_the_outcome_of_its_row(order_answered, text, reason_code, shape, status):
    body = json.dumps(shape(text))
    code = int(status[:3])
    waits = NotSent(reason_code, needs_admin=True, answer=body, http_status=code)
    expected = waits if reason_code in {SETTINGS, FUNDS} else Rejected(reason_code, body, code)
    assert order_answered(body, status) == expected


# What we sent must not speak for the panel.


def test_echoed_comments_do_not_stop_the_whole_shop(panel, server):
    comments = "Great!\nnot enough funds\nInvalid API key"
    body = json.dumps({"error": f"These comments are not allowed: {comments}"})
    server.behave = answering(http(body))
    expected = Rejected(ReasonCode.REFUSED, body, 200)
    assert panel.send(replace(ORDER, comments=comments)) == expected


def test_short_comments_do_not_take_the_letters_out_of_the_words_of_the_panel(panel, server):
    body = '{"error":"Bad Link: a"}'
    server.behave = answering(http(body))
    expected = Rejected(ReasonCode.LINK_REFUSED, body, 200)
    assert panel.send(replace(ORDER, comments="a\ni\nba")) == expected


def test_comments_do_not_remove_a_doubt_of_the_panel(panel, server):
    body = '{"error":"Request timed out"}'
    server.behave = answering(http(body))
    expected = Unclear(ReasonCode.ANSWER_UNKNOWN, body, 200, answered=True)
    assert panel.send(replace(ORDER, comments="timed out\nrequest timed out")) == expected


def test_an_echoed_key_does_not_speak_for_the_panel(server):
    key = "not-enough-funds"
    server.behave = answering(http('{"error":"Bad Link (not-enough-funds)"}'))
    expected = Rejected(ReasonCode.LINK_REFUSED, '{"error":"Bad Link (***)"}', 200)
    assert PanelProvider(server.url, key).send(ORDER) == expected


@pytest.mark.parametrize(
    "echo", ["a/b+c&d", "A/B+C&D", "a%2Fb%2Bc%26d", "a/b%2Bc%26d", r"a\/b+c&d", "a/b+c&amp;d"]
)
def test_a_secret_is_hidden_in_every_encoding(echo):
    assert Redaction(["a/b+c&d"]).hide(f"key={echo}.") == "key=***."


def test_without_secrets_nothing_is_hidden():
    assert Redaction([""]).kept("as it is") == "as it is"
