"""`SimpleProvider` against a server that fails in every known way."""

import contextlib
import gzip
import json
import logging
import socket
import threading
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from msgspec.structs import replace
from support.raw_server import RawServer, answering, dripping, holding, http, new_certificate, reset

from ledger.reason_codes import ReasonCode
from orders.providers.answers import Accepted, NotSent, Rejected, Unclear
from orders.providers.attempt import Attempt, Stage
from orders.providers.base import OutgoingOrder
from orders.providers.exchange import Limits, retry_after_s
from orders.providers.redaction import KEPT_BYTES
from orders.providers.simple import SimpleProvider

LINK = "https://www.youtube.com/watch?v=AbCdEfGhI_k"
ORDER = OutgoingOrder("ab12ab12ab12", LINK, 100)
CHUNKS = b'6\r\n{"orde\r\n5\r\nr":5}\r\n0\r\n\r\n'
TAKEN = Accepted("23501", '{"order": 23501}')


def target(server) -> str:
    return server.requests[-1].split(" ")[1]


# The request.


def test_the_link_and_the_quantity_arrive_as_they_are(server):
    assert SimpleProvider(server.url).send(ORDER) == TAKEN
    assert server.requests[0].startswith("GET /order?")
    assert parse_qsl(target(server).partition("?")[2]) == [("video", LINK), ("qty", "100")]


def test_an_address_with_a_query_keeps_it(server):
    SimpleProvider(server.url + "?key=a%2Bb%26c&x=").send(ORDER)
    assert target(server).startswith("/order?key=a%2Bb%26c&x=&video=https%3A%2F%2F")
    assert parse_qsl(target(server).partition("?")[2], keep_blank_values=True) == [
        ("key", "a+b&c"),
        ("x", ""),
        ("video", LINK),
        ("qty", "100"),
    ]


@pytest.mark.parametrize("comments", ["", "Nice!"])
def test_an_order_for_a_service_of_another_provider_is_not_sent_as_views(server, comments):
    order = replace(ORDER, service_id="5", comments=comments)
    answer = SimpleProvider(server.url).send(order)
    assert answer == NotSent(ReasonCode.PROVIDER_SETTINGS_WRONG, needs_admin=True)
    assert server.connections == 0


def test_a_link_can_not_add_parameters(server):
    SimpleProvider(server.url).send(OutgoingOrder("ab12", "https://x.org/?a=1&qty=9#é", 100))
    assert parse_qsl(target(server).partition("?")[2]) == [
        ("video", "https://x.org/?a=1&qty=9#é"),
        ("qty", "100"),
    ]


def test_proxies_and_passwords_of_the_environment_are_not_used(server, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    assert SimpleProvider(server.url).send(ORDER) == TAKEN
    assert "authorization" not in server.requests[0].lower()


def test_each_order_has_a_connection_of_its_own(server):
    provider = SimpleProvider(server.url)
    assert [provider.send(ORDER), provider.send(ORDER)] == [TAKEN, TAKEN]
    assert (server.connections, len(server.requests)) == (2, 2)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "order",
        "ftp://host/order",
        "http://",
        "https:///order",
        "http://host:port/secret",
        "http://[::1/secret",
        "http://host/secret?qty=5",
        "http://host/secret?key=1&video=",
        "http://*secret/",
    ],
)
def test_an_address_that_can_not_be_used_is_refused_without_repeating_it(url: str):
    with pytest.raises(ValueError, match="the order address") as refused:
        SimpleProvider(url)
    assert "secret" not in str(refused.value)


# Answers that arrive.


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (http('{"order":"23501"}'), Accepted("23501", '{"order":"23501"}')),
        (http(b'\xef\xbb\xbf{"order":5}'), Accepted("5", '{"order":5}')),
        (http('{"order":5}', "200 OK", "Content-Type: text/html"), Accepted("5", '{"order":5}')),
        (b'HTTP/1.0 200 OK\r\n\r\n{"order":5}', Accepted("5", '{"order":5}')),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS,
            Accepted("5", '{"order":5}'),
        ),
        (http(), Unclear(ReasonCode.ANSWER_UNREADABLE, "", 200, answered=True)),
        (http("<p>Soon"), Unclear(ReasonCode.ANSWER_UNREADABLE, "<p>Soon", 200, answered=True)),
        (
            http(gzip.compress(b'{"order":5}', mtime=0), "200 OK", "Content-Encoding: gzip"),
            Accepted("5", '{"order":5}'),
        ),
        (
            http(b"\xff\xfe"),
            Unclear(ReasonCode.ANSWER_UNREADABLE, "\ufffd\ufffd", 200, answered=True),
        ),
        (http("no", "403 Forbidden"), Rejected(ReasonCode.REFUSED, "no", 403)),
        (
            http("", "429 Too Many Requests", "Retry-After: 120"),
            NotSent(ReasonCode.PROVIDER_RATE_LIMIT, 120, http_status=429),
        ),
        (
            http("", "429 Too Many Requests"),
            NotSent(ReasonCode.PROVIDER_RATE_LIMIT, 0, http_status=429),
        ),
        (
            http('{"error":"neworder.error.not_enough_funds"}'),
            NotSent(
                ReasonCode.PROVIDER_FUNDS_EMPTY,
                needs_admin=True,
                answer='{"error":"neworder.error.not_enough_funds"}',
                http_status=200,
            ),
        ),
        (
            http("oops", "500 Internal Server Error"),
            Unclear(ReasonCode.PROVIDER_FAULT, "oops", 500, answered=True),
        ),
        (
            http("", "503 Service Unavailable", "Retry-After: 1"),
            Unclear(ReasonCode.PROVIDER_FAULT, "", 503, answered=True),
        ),
    ],
)
def test_an_answer_is_read_and_judged_and_nothing_is_sent_twice(server, answer, expected):
    server.behave = answering(answer)
    assert SimpleProvider(server.url).send(ORDER) == expected
    assert (server.connections, len(server.requests)) == (1, 1)


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 T", "308 P"])
def test_a_redirect_is_not_followed(server, status):
    server.behave = answering(http("", status, f"Location: {server.url}"))
    answer = SimpleProvider(server.url).send(ORDER)
    assert isinstance(answer, Unclear)
    assert answer.reason_code is ReasonCode.PROVIDER_ADDRESS_MOVED
    assert answer.http_status == int(status[:3])
    assert (server.connections, len(server.requests)) == (1, 1)


def test_an_endless_answer_is_not_read_to_its_end(server):
    broken = threading.Event()

    def endless(connection, server):
        server.read_request(connection)
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\n\r\n")
        try:
            while True:
                connection.sendall(b"x" * 65_536)
        except OSError:
            broken.set()

    server.behave = endless
    answer = SimpleProvider(server.url).send(ORDER)
    assert isinstance(answer, Unclear)
    assert answer.answer == "x" * KEPT_BYTES
    assert broken.wait(30)


def test_two_kilobytes_of_a_long_answer_are_kept(server):
    body = '{"order": 5, "more": "' + "é" * 3000 + '"}'
    server.behave = answering(http(body))
    answer = SimpleProvider(server.url).send(ORDER)
    assert answer == Accepted("5", body.encode()[:KEPT_BYTES].decode())


def test_an_answer_that_stops_halfway_is_unclear_and_kept(server):
    server.behave = holding(b'HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{"order":5}')
    answer = SimpleProvider(server.url, read_timeout_s=0.2).send(ORDER)
    assert answer == Unclear(ReasonCode.NO_ANSWER, '{"order":5}', answered=True)
    assert (server.connections, len(server.requests)) == (1, 1)


@pytest.mark.parametrize("status", ["200 OK", "400 Bad Request"])
def test_the_echoed_link_does_not_speak_for_the_provider(server, status):
    order = replace(ORDER, video_link="https://www.tiktok.com/@not_enough_funds/video/7")
    body = json.dumps({"error": f"Video is private: {order.video_link}"})
    server.behave = answering(http(body, status))
    expected = Rejected(ReasonCode.LINK_REFUSED, body, int(status[:3]))
    assert SimpleProvider(server.url).send(order) == expected


def test_an_echoed_key_is_not_kept_in_the_answer(server):
    provider = SimpleProvider(server.url + "/long-secret-path-12345?key=s3cr3t-k3y&v=1")

    def echo(connection, server):
        server.read_request(connection)
        connection.sendall(http(f"1 bad: {server.requests[-1]} s3cr3t-k3y"))

    server.behave = echo
    answer = provider.send(ORDER)
    assert isinstance(answer, Unclear)
    assert answer.answer.startswith("1 bad: GET /order/***?***&video=https")
    assert "s3cr3t" not in answer.answer
    assert "long-secret" not in answer.answer


# Requests that certainly never left.


def test_a_closed_port_means_not_sent():
    with socket.create_server(("127.0.0.1", 0)) as closing:
        port = closing.getsockname()[1]
    assert SimpleProvider(f"http://127.0.0.1:{port}/").send(ORDER) == NotSent(
        ReasonCode.PROVIDER_UNREACHABLE
    )


def test_an_unknown_name_means_not_sent(monkeypatch):
    def unknown(*_):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert SimpleProvider("http://no-such.invalid/").send(ORDER) == NotSent(
        ReasonCode.PROVIDER_NAME_UNKNOWN
    )


def test_no_connection_in_time_means_not_sent():
    # A full backlog: the system answers nobody who wants to connect.
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        address = full.getsockname()
        with socket.create_connection(address):
            provider = SimpleProvider(f"http://127.0.0.1:{address[1]}/", connect_timeout_s=0.1)
            assert provider.send(ORDER) == NotSent(ReasonCode.PROVIDER_UNREACHABLE)


def test_a_server_without_tls_means_not_sent(server):
    def reads_whatever_comes(connection, _):
        connection.recv(4096)
        connection.sendall(http("this is no TLS"))

    server.behave = reads_whatever_comes
    url = server.url.replace("http:", "https:")
    assert SimpleProvider(url).send(ORDER) == NotSent(ReasonCode.NO_SECURE_CONNECTION)
    assert (server.connections, server.requests) == (1, [])


def test_a_tls_greeting_without_an_answer_means_not_sent(server):
    server.behave = lambda _, server: server.release.wait()
    url = server.url.replace("http:", "https:")
    assert SimpleProvider(url, connect_timeout_s=0.2).send(ORDER) == NotSent(
        ReasonCode.PROVIDER_UNREACHABLE
    )
    assert (server.connections, server.requests) == (1, [])


def test_time_that_is_up_before_the_request_leaves_means_not_sent():
    attempt = Attempt()
    attempt.connecting()
    attempt._cut()
    with socket.socket() as sock, pytest.raises(TimeoutError):
        attempt.connected(sock)
    assert attempt.certainly_not_sent


def test_a_timer_that_is_late_leaves_the_connection_to_its_next_user():
    attempt = Attempt()
    ours, theirs = socket.socketpair()
    with ours, theirs:
        with attempt.limited(60):
            attempt.connected(ours)
        attempt._cut()
        ours.sendall(b"still open")
        assert theirs.recv(10) == b"still open"


def test_a_second_connection_within_one_attempt_is_refused():
    attempt = Attempt()
    attempt.connecting()
    with socket.socket() as sock:
        attempt.connected(sock)
    with pytest.raises(ConnectionError):
        attempt.connecting()
    assert attempt.stage is Stage.MAY_BE_SENT


def test_an_attempt_that_nobody_reported_on_proves_nothing():
    assert not Attempt().certainly_not_sent


# Requests that may have arrived.


def test_a_connection_closed_before_reading_is_unclear(server):
    def behave(connection, _):
        connection.recv(1, socket.MSG_PEEK)
        reset(connection)

    server.behave = behave
    assert SimpleProvider(server.url).send(ORDER) == Unclear(ReasonCode.CONNECTION_LOST)
    assert (server.connections, server.requests) == (1, [])


def test_a_connection_closed_after_reading_is_unclear(server):
    server.behave = answering()
    assert SimpleProvider(server.url).send(ORDER) == Unclear(ReasonCode.CONNECTION_LOST)
    assert (server.connections, len(server.requests)) == (1, 1)


def test_a_connection_reset_after_reading_is_unclear(server):
    def behave(connection, server):
        server.read_request(connection)
        reset(connection)

    server.behave = behave
    assert SimpleProvider(server.url).send(ORDER) == Unclear(ReasonCode.CONNECTION_LOST)
    assert (server.connections, len(server.requests)) == (1, 1)


def test_no_answer_in_time_is_unclear(server):
    server.behave = holding()
    assert SimpleProvider(server.url, read_timeout_s=0.2).send(ORDER) == Unclear(
        ReasonCode.NO_ANSWER
    )
    assert (server.connections, len(server.requests)) == (1, 1)


@pytest.mark.parametrize(
    "cut",
    [
        b'HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{"order":5}',
        b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n{"order":5}\r\n',
        b'HTTP/1.1 400 Bad Request\r\nContent-Length: 50\r\n\r\n{"order":5}',
    ],
)
def test_an_answer_that_breaks_off_is_unclear_and_kept(server, cut):
    server.behave = answering(cut)
    expected = Unclear(ReasonCode.CONNECTION_LOST, '{"order":5}', answered=True)
    assert SimpleProvider(server.url).send(ORDER) == expected
    assert (server.connections, len(server.requests)) == (1, 1)


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\x00\x01\x02",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 70_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        http(b"not gzip", "200 OK", "Content-Encoding: gzip"),
    ],
)
def test_an_answer_that_is_not_http_is_unclear(server, answer):
    server.behave = answering(answer)
    assert SimpleProvider(server.url).send(ORDER) == Unclear(ReasonCode.CONNECTION_LOST)
    assert (server.connections, len(server.requests)) == (1, 1)


@pytest.mark.parametrize(
    ("head", "drop", "kept"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"y", ""),
        (b'HTTP/1.1 200 OK\r\n\r\n{"order":5}', b" ", '{"order":5}'),
        (b'HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{"order":5}', b" ", '{"order":5}'),
    ],
    ids=["head", "body", "body with a length"],
)
def test_an_answer_that_drips_comes_to_an_end_and_is_unclear(server, head, drop, kept):
    server.behave = dripping(head, drop)
    answer = SimpleProvider(server.url, total_timeout_s=0.5).send(ORDER)
    assert isinstance(answer, Unclear)
    assert (answer.reason_code, answer.answer.rstrip()) == (ReasonCode.NO_ANSWER, kept)
    assert (server.connections, len(server.requests)) == (1, 1)


def test_a_provider_that_sleeps_has_the_time_to_wake():
    limits = Limits()
    assert limits.read_timeout_s >= 90
    assert limits.total_timeout_s >= limits.connect_timeout_s + limits.read_timeout_s


# Waking it.


@pytest.mark.parametrize("status", ["200 OK", "302 Found", "404 Not Found", "503 Busy"])
def test_it_is_woken_with_no_order_and_no_key(server, status):
    server.behave = answering(http("hello", status, "Location: /elsewhere"))
    provider = SimpleProvider(
        server.url.replace("//", "//name:s3cr3t-pw@") + "/path?key=s3cr3t-k3y"
    )
    assert provider.answered_at_s < 0
    assert provider.wake()
    assert provider.answered_at_s > 0
    (request,) = server.requests
    assert request.startswith("GET / HTTP/1.1\r\n")
    for part in ("s3cr3t", "Authorization", "path", "video", "qty", "Cookie"):
        assert part not in request


def test_a_provider_that_does_not_wake_is_no_error(server, caplog):
    caplog.set_level(logging.INFO)
    server.behave = answering()
    provider = SimpleProvider(server.url)
    assert not provider.wake()
    assert not SimpleProvider("http://127.0.0.1:1/?key=s3cr3t-k3y").wake()
    assert provider.answered_at_s < 0
    assert "was not woken" in caplog.text
    assert "s3cr3t" not in caplog.text


def test_an_endless_answer_to_the_wake_up_ends(server):
    server.behave = dripping(b"HTTP/1.1 200 OK\r\n", b"y")
    assert not SimpleProvider(server.url, total_timeout_s=0.5).wake()


def test_an_order_that_is_answered_shows_that_it_is_awake(server):
    provider = SimpleProvider(server.url)
    assert provider.send(ORDER) == TAKEN
    assert provider.answered_at_s > 0


# Secrets.


def test_no_log_and_no_reason_holds_the_address_the_key_or_the_link(server, caplog):
    caplog.set_level(logging.DEBUG)
    odd_head = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n: odd\r\nNo colon here\r\n\r\n"
    reasons = []
    for behave in (
        answering(),
        answering(http('{"order":5}')),
        answering(http("", "302 Found", "Location: /x")),
        answering(odd_head),
        answering(b"SSH\r\n"),
    ):
        server.behave = behave
        answer = SimpleProvider(server.url + "?key=s3cr3t-k3y").send(ORDER)
        reasons.append(getattr(answer, "reason", ""))
    for url in ("http://127.0.0.1:1/?key=s3cr3t-k3y", "https://127.0.0.1:1/?key=s3cr3t-k3y"):
        answer = SimpleProvider(url).send(ORDER)
        assert answer == NotSent(ReasonCode.PROVIDER_UNREACHABLE)
    assert len(server.requests) == 5
    assert "Order ab12ab12ab12" in caplog.text
    for text in (caplog.text, *reasons):
        for secret in ("s3cr3t", "youtube", "127.0.0.1", "/order"):
            assert secret not in text


# Retry-After.


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("", 0),
        ("0", 0),
        ("17", 17),
        (" 17 ", 17),
        ("-5", 0),
        ("1.5", 0),
        ("soon", 0),
        ("99999999999999999999", 3600),
        ("²", 0),
        ("Sun, 22 Nov 2026 16:00:30 GMT", 30),
        ("Sun, 22 Nov 2026 15:00:00 GMT", 0),
        ("Sun, 22 Nov 2099 15:00:00 GMT", 3600),
        ("Sun, 99 Nov 2026 15:00:00 GMT", 0),
        ("Sun, 22 Nov 2026 16:00:30 -0000", 0),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_at_most_an_hour(header: str, seconds: int):
    assert retry_after_s(header, datetime(2026, 11, 22, 16, tzinfo=UTC)) == seconds


# TLS that works.


@pytest.fixture
def safe_server(tmp_path: Path, monkeypatch, request):
    context, certificate = new_certificate(tmp_path)
    if request.param:
        monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(certificate))
    with contextlib.closing(RawServer(context)) as running:
        yield running


@pytest.mark.parametrize("safe_server", [True], indirect=True)
def test_an_order_goes_out_over_tls(safe_server):
    assert SimpleProvider(safe_server.url).send(ORDER) == TAKEN


@pytest.mark.parametrize("safe_server", [True], indirect=True)
def test_a_tls_connection_closed_after_reading_is_unclear(safe_server):
    safe_server.behave = answering()
    answer = SimpleProvider(safe_server.url).send(ORDER)
    assert (answer, len(safe_server.requests)) == (Unclear(ReasonCode.CONNECTION_LOST), 1)


@pytest.mark.parametrize("safe_server", [True], indirect=True)
def test_a_tls_answer_that_drips_comes_to_an_end(safe_server):
    safe_server.behave = dripping(b"HTTP/1.1 200 OK\r\n", b"y")
    answer = SimpleProvider(safe_server.url, total_timeout_s=0.5).send(ORDER)
    assert (answer, len(safe_server.requests)) == (Unclear(ReasonCode.NO_ANSWER), 1)


@pytest.mark.parametrize("safe_server", [False], indirect=True)
def test_a_certificate_that_nobody_vouches_for_means_not_sent(safe_server):
    assert SimpleProvider(safe_server.url).send(ORDER) == NotSent(ReasonCode.NO_SECURE_CONNECTION)
    assert (safe_server.connections, safe_server.requests) == (1, [])
