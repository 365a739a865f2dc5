"""What became of orders at a panel: statuses in batches and alone, over HTTP."""

import contextlib
import json
from collections.abc import Iterator

import pytest
from support.raw_server import answering, http

from ledger.reason_codes import ReasonCode
from orders.providers.base import BATCH_MAX, CallFailed, OrderReport, Progress, UnknownToProvider
from orders.providers.panel import PanelProvider
from orders.providers.status_words import progress_of

KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def panel(server) -> Iterator[PanelProvider]:
    with contextlib.closing(PanelProvider(server.url, KEY)) as provider:
        yield provider


def say(server, body: object, status: str = "200 OK") -> str:
    """Let the panel answer this to the next call."""
    text = body if isinstance(body, str) else json.dumps(body)
    # Announced: a client that finds out only while it sends the next request loses that one.
    server.behave = answering(http(text, status, "Connection: close"))
    return text


@pytest.fixture
def single(panel, server):
    """What the panel says of the order 5, alone."""

    def ask(body: object, status: str = "200 OK"):
        say(server, body, status)
        return panel.status("5")

    return ask


@pytest.fixture
def batch(panel, server):
    """What the panel says of the orders 1 and 2 together."""

    def ask(body: object, status: str = "200 OK"):
        say(server, body, status)
        return panel.statuses(["1", "2"])

    return ask


# Words.


WORDS = [
    ("Pending", Progress.ACCEPTED),
    ("Processing", Progress.ACCEPTED),
    ("In progress", Progress.RUNNING),
    ("inprogress", Progress.RUNNING),
    ("In_Progress", Progress.RUNNING),
    ("in-progress", Progress.RUNNING),
    (" IN  PROGRESS ", Progress.RUNNING),
    ("Completed", Progress.COMPLETED),
    ("complete", Progress.COMPLETED),
    ("Partial", Progress.PARTIAL),
    ("Canceled", Progress.CANCELED),
    ("Cancelled", Progress.CANCELED),
    ("Refunded", Progress.CANCELED),
    ("Active", Progress.UNKNOWN),
    ("Paused", Progress.UNKNOWN),
    ("Expired", Progress.UNKNOWN),
    ("Refill", Progress.COMPLETED),
    ("Refilling", Progress.COMPLETED),
    ("Error", Progress.FAILED),
    ("Fail", Progress.FAILED),
    ("FAILED", Progress.FAILED),
    ("Partially completed", Progress.UNKNOWN),
    ("Выполнен", Progress.UNKNOWN),
    ("3", Progress.UNKNOWN),
]


@pytest.mark.parametrize(("word", "progress"), WORDS)
def test_a_status_word_means_what_its_row_says(single, word, progress):
    report = single({"status": word, "charge": "1", "remains": "0", "currency": "USD"})
    assert report == OrderReport(progress, word.strip(), 0, None, 1_000_000, "USD")


@pytest.mark.parametrize(("word", "progress"), WORDS)
def test_a_status_word_in_a_batch_means_the_same(batch, word, progress):
    assert batch({"2": {"status": word, "remains": 0}})["2"].progress is progress


def test_a_word_is_kept_as_it_was_said_but_not_longer_than_64(single):
    report = single({"status": "Très " + "long" * 50, "charge": "0"})
    assert (report.progress, report.word) == (Progress.UNKNOWN, ("Très " + "long" * 50)[:64])


def test_an_empty_word_has_no_meaning():
    assert progress_of("") is Progress.UNKNOWN


@pytest.mark.parametrize("word", [None, "", " ", True, False, [], {}, 1.5])
def test_an_object_without_a_word_is_no_status(single, batch, word):
    found = single({"status": word, "remains": "5", "charge": "1"})
    assert isinstance(found, CallFailed)
    assert batch({"1": {"status": word, "remains": "5", "charge": "1"}}) == {}


# Figures.


@pytest.mark.parametrize(
    ("remains", "read"),
    [
        ("157", 157),
        (157, 157),
        (157.0, 157),
        ("157.0", 157),
        (" 157 ", 157),
        ("12,345", 12_345),
        ("12 345", 12_345),
        ("0", 0),
        ("-3", -3),
        (-3, -3),
        (10**15, 10**15),
        ("", None),
        (None, None),
        ("soon", None),
        ("1.5", None),
        (1.5, None),
        (True, None),
        ([5], None),
        ("1e3", None),
        ("١٥٧", None),
        ("1,23", None),
        ("0,157", None),
        ("9" * 30, None),
        ("9" * 3000, None),
    ],
)
def test_remains_is_a_whole_number_or_unknown(single, remains, read):
    assert single({"status": "Partial", "remains": remains, "charge": "1"}).remains == read


@pytest.mark.parametrize(
    ("charge", "micro"),
    [
        ("0.27819", 278_190),
        (0.27819, 278_190),
        (1.2, 1_200_000),
        ("1.00", 1_000_000),
        (2, 2_000_000),
        ("0.0000001", 1),
        (".5", 500_000),
        ("1,234.5", 1_234_500_000),
        ("1,234,567", 1_234_567_000_000),
        ("1 234", 1_234_000_000),
        ("1,234", None),
        ("0,27", None),
        ("-1", None),
        ("", None),
        (None, None),
        ("free", None),
        ("$1", None),
        (1e300, None),
    ],
)
def test_a_charge_is_in_millionths_and_never_a_guess(single, charge, micro):
    assert single({"status": "Completed", "charge": charge}).charge_micro == micro


def test_the_samples_of_a_single_status_are_read(single):
    said = {"charge": "0.27819", "start_count": "3572", "status": "Partial", "remains": "157"}
    assert single(said | {"currency": "USD"}) == OrderReport(
        Progress.PARTIAL, "Partial", 157, 3572, 278_190, "USD"
    )
    said = {"charge": 1.2, "start_count": None, "status": "In progress", "remains": ""}
    assert single(said | {"currency": "usd"}) == OrderReport(
        Progress.RUNNING, "In progress", None, None, 1_200_000, "USD"
    )


def test_a_subscription_has_no_figures(single):
    assert single({"status": "Active", "posts": "3", "orders": [11, 12]}) == OrderReport(
        Progress.UNKNOWN, "Active"
    )


# Batches.


def test_a_batch_is_one_call_with_all_ids(panel, server):
    say(server, {"1": {"status": "Pending"}})
    panel.statuses(["1", "2", "1", "a1b2"])
    assert server.form == {"key": KEY, "action": "status", "orders": "1,2,a1b2"}
    assert len(server.requests) == 1


def test_a_single_status_is_a_call_of_its_own_form(panel, server):
    say(server, {"status": "Pending"})
    panel.status("5")
    assert server.form == {"key": KEY, "action": "status", "order": "5"}


def test_a_batch_has_a_largest_size(panel, server):
    say(server, {})
    assert panel.statuses([str(number) for number in range(1, BATCH_MAX + 1)]) == {}
    for call in (panel.statuses, panel.cancel, panel.refill):
        with pytest.raises(ValueError, match="at most 100"):
            call([str(number) for number in range(1, BATCH_MAX + 2)])
    assert len(server.requests) == 1


def test_no_orders_need_no_call(panel, server):
    assert (panel.statuses([]), panel.cancel([]), panel.refill([])) == ({}, {}, {})
    assert server.connections == 0


@pytest.mark.parametrize("odd", ["", " ", "1,2", "1&order=2", "5 ", "x" * 65, "abc", "0"])
def test_an_id_that_no_panel_gave_is_not_sent(panel, server, odd):
    say(server, {"1": {"status": "Pending"}})
    assert panel.statuses(["1", odd]) == {
        "1": OrderReport(Progress.ACCEPTED, "Pending"),
        odd: UnknownToProvider(),
    }
    assert server.form["orders"] == "1"
    assert panel.status(odd) == UnknownToProvider()
    assert len(server.requests) == 1


DONE = OrderReport(Progress.COMPLETED, "Completed", 0, 0, 1_000_000, "USD")
SAID = {
    "charge": "1.00",
    "start_count": "0",
    "status": "Completed",
    "remains": "0",
    "currency": "USD",
}


def test_a_bad_id_in_a_batch_concerns_that_order_only(batch):
    found = batch({"1": SAID, "2": {"error": "Incorrect order ID"}})
    assert found == {"1": DONE, "2": UnknownToProvider("Incorrect order ID")}


@pytest.mark.parametrize(
    "said",
    [
        "Incorrect order ID",
        {"error": "Incorrect order ID"},
        {"error": {"message": "Incorrect order ID"}},
        {"status": "error", "message": "Incorrect order ID"},
        {"success": False, "message": "Incorrect order ID"},
    ],
)
def test_an_unknown_id_is_said_in_several_shapes(batch, said):
    assert batch({"1": said}) == {"1": UnknownToProvider("Incorrect order ID")}


def test_a_status_word_alone_is_a_status(batch):
    assert batch({"1": "Completed", "2": "failed"}) == {
        "1": OrderReport(Progress.COMPLETED, "Completed"),
        "2": UnknownToProvider("failed"),
    }


def test_what_the_answer_leaves_out_is_not_in_the_mapping(batch):
    assert batch({"1": SAID}) == {"1": DONE}
    assert batch({"1": SAID, "2": None}) == {"1": DONE}
    assert batch({"1": SAID, "2": ""}) == {"1": DONE}
    assert batch({"1": SAID, "99": SAID}) == {"1": DONE}
    assert batch([]) == {}
    assert batch({}) == {}


def test_an_object_that_names_another_order_is_dropped(batch, single):
    found = batch({"1": SAID | {"order": 1}, "2": SAID | {"order": "1"}})
    assert found == {"1": DONE}
    answer = single({"order": 6, "status": "Completed", "remains": 0})
    assert isinstance(answer, CallFailed)
    assert answer.reason_code is ReasonCode.ANSWER_CONTRADICTORY


@pytest.mark.parametrize("named", [5, "5", 5.0, "5.0", None, ""])
def test_an_object_that_names_the_order_asked_for_is_read(single, named):
    assert single(SAID | {"order": named}) == DONE


NO_SECOND = {"order": "2", "error": "Incorrect order ID"}


@pytest.mark.parametrize(
    "shape",
    [
        [SAID | {"order": 1}, NO_SECOND],
        {"status": "success", "data": [SAID | {"order": 1}, NO_SECOND]},
        {"data": {"1": SAID, "2": "Incorrect order ID"}},
        {"orders": {"1": SAID, "2": "Incorrect order ID"}},
        {"1.0": SAID, "2.0": "Incorrect order ID"},
        ["noise", SAID | {"order": 99}, SAID | {"order": 1}, SAID | {"order": 1}, NO_SECOND],
    ],
    ids=["list", "data list", "data object", "orders", "numbers with a point", "noise"],
)
def test_a_batch_comes_in_several_shapes(batch, shape):
    assert batch(shape) == {"1": DONE, "2": UnknownToProvider("Incorrect order ID")}


def test_two_answers_for_an_order_that_differ_are_both_dropped(batch):
    assert batch([SAID | {"order": 1}, SAID | {"order": 1, "status": "Canceled"}]) == {}


def test_the_bare_answer_for_one_order_is_read_in_a_batch_of_one_only(panel, server, batch):
    say(server, SAID)
    assert panel.statuses(["1"]) == {"1": DONE}
    assert isinstance(batch(SAID), CallFailed)
    assert batch(SAID | {"order": 2}) == {"2": DONE}


def test_final_and_refunding_words_are_reported_as_they_are(batch):
    found = batch({"1": {"status": "Canceled"}, "2": {"status": "Partial", "remains": "-3"}})
    assert found == {
        "1": OrderReport(Progress.CANCELED, "Canceled"),
        "2": OrderReport(Progress.PARTIAL, "Partial", -3),
    }


# Alone.


@pytest.mark.parametrize("status", ["200 OK", "400 Bad Request", "404 Not Found"])
@pytest.mark.parametrize("text", ["Incorrect order ID", "Order not found", "invalid_order_id"])
def test_an_order_that_the_panel_does_not_know_is_no_failed_call(single, text, status):
    assert single({"error": text}, status) == UnknownToProvider(text)


def test_a_message_beside_the_state_of_an_order_is_no_error(single):
    body = {"status": "Canceled", "charge": "0", "message": "Order not found on our side"}
    assert single(body) == OrderReport(Progress.CANCELED, "Canceled", None, None, 0)


def test_a_success_of_the_call_is_no_state_of_the_order(single, batch):
    text = '{"status": "success", "remains": "5"}'
    assert single(text) == CallFailed(ReasonCode.ANSWER_UNREADABLE, text, 200)
    assert batch({"1": {"status": "success", "remains": "5"}}) == {}


def test_an_unknown_order_is_said_as_text_too(single):
    assert single({"5": "Incorrect order ID"}) == UnknownToProvider("Incorrect order ID")


@pytest.mark.parametrize("body", [{"status": "Canceled"}, {"5": {"status": "Canceled"}}])
def test_a_word_without_figures_is_enough(single, body):
    assert single(body) == OrderReport(Progress.CANCELED, "Canceled")


# Failed calls.


@pytest.mark.parametrize("status", ["200 OK", "400 Bad Request"])
def test_an_error_at_the_top_concerns_the_whole_batch(batch, status):
    answer = batch({"error": "Incorrect order ID", "1": SAID}, status)
    assert isinstance(answer, CallFailed)
    assert (answer.reason_code, answer.settings_wrong) == (ReasonCode.REFUSED, False)


SETTINGS_WRONG = [
    ({"error": "Invalid API key"}, "200 OK", ReasonCode.PROVIDER_SETTINGS_WRONG),
    ({"error": "API disabled"}, "403 Forbidden", ReasonCode.PROVIDER_SETTINGS_WRONG),
    (
        {"status": "error", "message": "This action is Invalid"},
        "200 OK",
        ReasonCode.PROVIDER_SETTINGS_WRONG,
    ),
    ("", "401 Unauthorized", ReasonCode.PROVIDER_SETTINGS_WRONG),
    ("", "302 Found", ReasonCode.PROVIDER_ADDRESS_MOVED),
]
FAILED_OTHERWISE = [
    ("", "503 Busy", ReasonCode.PROVIDER_FAULT),
    (SAID, "500 Oops", ReasonCode.PROVIDER_FAULT),
    ({"error": "Server error"}, "200 OK", ReasonCode.ANSWER_UNKNOWN),
    ({"error": "Too many requests"}, "200 OK", ReasonCode.PROVIDER_RATE_LIMIT),
    ("<html>Just a moment</html>", "200 OK", ReasonCode.ANSWER_UNREADABLE),
    ("<html>no</html>", "403 Forbidden", ReasonCode.ANSWER_UNREADABLE),
    ("", "200 OK", ReasonCode.ANSWER_UNREADABLE),
    ('{"1":{"status":"Comp', "200 OK", ReasonCode.ANSWER_UNREADABLE),
    ('{"5":{"status":"Partial","status":"Canceled"}}', "200 OK", ReasonCode.ANSWER_UNREADABLE),
    ('"error"', "200 OK", ReasonCode.ANSWER_UNREADABLE),
    ("[5]", "200 OK", ReasonCode.ANSWER_UNREADABLE),
    (SAID, "206 Partial Content", ReasonCode.ANSWER_UNREADABLE),
]


@pytest.mark.parametrize(("body", "status", "reason_code"), [*SETTINGS_WRONG, *FAILED_OTHERWISE])
@pytest.mark.parametrize("call", ["single", "batch"])
def test_a_call_without_a_usable_answer_says_why(request, call, body, status, reason_code):
    text = body if isinstance(body, str) else json.dumps(body)
    assert request.getfixturevalue(call)(body, status) == CallFailed(
        reason_code,
        text,
        int(status[:3]),
        settings_wrong=(body, status, reason_code) in SETTINGS_WRONG,
    )


def test_a_429_says_how_long_to_wait(panel, server):
    server.behave = answering(
        http("", "429 Too Many Requests", "Retry-After: 17", "Connection: close")
    )
    expected = CallFailed(ReasonCode.PROVIDER_RATE_LIMIT, "", 429, 17)
    assert panel.statuses(["1"]) == panel.status("1") == panel.balance() == expected
