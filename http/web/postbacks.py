"""The addresses for the ad networks' servers.

A network's server proves itself by a secret, in the path or as the parameter `secret`. 200 is only
the answer when everything that it rests on is on the disk. What pays nothing is answered with 200
too, so that it is not sent again, unless it is no request that a network can have made.
"""

import hmac
from http import HTTPStatus
from urllib.parse import unquote_plus

from aiohttp.web import HTTPNotFound, Request, Response

from ledger.ledger import LedgerFailed
from web.ad_endpoints import AdEndpoints, endpoints_of, limit_address, refusal

_PARAMETER = "secret"
_RETRY_S = 5


async def postback(request: Request) -> Response:
    """A network's server says that an ad was shown, or tapped."""
    endpoints = endpoints_of(request)
    name = request.match_info["network"]
    network = endpoints.service.networks.get(name)
    query, in_query = _without_secret(request.rel_url.raw_query_string)
    in_path = request.match_info.get("secret")
    given = in_query if in_path is None else [in_path]
    if network is None or not _is_right(endpoints, given):
        # Counted for each address, and nothing is said about what was wrong.
        endpoints.service.hooks.postback(name, "wrong_secret")
        limit_address(endpoints, endpoints.wrong_secrets, request)
        raise HTTPNotFound
    try:
        outcome = await endpoints.service.settle(network, query)
    except LedgerFailed:
        status = HTTPStatus.SERVICE_UNAVAILABLE
        raise refusal(status, "not_ready", retry_after_s=_RETRY_S) from None
    if outcome == "malformed":
        raise refusal(HTTPStatus.BAD_REQUEST, "bad_request")
    return Response(text="ok")


def _without_secret(query: str) -> tuple[str, list[str]]:
    """The query without the secret, and every secret in it. Both may still be percent-encoded."""
    # Nearly always the secret is in the path. Encoded, the parameter's name may look different.
    if "%" not in query and _PARAMETER not in query.lower():
        return query, []
    rest, secrets = [], []
    for part in query.split("&"):
        name, _, value = part.partition("=")
        if unquote_plus(name).lower() == _PARAMETER:
            secrets.append(unquote_plus(value))
        else:
            rest.append(part)
    return "&".join(rest), secrets


def _is_right(endpoints: AdEndpoints, given: list[str]) -> bool:
    """Whether this is one of the secrets. Two that are given at once are none."""
    secret = (given[0] if len(given) == 1 else "").encode(errors="surrogateescape")
    # All are compared, so that the time tells nothing about which one it was.
    found = [hmac.compare_digest(secret, right.encode()) for right in endpoints.postback_secrets]
    return any(found)
