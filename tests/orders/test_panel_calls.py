"""Services, balance, cancel and refill at a panel, and the connections of all its calls."""

import contextlib
import json
import logging
import socket
import threading
from collections.abc import Iterator

import pytest
from support.raw_server import (
    RawServer,
    answering,
    answering_again_and_again,
    dripping,
    holding,
    http,
    new_certificate,
    reset,
)

from ledger.reason_codes import ReasonCode
from orders.providers.base import (
    Asked,
    Balance,
    CallFailed,
    OrderReport,
    Progress,
    Service,
    ServiceList,
    UnknownToProvider,
)
from orders.providers.exchange import Limits
from orders.providers.panel import CALL_LIMITS, SERVICES_LIMITS, PanelProvider

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


# Services.

ROW = {
    "service": 1,
    "name": "YouTube views",
    "type": "Default",
    "category": "YouTube",
    "rate": "0.90",
    "min": "50",
    "max": "10000",
    "refill": True,
    "cancel": True,
}
VIEWS = Service("1", "YouTube views", "Default", "YouTube", 900_000, 50, 10_000, True, True, False)


def services(panel, server, body: object):
    say(server, body)
    return panel.services()


def test_services_are_asked_for_with_the_key_only(panel, server):
    assert services(panel, server, [ROW]) == ServiceList((VIEWS,), 0)
    assert server.form == {"key": KEY, "action": "services"}


@pytest.mark.parametrize(
    "shape",
    [
        [ROW],
        {"status": "success", "data": [ROW]},
        {"services": [ROW]},
        {"0": ROW},
        {"data": {"3": ROW}},
        [ROW, ROW],
    ],
)
def test_services_come_in_several_shapes(panel, server, shape):
    assert services(panel, server, shape) == ServiceList((VIEWS,), 0)


@pytest.mark.parametrize("empty", [[], {"status": "success", "data": "Empty Data"}, {"data": []}])
def test_a_panel_may_have_no_services(panel, server, empty):
    assert services(panel, server, empty) == ServiceList()


@pytest.mark.parametrize(
    "change",
    [
        {"service": None},
        {"service": 0},
        {"service": "a b"},
        {"name": ""},
        {"name": None},
        {"name": ["x"]},
        {"rate": ""},
        {"rate": None},
        {"rate": "-1"},
        {"rate": "1,234"},
        {"rate": True},
        {"min": None},
        {"max": ""},
        {"max": "49"},
        {"min": 1.5},
    ],
)
def test_a_service_that_can_not_be_read_is_left_out_and_counted(panel, server, change):
    other = ROW | {"service": 2} | change
    assert services(panel, server, [other, ROW]) == ServiceList((VIEWS,), 1)


def test_a_list_in_which_nothing_can_be_read_is_a_failed_call(panel, server):
    text = json.dumps([{"id": 1}, "x", 5])
    expected = CallFailed(ReasonCode.ANSWER_UNREADABLE, text, 200)
    assert services(panel, server, text) == expected


def test_a_service_that_is_there_twice_and_differs_is_left_out(panel, server):
    rows = [ROW, ROW | {"service": 2}, ROW | {"service": "2", "rate": "5"}]
    assert services(panel, server, rows) == ServiceList((VIEWS,), 1)


@pytest.mark.parametrize("value", [True, 1, "1", "true", "True", "yes"])
def test_yes_is_said_in_several_ways(panel, server, value):
    (service,) = services(panel, server, [ROW | {"refill": value, "dripfeed": value}]).services
    assert (service.refill, service.dripfeed) == (True, True)


@pytest.mark.parametrize("value", [False, 0, "0", "false", "", None, "no", 2, [], {"a": 1}])
def test_everything_else_is_no(panel, server, value):
    (service,) = services(panel, server, [ROW | {"refill": value, "cancel": value}]).services
    assert (service.refill, service.cancel) == (False, False)


def test_what_may_be_missing_is_empty_and_rates_are_rounded_up(panel, server):
    row = {"service": "12", "name": 7, "rate": 0.0000012, "min": 0, "max": "1 000 000"}
    (service,) = services(panel, server, [row]).services
    assert service == Service("12", "7", "", "", 2, 1, 1_000_000)


def test_the_type_is_kept_as_the_panel_said_it(panel, server):
    (service,) = services(panel, server, [ROW | {"type": "Custom Comments"}]).services
    assert service.kind == "Custom Comments"


def test_a_list_of_several_megabytes_is_read(panel, server):
    rows = [ROW | {"service": number, "desc": "é" * 300} for number in range(1, 2001)]
    found = services(panel, server, rows)
    assert (len(found.services), found.unreadable) == (2000, 0)
    assert len(json.dumps(rows)) > CALL_LIMITS.bytes_max


def test_a_list_longer_than_its_limit_is_not_read(server):
    limits = Limits(bytes_max=1000)
    panel = PanelProvider(server.url, KEY, services_limits=limits)
    say(server, [ROW] * 50)
    answer = panel.services()
    assert isinstance(answer, CallFailed)
    assert answer.reason_code is ReasonCode.ANSWER_UNREADABLE
    panel.close()


def test_there_is_room_for_several_megabytes_of_services():
    assert SERVICES_LIMITS.bytes_max >= 4_000_000


# Balance.


@pytest.mark.parametrize(
    ("body", "balance"),
    [
        ({"balance": "100.84292", "currency": "USD"}, Balance(100_842_920, "USD")),
        ({"status": "success", "balance": "0", "currency": "usd"}, Balance(0, "USD")),
        ({"balance": 5, "currency": None}, Balance(5_000_000, "")),
        ({"balance": "-1.5", "currency": "INR"}, Balance(-1_500_000, "INR")),
        ({"balance": "1,234.5678919"}, Balance(1_234_567_891, "")),
    ],
)
def test_a_balance_is_in_millionths_rounded_down(panel, server, body, balance):
    say(server, body)
    assert panel.balance() == balance
    assert server.form == {"key": KEY, "action": "balance"}


@pytest.mark.parametrize(
    "body", [{"balance": ""}, {"balance": None}, {"balance": "much"}, {}, [], {"balance": "1,234"}]
)
def test_a_balance_that_can_not_be_read_is_a_failed_call(panel, server, body):
    text = say(server, body)
    assert panel.balance() == CallFailed(ReasonCode.ANSWER_UNREADABLE, text, 200)


def test_an_error_beside_a_balance_is_an_error(panel, server):
    text = say(server, {"error": "User not found", "balance": "0"})
    assert panel.balance() == CallFailed(
        ReasonCode.PROVIDER_SETTINGS_WRONG, text, 200, settings_wrong=True
    )


def test_an_order_in_place_of_a_balance_is_contradictory(panel, server):
    text = say(server, {"order": 5})
    assert panel.balance() == CallFailed(ReasonCode.ANSWER_CONTRADICTORY, text, 200)


# Cancel and refill.

NOT_KNOWN = Asked(accepted=False, text="Incorrect order ID")


@pytest.mark.parametrize(
    "body",
    [
        [{"order": 1, "cancel": {"error": "Incorrect order ID"}}, {"order": 2, "cancel": 1}],
        [{"order": "1", "error": "Incorrect order ID"}, {"order": "2", "cancel": "1"}],
        {"1": {"error": "Incorrect order ID"}, "2": {"cancel": True}},
        {"1": "Incorrect order ID", "2": 1},
        {"status": "success", "data": [
            {"order": 1, "status": "error", "message": "Incorrect order ID"},
            {"order": 2, "status": "success"},
        ]},
    ],
)  # fmt: skip
def test_each_order_has_its_own_answer_to_a_cancel(panel, server, body):
    say(server, body)
    assert panel.cancel(["1", "2"]) == {"1": NOT_KNOWN, "2": Asked(accepted=True)}
    assert server.form == {"key": KEY, "action": "cancel", "orders": "1,2"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"cancel": 1}, Asked(accepted=True)),
        ({"cancel": 0}, Asked(accepted=False)),
        ({"cancel": False}, Asked(accepted=False)),
        ({"success": True}, Asked(accepted=True)),
        ({"status": "success"}, Asked(accepted=True)),
        ({"1": "ok"}, Asked(accepted=True)),
        ([{"order": 1, "cancel": "Too late"}], Asked(accepted=False, text="Too late")),
        ({"error": "Incorrect order ID"}, NOT_KNOWN),
    ],
)
def test_the_answer_to_the_cancel_of_one_order_has_several_shapes(panel, server, body, expected):
    say(server, body)
    assert panel.cancel(["1"]) == {"1": expected}


def test_an_answer_about_another_order_is_not_ours(panel, server):
    say(server, [{"order": 9, "cancel": 1}, {"order": 1, "cancel": None}])
    assert panel.cancel(["1", "2"]) == {}
    say(server, {"order": 9, "cancel": 1})
    assert panel.cancel(["1"]) == {}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"refill": "1"}, Asked(accepted=True, provider_ref="1")),
        ({"refill": 77}, Asked(accepted=True, provider_ref="77")),
        ({"success": True, "refill": 77}, Asked(accepted=True, provider_ref="77")),
        ([{"order": 1, "refill": 77}], Asked(accepted=True, provider_ref="77")),
        ({"refill": True}, Asked(accepted=True)),
        (
            {"error": "Order not eligible for refill."},
            Asked(accepted=False, text="Order not eligible for refill."),
        ),
        ({"refill": {"error": "Too early"}}, Asked(accepted=False, text="Too early")),
    ],
)
def test_the_refill_of_one_order_has_a_form_of_its_own(panel, server, body, expected):
    say(server, body)
    assert panel.refill(["1"]) == {"1": expected}
    assert server.form == {"key": KEY, "action": "refill", "order": "1"}


def test_several_refills_are_one_call(panel, server):
    say(server, [{"order": 1, "refill": 1}, {"order": 2, "refill": {"error": "Too early"}}])
    assert panel.refill(["1", "2"]) == {
        "1": Asked(accepted=True, provider_ref="1"),
        "2": Asked(accepted=False, text="Too early"),
    }
    assert server.form == {"key": KEY, "action": "refill", "orders": "1,2"}


def test_an_error_about_us_is_no_answer_for_an_order(panel, server):
    text = say(server, {"error": "Invalid API key"})
    expected = CallFailed(ReasonCode.PROVIDER_SETTINGS_WRONG, text, 200, settings_wrong=True)
    assert panel.cancel(["1"]) == panel.refill(["1"]) == panel.refill(["1", "2"]) == expected


@pytest.mark.parametrize("call", ["cancel", "refill"])
def test_a_panel_that_knows_no_such_action_refuses_and_its_settings_are_not_wrong(
    panel, server, call
):
    say(server, {"error": "This action is Invalid"})
    no = Asked(accepted=False, text="This action is Invalid")
    assert getattr(panel, call)(["1"]) == {"1": no}
    assert getattr(panel, call)(["1", "2"]) == {"1": no, "2": no}


@pytest.mark.parametrize("status", ["500 Oops", "503 Busy"])
def test_a_fault_of_the_panel_is_no_answer_to_a_cancel(panel, server, status):
    text = say(server, {"error": "This action is Invalid"}, status)
    expected = CallFailed(ReasonCode.PROVIDER_FAULT, text, int(status[:3]))
    assert panel.cancel(["1"]) == expected


# Connections.


def test_calls_that_only_read_use_a_connection_again(panel, server):
    server.behave = answering_again_and_again(
        http({"balance": 1}), http([ROW]), http({"status": "Pending"}), http({"1": "Completed"})
    )
    assert panel.balance() == Balance(1_000_000)
    assert panel.services() == ServiceList((VIEWS,))
    assert panel.status("1") == OrderReport(Progress.ACCEPTED, "Pending")
    assert panel.statuses(["1"]) == {"1": OrderReport(Progress.COMPLETED, "Completed")}
    assert (server.connections, len(server.requests)) == (1, 4)


def test_a_kept_connection_that_was_closed_meanwhile_is_replaced(panel, server):
    closed = threading.Event()

    def once(connection, server):
        answering_again_and_again(http({"balance": 1}))(connection, server)
        connection.close()
        closed.set()

    server.behave = once
    assert panel.balance() == Balance(1_000_000)
    assert closed.wait(30)
    assert panel.balance() == Balance(1_000_000)
    assert (server.connections, len(server.requests)) == (2, 2)


@pytest.mark.parametrize("call", ["cancel", "refill"])
def test_a_cancel_or_a_refill_has_a_connection_of_its_own(panel, server, call):
    server.behave = answering_again_and_again(*[http([{"order": 1, call: 1}])] * 3)
    for _ in range(2):
        assert getattr(panel, call)(["1"])["1"].accepted
    assert (server.connections, len(server.requests)) == (2, 2)


def test_a_panel_can_not_set_cookies(panel, server):
    answer = http({"balance": 1}, "200 OK", "Set-Cookie: a=b; Path=/")
    server.behave = answering_again_and_again(answer, answer)
    panel.balance()
    panel.balance()
    assert "cookie" not in server.requests[1].lower()
    assert list(panel._session.cookies) == []


CALLS = ["balance", "services", "status", "statuses", "cancel", "refill"]


def called(panel: PanelProvider, call: str) -> object:
    arguments = {"status": ["1"], "statuses": [["1"]], "cancel": [["1"]], "refill": [["1"]]}
    return getattr(panel, call)(*arguments.get(call, []))


def impatient(url: str, **limits: float) -> PanelProvider:
    """A panel whose calls have these limits, those that have a connection of their own too."""
    return PanelProvider(
        url, KEY, call_limits=Limits(**limits), services_limits=Limits(**limits), **limits
    )


@pytest.mark.parametrize("call", CALLS)
def test_no_answer_in_time_fails_the_call_and_nothing_is_repeated(server, call):
    server.behave = holding()
    with contextlib.closing(impatient(server.url, read_timeout_s=0.3)) as panel:
        assert called(panel, call) == CallFailed(ReasonCode.NO_ANSWER)
    assert (server.connections, len(server.requests)) == (1, 1)


DRIP = dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", b" ")


@pytest.mark.parametrize("call", CALLS)
def test_the_total_time_limit_cuts_an_answer_that_drips(server, call):
    server.behave = DRIP
    with contextlib.closing(impatient(server.url, total_timeout_s=0.5)) as panel:
        answer = called(panel, call)
    assert isinstance(answer, CallFailed)
    assert (answer.reason_code, answer.answer.strip()) == (ReasonCode.NO_ANSWER, "")
    assert (server.connections, len(server.requests)) == (1, 1)


def test_the_total_time_limit_cuts_a_connection_that_is_used_again_too(server):
    def behave(connection, server):
        answering_again_and_again(http({"balance": 1}))(connection, server)
        DRIP(connection, server)

    server.behave = behave
    with contextlib.closing(impatient(server.url, total_timeout_s=1.5)) as panel:
        assert panel.balance() == Balance(1_000_000)
        answer = panel.balance()
    assert isinstance(answer, CallFailed)
    assert answer.reason_code is ReasonCode.NO_ANSWER
    assert (server.connections, len(server.requests)) == (1, 2)


@pytest.mark.parametrize("call", CALLS)
def test_a_connection_reset_after_the_request_fails_the_call_and_nothing_is_repeated(
    panel, server, call
):
    def behave(connection, server):
        server.read_request(connection)
        reset(connection)

    server.behave = behave
    assert called(panel, call) == CallFailed(ReasonCode.CONNECTION_LOST)
    assert (server.connections, len(server.requests)) == (1, 1)


@pytest.mark.parametrize("call", CALLS)
def test_a_redirect_is_not_followed_and_its_body_not_read_to_the_end(panel, server, call):
    broken = threading.Event()
    sent_bytes = 0

    def endless(connection, server):
        nonlocal sent_bytes
        server.read_request(connection)
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /order\r\n\r\n")
        try:
            while True:
                sent_bytes += connection.send(b"x" * 65_536)
        except OSError:
            broken.set()

    server.behave = endless
    answer = called(panel, call)
    assert isinstance(answer, CallFailed)
    assert (answer.reason_code, answer.settings_wrong) == (ReasonCode.PROVIDER_ADDRESS_MOVED, True)
    assert broken.wait(30)
    assert 0 < sent_bytes < SERVICES_LIMITS.bytes_max
    assert (server.connections, len(server.requests)) == (1, 1)


@pytest.mark.parametrize("call", CALLS)
def test_a_panel_that_can_not_be_reached_fails_the_call(call):
    with socket.create_server(("127.0.0.1", 0)) as closing:
        port = closing.getsockname()[1]
    panel = PanelProvider(f"http://127.0.0.1:{port}/api/v2", KEY)
    assert called(panel, call) == CallFailed(ReasonCode.PROVIDER_UNREACHABLE)


@pytest.mark.parametrize("call", CALLS)
def test_a_panel_without_tls_gets_no_key(server, call):
    def reads_whatever_comes(connection, server):
        server.bodies.append(connection.recv(4096).decode("latin-1"))
        connection.sendall(http("this is no TLS"))

    server.behave = reads_whatever_comes
    panel = PanelProvider(server.url.replace("http:", "https:"), KEY)
    assert called(panel, call) == CallFailed(ReasonCode.NO_SECURE_CONNECTION)
    assert KEY not in server.bodies[0]


@pytest.mark.parametrize("call", CALLS)
def test_proxies_and_passwords_of_the_environment_are_not_used(
    panel, server, call, monkeypatch, tmp_path
):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    say(server, "{}")
    called(panel, call)
    assert len(server.requests) == 1
    assert "authorization" not in server.requests[0].lower()


@pytest.fixture
def safe_server(tmp_path) -> Iterator[tuple[RawServer, str]]:
    context, certificate = new_certificate(tmp_path)
    with contextlib.closing(RawServer(context)) as running:
        yield running, str(certificate)


def test_connections_over_tls_are_used_again_and_have_a_total_time_limit(safe_server, monkeypatch):
    server, certificate = safe_server
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", certificate)

    def behave(connection, server):
        answering_again_and_again(http({"balance": 1}), http([ROW]))(connection, server)
        DRIP(connection, server)

    server.behave = behave
    with contextlib.closing(impatient(server.url, total_timeout_s=1.5)) as panel:
        assert panel.balance() == Balance(1_000_000)
        assert panel.services() == ServiceList((VIEWS,))
        answer = panel.balance()
    assert isinstance(answer, CallFailed)
    assert answer.reason_code is ReasonCode.NO_ANSWER
    assert (server.connections, len(server.requests)) == (1, 3)


@pytest.mark.parametrize("call", CALLS)
def test_a_certificate_that_nobody_vouches_for_fails_the_call(safe_server, call, monkeypatch):
    server, certificate = safe_server
    # Bundles that the environment names are for other programs.
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", certificate)
    with contextlib.closing(PanelProvider(server.url, KEY)) as panel:
        assert called(panel, call) == CallFailed(ReasonCode.NO_SECURE_CONNECTION)
    assert server.requests == []


def test_calls_at_the_same_time_have_connections_of_their_own(panel, server):
    both_here = threading.Barrier(2, timeout=30)

    def behave(connection, server):
        server.read_request(connection)
        both_here.wait()
        connection.sendall(http({"balance": 1}))

    server.behave = behave
    found = []
    threads = [threading.Thread(target=lambda: found.append(panel.balance())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [Balance(1_000_000)] * 2
    assert server.connections == 2


# Secrets.


@pytest.mark.parametrize("call", CALLS)
def test_the_key_is_in_the_body_only_and_no_log_or_answer_has_it(panel, server, call, caplog):
    caplog.set_level(logging.DEBUG)
    for status in ("200 OK", "400 Bad Request", "403 Forbidden", "500 Oops"):
        say(server, {"error": f"{KEY} is odd", "order": KEY}, status)
        answer = repr(called(panel, call))
        assert KEY not in answer
        assert "***" in answer
    assert all(KEY not in head for head in server.requests)
    assert all(f"key={KEY}&action=" in body for body in server.bodies)
    assert "A call to the panel failed" in caplog.text or call in {"cancel", "refill"}
    assert KEY not in caplog.text
    assert "127.0.0.1" not in caplog.text


def test_the_key_is_hidden_in_all_texts_that_a_panel_chooses(panel, server):
    say(server, {"1": {"status": f"Odd {KEY}", "currency": "USD"}, "2": f"no {KEY}"})
    found = panel.statuses(["1", "2"])
    assert found["1"].word == "Odd ***"
    assert found["2"] == UnknownToProvider("no ***")
    say(server, [ROW | {"name": f"A {KEY}", "type": KEY, "category": KEY}])
    (service,) = panel.services().services
    assert (service.name, service.kind, service.category) == ("A ***", "***", "***")
    say(server, {"1": {"error": f"no {KEY}"}, "2": {"cancel": f"no {KEY}"}})
    assert panel.cancel(["1", "2"]) == {
        "1": Asked(accepted=False, text="no ***"),
        "2": Asked(accepted=False, text="no ***"),
    }
