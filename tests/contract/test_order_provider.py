"""What every order provider promises about `send`, over HTTP, against a server that misbehaves."""

import contextlib
import logging
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from support.raw_server import RawServer, answering, dripping, holding, http, new_certificate, reset

from ledger.reason_codes import ReasonCode
from orders.providers.answers import Accepted, NotSent, Rejected, Unclear
from orders.providers.base import FollowingProvider, OutgoingOrder, Provider
from orders.providers.panel import PanelProvider
from orders.providers.simple import SimpleProvider

KEY = "s3cr3t-k3y-0123"
ORDER = OutgoingOrder("ab12ab12ab12", "https://www.youtube.com/watch?v=AbCdEfGhI_k", 100)
ONCE = (1, 1)


class Kind(NamedTuple):
    """One kind of provider.

    Attributes:
        make: one that uses an address, with a secret in it or beside it, and time limits.
        form: what arrives for `ORDER`, beside the secret.
        follows: whether it reports what became of orders.
    """

    make: Callable[..., Provider]
    form: dict[str, str]
    follows: bool


SIMPLE = Kind(
    lambda url, **limits: SimpleProvider(f"{url}?key={KEY}", **limits),
    {"video": ORDER.video_link, "qty": "100"},
    follows=False,
)
PANEL = Kind(
    lambda url, **limits: PanelProvider(url, KEY, service_id="7", **limits),
    {"action": "add", "service": "7", "link": ORDER.video_link, "quantity": "100"},
    follows=True,
)


@pytest.fixture(params=[SIMPLE, PANEL], ids=["simple", "panel"])
def kind(request) -> Kind:
    return request.param


@pytest.fixture
def server() -> Iterator[RawServer]:
    with contextlib.closing(RawServer()) as running:
        yield running


@pytest.fixture
def provider(kind, server) -> Provider:
    return kind.make(server.url)


def arrivals(server: RawServer) -> tuple[int, int]:
    """How many connections were made, and how many requests came over them."""
    return server.connections, len(server.requests)


def test_it_says_whether_it_follows_orders(kind, provider):
    assert provider.follows == kind.follows
    assert isinstance(provider, FollowingProvider) == kind.follows


def test_an_order_arrives_whole_and_its_id_is_returned(kind, provider, server):
    assert provider.send(ORDER) == Accepted("23501", '{"order": 23501}')
    assert server.form == kind.form | {"key": KEY}
    assert arrivals(server) == ONCE


def test_each_order_has_a_connection_of_its_own(provider, server):
    assert {type(provider.send(ORDER)) for _ in range(3)} == {Accepted}
    assert arrivals(server) == (3, 3)
    assert all("\r\nConnection: close\r\n" in head for head in server.requests)


# Certainly not sent.


def test_a_closed_port_means_not_sent(kind):
    with socket.create_server(("127.0.0.1", 0)) as closing:
        port = closing.getsockname()[1]
    provider = kind.make(f"http://127.0.0.1:{port}/")
    assert provider.send(ORDER) == NotSent(ReasonCode.PROVIDER_UNREACHABLE)


def test_an_unknown_host_means_not_sent(kind, monkeypatch):
    def unknown(*_):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    answer = kind.make("http://no-such.invalid/").send(ORDER)
    assert answer == NotSent(ReasonCode.PROVIDER_NAME_UNKNOWN)


def test_no_connection_in_time_means_not_sent(kind):
    # A full backlog: the system answers nobody who wants to connect.
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        address = full.getsockname()
        with socket.create_connection(address):
            provider = kind.make(f"http://127.0.0.1:{address[1]}/", connect_timeout_s=0.1)
            assert provider.send(ORDER) == NotSent(ReasonCode.PROVIDER_UNREACHABLE)


def test_a_server_without_tls_means_not_sent(kind, server):
    def reads_whatever_comes(connection, _):
        connection.recv(4096)
        connection.sendall(http("this is no TLS"))

    server.behave = reads_whatever_comes
    answer = kind.make(server.url.replace("http:", "https:")).send(ORDER)
    assert answer == NotSent(ReasonCode.NO_SECURE_CONNECTION)
    assert arrivals(server) == (1, 0)


@pytest.fixture
def safe_server(tmp_path: Path) -> Iterator[tuple[RawServer, Path]]:
    context, certificate = new_certificate(tmp_path)
    with contextlib.closing(RawServer(context)) as running:
        yield running, certificate


def test_a_certificate_that_nobody_vouches_for_means_not_sent(kind, safe_server, monkeypatch):
    server, certificate = safe_server
    # Bundles that the environment names are for other programs.
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    answer = kind.make(server.url).send(ORDER)
    assert answer == NotSent(ReasonCode.NO_SECURE_CONNECTION)
    assert arrivals(server) == (1, 0)


def test_an_order_goes_out_over_tls(kind, safe_server, monkeypatch):
    server, certificate = safe_server
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(certificate))
    assert kind.make(server.url).send(ORDER) == Accepted("23501", '{"order": 23501}')
    assert arrivals(server) == ONCE


# May have arrived: never sent again.


def test_no_answer_in_time_is_unclear(kind, server):
    server.behave = holding()
    answer = kind.make(server.url, read_timeout_s=0.2).send(ORDER)
    assert answer == Unclear(ReasonCode.NO_ANSWER)
    assert arrivals(server) == ONCE


def test_a_connection_reset_after_the_request_is_unclear(provider, server):
    def behave(connection, server):
        server.read_request(connection)
        reset(connection)

    server.behave = behave
    assert provider.send(ORDER) == Unclear(ReasonCode.CONNECTION_LOST)
    assert arrivals(server) == ONCE


def test_a_connection_reset_before_the_request_was_read_is_unclear(provider, server):
    def behave(connection, _):
        connection.recv(1, socket.MSG_PEEK)
        reset(connection)

    server.behave = behave
    assert provider.send(ORDER) == Unclear(ReasonCode.CONNECTION_LOST)
    assert arrivals(server) == (1, 0)


@pytest.mark.parametrize(
    ("raw", "reason_code", "kept"),
    [
        (b"", ReasonCode.CONNECTION_LOST, ""),
        (b"SSH-2.0-OpenSSH_9.2\r\n", ReasonCode.CONNECTION_LOST, ""),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{}", ReasonCode.CONNECTION_LOST, "{}"),
    ],
    ids=["closed", "not HTTP", "cut body"],
)
def test_half_an_answer_is_unclear(provider, server, raw, reason_code, kept):
    server.behave = answering(raw)
    assert provider.send(ORDER) == Unclear(reason_code, kept, answered=bool(kept))
    assert arrivals(server) == ONCE


@pytest.mark.parametrize(
    ("status", "body", "reason_code"),
    [
        ("200 OK", "<html>Just a moment...</html>", ReasonCode.ANSWER_UNREADABLE),
        ("200 OK", '{"order": 235', ReasonCode.ANSWER_UNREADABLE),
        ("200 OK", "", ReasonCode.ANSWER_UNREADABLE),
        ("200 OK", '{"order":1,"order":2}', ReasonCode.ANSWER_UNREADABLE),
        ("200 OK", '"error"', ReasonCode.ANSWER_UNREADABLE),
        ("403 Forbidden", "<html>blocked</html>", ReasonCode.ANSWER_UNREADABLE),
        ("500 Internal Server Error", '{"error":"Bad Link"}', ReasonCode.PROVIDER_FAULT),
        ("503 Service Unavailable", "", ReasonCode.PROVIDER_FAULT),
        ("301 Moved Permanently", "", ReasonCode.PROVIDER_ADDRESS_MOVED),
        ("302 Found", '{"order":1}', ReasonCode.PROVIDER_ADDRESS_MOVED),
        ("308 Permanent Redirect", "", ReasonCode.PROVIDER_ADDRESS_MOVED),
    ],
)
def test_an_answer_that_does_not_settle_it_is_unclear(provider, server, status, body, reason_code):
    server.behave = answering(http(body, status, "Location: /order"))
    assert provider.send(ORDER) == Unclear(reason_code, body, int(status[:3]), answered=True)
    assert arrivals(server) == ONCE


@pytest.mark.parametrize(
    ("head", "drop"),
    [(b"HTTP/1.1 200 OK\r\n", b"y"), (b'HTTP/1.1 200 OK\r\n\r\n{"order":5}', b" ")],
    ids=["head", "body"],
)
def test_the_total_time_limit_cuts_an_answer_that_drips(kind, server, head, drop):
    server.behave = dripping(head, drop)
    answer = kind.make(server.url, total_timeout_s=0.5).send(ORDER)
    assert isinstance(answer, Unclear)
    assert answer.reason_code is ReasonCode.NO_ANSWER
    assert arrivals(server) == ONCE


# Clear answers.


@pytest.mark.parametrize("status", ["200 OK", "400 Bad Request", "422 Unprocessable Content"])
def test_a_refusal_with_a_reason_is_a_rejection(provider, server, status):
    body = '{"error":"neworder.error.link"}'
    server.behave = answering(http(body, status))
    assert provider.send(ORDER) == Rejected(ReasonCode.LINK_REFUSED, body, int(status[:3]))
    assert arrivals(server) == ONCE


def test_an_earlier_order_for_the_link_has_a_reason_of_its_own(provider, server):
    body = '{"error":"You have active order with this link. Please wait until it is completed."}'
    server.behave = answering(http(body))
    assert provider.send(ORDER) == Rejected(ReasonCode.EARLIER_ORDER_RUNNING, body, 200)


def test_an_empty_balance_lets_the_order_wait_for_an_admin(provider, server):
    body = '{"error":"neworder.error.not_enough_funds"}'
    server.behave = answering(http(body))
    assert provider.send(ORDER) == NotSent(
        ReasonCode.PROVIDER_FUNDS_EMPTY, needs_admin=True, answer=body, http_status=200
    )
    assert arrivals(server) == ONCE


def test_a_429_lets_the_order_wait_as_long_as_it_asks(provider, server):
    server.behave = answering(http("", "429 Too Many Requests", "Retry-After: 17"))
    assert provider.send(ORDER) == NotSent(ReasonCode.PROVIDER_RATE_LIMIT, 17, http_status=429)
    assert arrivals(server) == ONCE


# Secrets and the environment.


def test_proxies_and_passwords_of_the_environment_are_not_used(
    provider, server, monkeypatch, tmp_path
):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert isinstance(provider.send(ORDER), Accepted)
    assert "authorization" not in server.requests[0].lower()


def test_no_log_holds_the_key_or_the_link(kind, provider, server, caplog):
    caplog.set_level(logging.DEBUG)
    for behave in (
        answering(),
        answering(http('{"order":5}')),
        answering(http("", "302 Found", "Location: /x")),
        answering(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n: odd\r\nNo colon here\r\n\r\n"),
        answering(b"SSH\r\n"),
    ):
        server.behave = behave
        provider.send(ORDER)
    for scheme in ("http", "https"):
        answer = kind.make(f"{scheme}://127.0.0.1:1/").send(ORDER)
        assert answer == NotSent(ReasonCode.PROVIDER_UNREACHABLE)
    assert len(server.requests) == 5
    assert "Order ab12ab12ab12" in caplog.text
    for secret in (KEY, "youtube", "127.0.0.1"):
        assert secret not in caplog.text


@pytest.mark.parametrize("echo", [KEY, KEY.upper(), f"?key={KEY}&action=add"])
@pytest.mark.parametrize("status", ["200 OK", "400 Bad Request", "500 Oops"])
def test_an_echoed_key_is_not_kept(provider, server, status, echo):
    server.behave = answering(http(f'{{"error":"I do not like {echo} at all"}}', status))
    answer = provider.send(ORDER)
    assert isinstance(answer, Unclear | NotSent | Rejected)
    assert "***" in answer.answer
    assert "s3cr3t" not in answer.answer.lower()


def test_half_of_an_echoed_key_is_not_kept_either(provider, server):
    raw = f"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nkey: {KEY[:-3]}"
    server.behave = answering(raw.encode())
    assert provider.send(ORDER) == Unclear(ReasonCode.CONNECTION_LOST, "key: ***", answered=True)


@pytest.mark.parametrize("url", ["", "panel", "ftp://host/secret", "http://", "http://*secret/"])
def test_an_address_that_can_not_be_used_is_refused_without_repeating_it(kind, url):
    with pytest.raises(ValueError, match="the order address") as refused:
        kind.make(url)
    assert "secret" not in str(refused.value)
    assert KEY not in str(refused.value)
