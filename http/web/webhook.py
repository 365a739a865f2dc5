"""Webhook endpoint: who may deliver an update, in what form, and which answer they get.

Telegram delivers an update again until the answer is a 2xx, for up to a day, and keeps back what
follows it in the same chat. So 200 is only the answer to an update that needs no second delivery.
The body is decoded once, by the receiver: here only its size and its sender are checked.
"""

import hmac
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import randint
from typing import Literal, TypeAlias, assert_never

from aiohttp.web import (
    HTTPBadRequest,
    HTTPForbidden,
    HTTPServiceUnavailable,
    HTTPTooManyRequests,
    Request,
    Response,
)

from web import texts
from web.addresses import Address, Network, is_in, read_address, sender_of
from web.bodies import READ_WITHIN_S, read_json_body

log = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
BODY_BYTES_MAX = 1024 * 1024
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
    sender = sender_of(request, endpoint.trusted)
    is_allowed = not endpoint.networks or is_in(sender, endpoint.networks)
    has_secret = _has_secret(endpoint, request)
    if has_secret and not is_allowed:
        # Only then: strangers must not be able to fill the log.
        log.warning("%s", _why_refused(endpoint, request.remote, sender))
    if not (is_allowed and has_secret):
        raise HTTPForbidden
    body = await read_json_body(request, BODY_BYTES_MAX, endpoint.read_within_s)
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


def _retry_after(wait_s: int) -> dict[str, str]:
    return {"Retry-After": str(wait_s)}
