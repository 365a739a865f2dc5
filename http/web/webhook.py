"""Owns the webhook's door: who may hand in an update, in what form, and what they are answered.

Telegram sends an update again until the answer is a 2xx, for up to a day, and keeps back whatever
follows it in the same chat. So 200 is said only of an update that needs no second delivery.
"""

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from random import randint
from typing import Literal, Never, TypeAlias, assert_never

import msgspec
from aiohttp.web import (
    HTTPBadRequest,
    HTTPForbidden,
    HTTPRequestEntityTooLarge,
    HTTPRequestTimeout,
    HTTPServiceUnavailable,
    HTTPTooManyRequests,
    Request,
    RequestPayloadError,
    Response,
)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
BODY_BYTES_MAX = 1024 * 1024
READ_WITHIN_S = 10.0
BUSY_RETRY_MAX_S = 5
CLOSED_RETRY_S = 2

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network


Acceptance: TypeAlias = Literal["accepted", "busy", "closed", "malformed"]
"""What became of a delivered update.

- `accepted`: it needs no second delivery. Its effects or it itself are durable, or it was refused.
- `busy`: too many updates are in flight; Telegram should deliver it again in a few seconds.
- `closed`: nothing is accepted now, because the program stops or the disk has failed.
- `malformed`: the body is not an update.
"""


@dataclass(frozen=True, kw_only=True)
class WebhookDoor:
    """What the webhook is given.

    Attributes:
        secret: what Telegram was told to send along with each update; never empty.
        take: gets the bytes of one JSON object with an `update_id`, the rest unchecked.
        networks: where updates may come from; empty means from anywhere.
        read_within_s: how long a body may take to arrive.
    """

    secret: str = field(repr=False)
    take: Callable[[bytes], Awaitable[Acceptance]]
    networks: tuple[Network, ...] = ()
    read_within_s: float = READ_WITHIN_S

    def __post_init__(self) -> None:
        """Refuse a door that anybody could open."""
        if not self.secret:
            raise ValueError("the webhook's secret is empty")


class _Envelope(msgspec.Struct):
    """What every update has."""

    update_id: int


_envelopes = msgspec.json.Decoder(_Envelope)


async def receive(door: WebhookDoor, request: Request) -> Response:
    """Take one update from Telegram.

    Nothing of the body is read before the sender is known, and nobody learns which check failed.

    Raises:
        HTTPException: it was not taken; those with a `Retry-After` say when to come again.
    """
    if not (_may_come_from(door, request) and _knows_the_secret(door, request)):
        raise HTTPForbidden
    body = await _read_body(door, request)
    match await door.take(body):
        case "accepted":
            return Response()
        case "busy":
            # Spread, so that all who are sent away don't come back at the same moment.
            raise HTTPTooManyRequests(headers=_retry_after(randint(1, BUSY_RETRY_MAX_S)))
        case "closed":
            raise HTTPServiceUnavailable(headers=_retry_after(CLOSED_RETRY_S))
        case "malformed":
            raise HTTPBadRequest
        case never:
            assert_never(never)


def sender_address(peer: str | None, forwarded_for: list[str]) -> Address | None:
    """Who sent a request, None if that can't be told.

    Telegram speaks TLS only, so a reverse proxy stands in front, on this machine or in a container
    beside it. A peer with a loopback or private address is taken for it, and believed in the last
    entry of `X-Forwarded-For`, the one it has added itself; all before that anybody may have
    written. From any other peer the header says nothing.

    Args:
        peer: the other end of the connection.
        forwarded_for: the values of all `X-Forwarded-For` headers, in their order.
    """
    address = _address(peer or "")
    if address is None or not forwarded_for or not address.is_private:
        return address
    return _address(forwarded_for[-1].rpartition(",")[2].strip())


def _address(text: str) -> Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    # A server that listens on IPv6 sees those who come by IPv4 as ::ffff:149.154.160.1.
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _may_come_from(door: WebhookDoor, request: Request) -> bool:
    if not door.networks:
        return True
    address = sender_address(request.remote, request.headers.getall("X-Forwarded-For", []))
    return address is not None and any(address in network for network in door.networks)


def _knows_the_secret(door: WebhookDoor, request: Request) -> bool:
    # Two headers are none. As bytes, because text beyond ASCII is not compared in constant time.
    given = ",".join(request.headers.getall(SECRET_HEADER, []))
    return hmac.compare_digest(given.encode(errors="surrogateescape"), door.secret.encode())


async def _read_body(door: WebhookDoor, request: Request) -> bytes:
    if (request.content_length or 0) > BODY_BYTES_MAX:
        _refuse_as_too_large()
    if request.content_type != "application/json":
        raise HTTPBadRequest
    body = bytearray()
    try:
        async with asyncio.timeout(door.read_within_s):
            # Chunked or compressed bodies don't say beforehand how long they are.
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > BODY_BYTES_MAX:
                    _refuse_as_too_large()
        _envelopes.decode(body)
    except TimeoutError:
        raise HTTPRequestTimeout from None
    except (RequestPayloadError, ConnectionError, msgspec.DecodeError, RecursionError):
        # Broken off, wrongly compressed, no JSON, or nested without end.
        raise HTTPBadRequest from None
    return bytes(body)


def _refuse_as_too_large() -> Never:
    raise HTTPRequestEntityTooLarge(max_size=BODY_BYTES_MAX)


def _retry_after(wait_s: int) -> dict[str, str]:
    return {"Retry-After": str(wait_s)}
