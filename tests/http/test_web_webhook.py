"""The webhook: who may deliver an update, in what form, and how Telegram is answered."""

import asyncio
import gzip
import logging
from io import BytesIO
from ipaddress import ip_address, ip_network
from typing import get_args

import pytest
from aiohttp import hdrs

from viewbank.settings import Settings
from web import texts
from web.addresses import client_address
from web.app import build_web
from web.server import WebServer
from web.webhook import (
    BODY_BYTES_MAX,
    BUSY_RETRY_MAX_S,
    SECRET_HEADER,
    Acceptance,
    WebhookEndpoint,
)

PATH = "/telegram/webhook"
SECRET = "0a1b2c3d-the_secret_of_these_tests"
HEADERS = {SECRET_HEADER: SECRET, "Content-Type": "application/json"}
WIRE_HEADERS = "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items()).encode()
UPDATE = b'{"update_id":7,"message":{"text":"PrivateWords"}}'
LOOPBACK = (ip_network("127.0.0.1"),)
TELEGRAM = (ip_network("149.154.160.0/20"), ip_network("91.108.4.0/22"))


class Hand:
    """Accepts what the endpoint lets through."""

    def __init__(self):
        self.answer = "accepted"
        self.got = []

    async def accept(self, body):
        self.got.append(body)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def hand():
    return Hand()


@pytest.fixture
async def client(world, hand):
    return await world.serve(webhook=WebhookEndpoint(secret=SECRET, accept=hand.accept))


async def refusal(answer):
    """The status, and the sentence beside it."""
    assert answer.content_type == "application/json"
    body = await answer.json()
    assert list(body) == ["error"]
    return answer.status, body["error"]


def refused(status):
    return status, texts.ERROR_SENTENCES[status].source


async def raw(client, *parts):
    """Send bytes as they are; the status line and the rest of the answer."""
    reader, writer = await asyncio.open_connection(client.host, client.port)
    head = f"POST {PATH} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n".encode()
    writer.write(head + b"".join(parts))
    answer = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    return int(answer.split()[1])


async def chunks(*parts):
    for part in parts:
        yield part


# What is accepted


async def test_an_update_is_handed_on_byte_for_byte_and_answered_with_nothing(client, hand):
    answer = await client.post(PATH, data=UPDATE, headers=HEADERS)

    assert (answer.status, await answer.read()) == (200, b"")
    assert hand.got == [UPDATE]


async def test_the_address_that_telegram_is_given_takes_updates(client, hand):
    url = Settings(public_url="https://bot.example").webhook_url()

    answer = await client.post(
        url.removeprefix("https://bot.example"), data=UPDATE, headers=HEADERS
    )

    assert (answer.status, hand.got) == (200, [UPDATE])


async def test_the_answer_waits_until_the_update_is_taken(world):
    at_take, may_go_on = asyncio.Event(), asyncio.Event()

    async def accept(_body):
        at_take.set()
        await may_go_on.wait()
        return "accepted"

    client = await world.serve(webhook=WebhookEndpoint(secret=SECRET, accept=accept))
    posting = asyncio.create_task(client.post(PATH, data=UPDATE, headers=HEADERS))
    await at_take.wait()
    other = await client.get("/health")

    assert (other.status, posting.done()) == (200, False)
    may_go_on.set()
    assert (await posting).status == 200


@pytest.mark.parametrize(
    ("taken", "status", "retry_after_s"),
    [
        ("accepted", 200, None),
        ("busy", 429, range(1, BUSY_RETRY_MAX_S + 1)),
        ("closed", 503, range(2, 3)),
        ("malformed", 400, None),
    ],
)
async def test_each_outcome_has_its_status_and_says_when_to_come_again(
    client, hand, taken, status, retry_after_s
):
    hand.answer = taken

    answer = await client.post(PATH, data=UPDATE, headers=HEADERS)

    assert answer.status == status
    if status != 200:
        assert await refusal(answer) == refused(status)
    if retry_after_s is None:
        assert hdrs.RETRY_AFTER not in answer.headers
    else:
        assert int(answer.headers[hdrs.RETRY_AFTER]) in retry_after_s


async def test_every_outcome_is_among_the_tested_ones():
    assert set(get_args(Acceptance)) == {"accepted", "busy", "closed", "malformed"}


async def test_those_who_are_sent_away_do_not_all_come_back_at_once(client, hand):
    hand.answer = "busy"

    answers = [await client.post(PATH, data=UPDATE, headers=HEADERS) for _ in range(64)]

    assert len({answer.headers[hdrs.RETRY_AFTER] for answer in answers}) > 1


async def test_a_fault_while_taking_is_a_500_so_that_telegram_tries_again(client, hand, caplog):
    hand.answer = RuntimeError("a fault of ours")

    answer = await client.post(PATH, data=UPDATE, headers=HEADERS)

    assert await refusal(answer) == refused(500)
    assert [record.getMessage() for record in caplog.records] == [f"POST {PATH} failed"]


async def test_a_body_of_exactly_1_mib_is_taken(client, hand):
    body = UPDATE.ljust(BODY_BYTES_MAX)

    answer = await client.post(PATH, data=body, headers=HEADERS)

    assert (answer.status, hand.got) == (200, [body])


# Who may


@pytest.mark.parametrize(
    "given",
    [
        "",
        SECRET[:-1],
        SECRET[:1],
        SECRET + "x",
        SECRET * 2,
        f"{SECRET},{SECRET}",
        SECRET.upper(),
        f'"{SECRET}"',
        f"Bearer {SECRET}",
        "ż" * len(SECRET),
        "x" * 8000,
    ],
)
async def test_a_wrong_secret_is_refused(client, hand, given):
    answer = await client.post(PATH, data=UPDATE, headers=HEADERS | {SECRET_HEADER: given})

    assert await refusal(answer) == refused(403)
    assert hand.got == []


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [b"\xff\xfe\x80" + SECRET.encode()],
        [SECRET.encode() + b"\xc3\xa9"],
        [SECRET.encode(), SECRET.encode()],
        [SECRET.encode(), b"wrong"],
        [b"wrong", SECRET.encode()],
        [SECRET.encode(), b""],
    ],
)
async def test_no_secret_or_two_or_one_that_is_no_text_is_refused(client, hand, lines):
    headers = b"".join(SECRET_HEADER.encode() + b": " + line + b"\r\n" for line in lines)
    length = b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(UPDATE)

    assert await raw(client, headers, length, UPDATE) == 403
    assert hand.got == []


async def test_a_stranger_is_refused_before_the_body_has_come(client):
    headers = b"Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n"

    assert await raw(client, headers) == 403


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
async def test_anything_but_a_post_is_refused_in_the_usual_form(client, method):
    answer = await client.request(method, PATH, headers=HEADERS)

    assert (answer.status, answer.headers["Allow"]) == (405, "POST")
    if method != "HEAD":
        assert await refusal(answer) == (405, texts.NOT_FOR_READING.source)


async def test_without_a_webhook_there_is_nothing_at_its_address(world):
    answer = await world.client.post(PATH, data=UPDATE, headers=HEADERS)

    assert await refusal(answer) == refused(404)


def test_an_endpoint_without_a_secret_cannot_be_made(hand):
    with pytest.raises(ValueError, match="secret is empty"):
        WebhookEndpoint(secret="", accept=hand.accept)


# From where


@pytest.fixture
async def restricted(world, hand):
    """A client that is the trusted proxy; Telegram's servers alone may in."""
    endpoint = WebhookEndpoint(
        secret=SECRET, accept=hand.accept, networks=TELEGRAM, trusted=LOOPBACK
    )
    return await world.serve(webhook=endpoint)


@pytest.mark.parametrize(
    "forwarded_for",
    ["149.154.160.1", "91.108.7.255", "6.6.6.6, 149.154.175.255", "what?,::ffff:149.154.160.1"],
)
async def test_who_comes_from_telegram_through_the_proxy_is_let_in(restricted, hand, forwarded_for):
    headers = HEADERS | {"X-Forwarded-For": forwarded_for}

    answer = await restricted.post(PATH, data=UPDATE, headers=headers)

    assert (answer.status, hand.got) == (200, [UPDATE])


@pytest.mark.parametrize(
    "forwarded_for",
    [
        None,
        "",
        ",",
        "149.154.160.1,",
        "149.154.160.1, 6.6.6.6",
        "149.154.176.0",
        "149.154.159.255",
        "91.108.8.0",
        "127.0.0.1",
        "::1",
        "telegram.org",
        "149.154.160.1:443",
        "149.154.160.999",
        "149.154.160.1 149.154.160.1",
        "\u0661\u0664\u0669.154.160.1",
    ],
)
async def test_who_comes_from_elsewhere_is_refused_even_with_the_secret(
    restricted, hand, forwarded_for
):
    headers = dict(HEADERS)
    if forwarded_for is not None:
        headers["X-Forwarded-For"] = forwarded_for

    answer = await restricted.post(PATH, data=UPDATE, headers=headers)

    assert await refusal(answer) == refused(403)
    assert hand.got == []


async def test_a_stranger_does_not_learn_whether_address_or_secret_was_wrong(restricted):
    seen = set()
    for address in ("149.154.160.1", "6.6.6.6"):
        for secret in (SECRET, "wrong"):
            if (address, secret) != ("149.154.160.1", SECRET):
                headers = HEADERS | {"X-Forwarded-For": address, SECRET_HEADER: secret}
                answer = await restricted.post(PATH, data=UPDATE, headers=headers)
                seen.add((answer.status, await answer.text(), *answer.headers))
    assert len(seen) == 1


PROXIES = tuple(map(ip_network, ("127.0.0.1", "::1", "172.18.0.0/16", "fd00::/8", "192.0.2.7")))


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "sender"),
    [
        ("127.0.0.1", [], "127.0.0.1"),
        ("127.0.0.1", ["149.154.160.1"], "149.154.160.1"),
        ("::1", ["149.154.160.1"], "149.154.160.1"),
        ("::ffff:127.0.0.1", ["149.154.160.1"], "149.154.160.1"),
        ("172.18.0.2", ["149.154.160.1"], "149.154.160.1"),
        ("fd00::2", ["2001:db8::7"], "2001:db8::7"),
        ("127.0.0.1", ["149.154.160.1", "6.6.6.6"], "6.6.6.6"),
        ("127.0.0.1", ["149.154.160.1, 6.6.6.6"], "6.6.6.6"),
        # One trusted proxy behind another: the first that is none of them.
        ("127.0.0.1", ["6.6.6.6, 149.154.160.1, 192.0.2.7"], "149.154.160.1"),
        (
            "127.0.0.1",
            ["6.6.6.6", "149.154.160.1", "192.0.2.7, ::ffff:172.18.0.9"],
            "149.154.160.1",
        ),
        # Nobody but proxies: the one that it began at.
        ("127.0.0.1", ["172.18.0.3, 192.0.2.7"], "172.18.0.3"),
        # Whoever is not trusted is not believed, wherever they are.
        ("6.6.6.6", ["149.154.160.1"], "6.6.6.6"),
        ("::ffff:6.6.6.6", ["149.154.160.1"], "6.6.6.6"),
        ("6.6.6.6", [], "6.6.6.6"),
        ("10.0.0.1", ["149.154.160.1"], "10.0.0.1"),
        ("192.168.1.1", ["149.154.160.1"], "192.168.1.1"),
        ("127.0.0.2", ["149.154.160.1"], "127.0.0.2"),
        ("172.19.0.2", ["149.154.160.1"], "172.19.0.2"),
        ("fe80::1", ["149.154.160.1"], "fe80::1"),
    ],
)
def test_the_rightmost_address_that_is_no_trusted_proxy_is_the_sender(peer, forwarded_for, sender):
    assert client_address(peer, forwarded_for, PROXIES) == ip_address(sender)


@pytest.mark.parametrize(
    "peer", ["127.0.0.1", "::1", "10.0.0.1", "172.18.0.2", "192.168.0.1", "fd00::2", "169.254.1.1"]
)
def test_unless_somebody_is_trusted_nobody_is_believed(peer):
    assert client_address(peer, ["149.154.160.1"], ()) == ip_address(peer)


@pytest.mark.parametrize(
    ("peer", "forwarded_for"),
    [
        (None, []),
        (None, ["149.154.160.1"]),
        ("", []),
        ("127.0.0.1", [""]),
        ("::1", ["a, b"]),
        ("127.0.0.1", ["149.154.160.1, unknown"]),
        ("127.0.0.1", ["149.154.160.1,, 192.0.2.7"]),
    ],
)
def test_who_cannot_be_told_has_no_address(peer, forwarded_for):
    assert client_address(peer, forwarded_for, PROXIES) is None


SAY_WHO = "the proxy 127.0.0.1, which doesn't say who has sent it."


@pytest.mark.parametrize(
    ("trusted", "forwarded_for", "words"),
    [
        ((), "149.154.160.1", "set TRUSTED_PROXY=127.0.0.1 and start again."),
        ((), None, "set TRUSTED_PROXY=127.0.0.1 and start again."),
        (LOOPBACK, None, SAY_WHO),
        (LOOPBACK, "unknown", SAY_WHO),
        (LOOPBACK, "149.154.160.1, 6.6.6.6", "came from 6.6.6.6, which WEBHOOK_IPS doesn't name."),
    ],
)
async def test_a_refused_delivery_with_the_right_secret_is_logged_with_what_to_set(
    world, caplog, trusted, forwarded_for, words
):
    endpoint = WebhookEndpoint(
        secret=SECRET, accept=Hand().accept, networks=TELEGRAM, trusted=trusted
    )
    client = await world.serve(webhook=endpoint)
    headers = HEADERS | ({"X-Forwarded-For": forwarded_for} if forwarded_for else {})

    answer = await client.post(PATH, data=UPDATE, headers=headers)

    assert await refusal(answer) == refused(403)
    assert [words in record.getMessage() for record in caplog.records] == [True]


async def test_a_stranger_without_the_secret_writes_nothing_into_the_log(restricted, caplog):
    for address in ("6.6.6.6", "149.154.160.1", "?"):
        headers = HEADERS | {SECRET_HEADER: "wrong", "X-Forwarded-For": address}
        await restricted.post(PATH, data=UPDATE, headers=headers)
    assert caplog.records == []


# In what form


@pytest.mark.parametrize(
    "content_type",
    ["", "text/plain", "application/x-www-form-urlencoded", "application/jsonp", ";;;", "json"],
)
async def test_a_body_that_is_not_called_json_is_refused(client, hand, content_type):
    headers = HEADERS | {"Content-Type": content_type}

    answer = await client.post(PATH, data=UPDATE, headers=headers)

    assert await refusal(answer) == refused(400)
    assert hand.got == []


async def test_a_charset_beside_json_is_fine(client):
    headers = HEADERS | {"Content-Type": "Application/JSON; charset=utf-8"}

    assert (await client.post(PATH, data=UPDATE, headers=headers)).status == 200


async def test_a_body_said_to_be_over_1_mib_is_refused_before_it_has_come(client, hand):
    status = await raw(client, WIRE_HEADERS, b"Content-Length: %d\r\n\r\n" % (BODY_BYTES_MAX + 1))

    assert (status, hand.got) == (413, [])


async def test_a_body_over_1_mib_in_chunks_is_refused_before_its_end(client, hand):
    size = BODY_BYTES_MAX + 1
    chunk = b"%x\r\n" % size + b" " * size + b"\r\n"

    status = await raw(client, WIRE_HEADERS, b"Transfer-Encoding: chunked\r\n\r\n", chunk)

    assert (status, hand.got) == (413, [])


async def test_a_small_body_in_chunks_is_taken(client, hand):
    answer = await client.post(PATH, data=chunks(UPDATE[:9], UPDATE[9:]), headers=HEADERS)

    assert (answer.status, hand.got) == (200, [UPDATE])


async def test_a_body_that_grows_over_1_mib_when_unpacked_is_refused(client, hand):
    packed = gzip.compress(UPDATE.ljust(64 * BODY_BYTES_MAX))
    assert len(packed) < BODY_BYTES_MAX

    headers = HEADERS | {"Content-Encoding": "gzip"}
    answer = await client.post(PATH, data=packed, headers=headers)

    assert await refusal(answer) == refused(413)
    assert hand.got == []


async def test_a_body_that_is_packed_wrongly_is_refused(client, hand):
    headers = HEADERS | {"Content-Encoding": "gzip"}

    answer = await client.post(PATH, data=UPDATE, headers=headers)

    assert await refusal(answer) == refused(400)
    assert hand.got == []


async def test_a_body_that_never_ends_is_given_up(world, hand):
    endpoint = WebhookEndpoint(secret=SECRET, accept=hand.accept, read_within_s=0)
    client = await world.serve(webhook=endpoint)
    status = await raw(client, WIRE_HEADERS, b"Content-Length: 1000\r\n\r\n", UPDATE)

    assert (status, hand.got) == (408, [])


async def test_a_sender_who_hangs_up_halfway_leaves_nothing_in_the_log(world, hand, caplog):
    endpoint = WebhookEndpoint(secret=SECRET, accept=hand.accept)
    # As the program serves it: the test's own server would cancel the handler instead.
    server = WebServer(build_web(world.dependencies(webhook=endpoint)), "127.0.0.1", 0)
    port = (await server.start()).rpartition(":")[2]
    _reader, writer = await asyncio.open_connection("127.0.0.1", int(port))
    writer.write(f"POST {PATH} HTTP/1.1\r\nHost: a\r\n".encode() + WIRE_HEADERS)
    writer.write(b"Content-Length: 1000\r\n\r\n" + UPDATE)
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    await server.stop()  # waits for what is under way

    assert (hand.got, [record.getMessage() for record in caplog.records]) == ([], [])


async def test_neither_secret_nor_body_is_told_again_whatever_happens(world, hand, caplog):
    caplog.set_level(logging.DEBUG)
    endpoint = WebhookEndpoint(
        secret=SECRET, accept=hand.accept, networks=TELEGRAM, trusted=LOOPBACK
    )
    client = await world.serve(webhook=endpoint)
    from_telegram = HEADERS | {"X-Forwarded-For": "149.154.160.1"}
    told = [repr(endpoint), repr(world.dependencies(webhook=endpoint))]
    for outcome in (*get_args(Acceptance), RuntimeError("a fault of ours")):
        hand.answer = outcome
        for headers in (from_telegram, HEADERS, from_telegram | {SECRET_HEADER: SECRET[:-1]}):
            for body in (UPDATE, UPDATE[:-1], UPDATE.ljust(BODY_BYTES_MAX + 1)):
                answer = await client.post(PATH, data=BytesIO(body), headers=headers)
                told.append(f"{answer.status} {answer.headers} {await answer.text()}")
    assert {text[:3] for text in told[2:]} == {"200", "400", "403", "413", "429", "500", "503"}
    told.append(caplog.text)
    assert "a fault of ours" in caplog.text

    for text in told:
        assert SECRET[:-1] not in text
        assert "PrivateWords" not in text
