"""Webhook endpoint: who may deliver an update, in what form, and which answer they get.

Telegram delivers an update again until the answer is a 2xx, for up to a day, and keeps back what
follows it in the same chat. So 200 is only the answer to an update that needs no second delivery.
The body is decoded once, by the receiver: here only its size and its sender are checked.
"""

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import randint
from typing import Literal, Never, TypeAlias, assert_never

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

from web import texts
from web.addresses import Address, Network, client_address, is_in, read_address

log = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
FORWARDED_HEADER = "X-Forwarded-For"
BODY_BYTES_MAX = 1024 * 1024
READ_WITHIN_S = 10.0
BUSY_RETRY_MAX_S = 5
CLOSED_RETRY_S = 2

Acceptance: TypeAlias = Literal["accepted", "busy", "closed", "malformed"]
"""What became of a delivered update.

- `accepted`: it needs no second delivery. Its effects or it itself are durable, or it was refused.
- `busy`: too many updates are in flight; Telegram should deliver it again in a few seconds.
- `closed`: nothing is accepted now, because the program stops or the disk has failed.
- `malformed`: the body is not an update.
"""


@dataclass(frozen=True, kw_only=True)
class WebhookEndpoint:
    """What the endpoint needs.

    Attributes:
        secret: the secret token that Telegram sends with each update; never empty.
        accept: gets the bytes of a body from Telegram.
        networks: where updates may come from; empty means from anywhere.
        trusted: the proxies whose `X-Forwarded-For` is believed.
        read_within_s: how long a body may take to arrive.
    """

    secret: str = field(repr=False)
    accept: Callable[[bytes], Awaitable[Acceptance]]
    networks: tuple[Network, ...] = ()
    trusted: tuple[Network, ...] = ()
    read_within_s: float = READ_WITHIN_S

    def __post_init__(self) -> None:
        """Refuse an endpoint that anybody could deliver to."""
        if not self.secret:
            raise ValueError("the webhook's secret is empty")


async def receive(endpoint: WebhookEndpoint, request: Request) -> Response:
    """Accept one delivery from Telegram.

    Nothing of the body is read before the sender is known, and nobody learns which check failed.

    Raises:
        HTTPException: it was not accepted; a `Retry-After` says when to deliver it again.
    """
    sender = _sender(endpoint, request)
    is_allowed = not endpoint.networks or is_in(sender, endpoint.networks)
    has_secret = _has_secret(endpoint, request)
    if has_secret and not is_allowed:
        # Only then: strangers must not be able to fill the log.
        log.warning("%s", _why_refused(endpoint, request.remote, sender))
    if not (is_allowed and has_secret):
        raise HTTPForbidden
    body = await _read_body(endpoint, request)
    match await endpoint.accept(body):
        case "accepted":
            return Response()
        case "busy":
            # Spread, so that refused deliveries don't all come back at the same moment.
            raise HTTPTooManyRequests(headers=_retry_after(randint(1, BUSY_RETRY_MAX_S)))
        case "closed":
            raise HTTPServiceUnavailable(headers=_retry_after(CLOSED_RETRY_S))
        case "malformed":
            raise HTTPBadRequest
        case never:
            assert_never(never)


def _sender(endpoint: WebhookEndpoint, request: Request) -> Address | None:
    forwarded_for = request.headers.getall(FORWARDED_HEADER, [])
    return client_address(request.remote, forwarded_for, endpoint.trusted)


def _why_refused(endpoint: WebhookEndpoint, peer: str | None, sender: Address | None) -> str:
    """What the operator should look at."""
    if not is_in(read_address(peer or ""), endpoint.trusted):
        return texts.delivery_not_through_proxy(peer or "?")
    if sender is None or is_in(sender, endpoint.trusted):
        return texts.delivery_without_sender(peer or "?")
    return texts.delivery_from_elsewhere(str(sender))


def _has_secret(endpoint: WebhookEndpoint, request: Request) -> bool:
    # Two headers are none. As bytes, because text beyond ASCII is not compared in constant time.
    given = ",".join(request.headers.getall(SECRET_HEADER, []))
    return hmac.compare_digest(given.encode(errors="surrogateescape"), endpoint.secret.encode())


async def _read_body(endpoint: WebhookEndpoint, request: Request) -> bytes:
    if (request.content_length or 0) > BODY_BYTES_MAX:
        _refuse_as_too_large()
    if request.content_type != "application/json":
        raise HTTPBadRequest
    body = bytearray()
    try:
        async with asyncio.timeout(endpoint.read_within_s):
            # Chunked or compressed bodies don't say beforehand how long they are.
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > BODY_BYTES_MAX:
                    _refuse_as_too_large()
    except TimeoutError:
        raise HTTPRequestTimeout from None
    except (RequestPayloadError, ConnectionError):
        # Broken off, or wrongly compressed.
        raise HTTPBadRequest from None
    return bytes(body)


def _refuse_as_too_large() -> Never:
    raise HTTPRequestEntityTooLarge(max_size=BODY_BYTES_MAX)


def _retry_after(wait_s: int) -> dict[str, str]:
    return {"Retry-After": str(wait_s)}
