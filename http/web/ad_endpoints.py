"""What the addresses about ads need, and what they share: who asks, how often, and errors.

Errors are small JSON: `{"error": {"code": "too_many"}}`, with more beside the code for some.
"""

from dataclasses import dataclass, field
from http import HTTPStatus
from math import ceil

import msgspec
from aiohttp.web import AppKey, HTTPNotFound, Request, Response

from ads.page_state import PageState
from ads.page_token import PageToken
from ads.service import AdService
from web.ad_streams import AdStreams
from web.ad_traces import AdTraces
from web.addresses import Network, certain_sender_of, neighbourhood, sender_of
from web.request_rates import RequestRate

RETRY_AFTER_MAX_S = 3600
TELEGRAM_ORIGINS = ("https://web.telegram.org", "https://*.telegram.org")
"""Telegram's web clients, which show the page in a frame."""


@dataclass(frozen=True, kw_only=True)
class AdEndpoints:
    """What the addresses about ads need.

    Attributes:
        service: knows people, sessions and networks.
        streams: the pages that wait for news.
        traces: what the search for fraud gets to know.
        postback_secrets: each of them opens the addresses for the networks' servers; none: nobody
            can.
        ad_url: where `/go/` leads; empty: nowhere.
        web_app_script_url: Telegram's own script, which the page loads.
        frame_ancestors: the origins that may show the page in a frame.
        trusted: the proxies whose `X-Forwarded-For` is believed.
        per_address: how often one address may ask without being known.
        per_user: how often one person may.
        wrong_secrets: how often one address may guess a secret.
    """

    service: AdService
    streams: AdStreams
    traces: AdTraces
    postback_secrets: tuple[str, ...] = field(default=(), repr=False)
    ad_url: str = ""
    web_app_script_url: str = "https://telegram.org/js/telegram-web-app.js"
    frame_ancestors: tuple[str, ...] = TELEGRAM_ORIGINS
    trusted: tuple[Network, ...] = ()
    # A mobile provider has thousands of people behind one address.
    per_address: RequestRate = field(default_factory=lambda: RequestRate(10, 200))
    per_user: RequestRate = field(default_factory=lambda: RequestRate(2, 30))
    wrong_secrets: RequestRate = field(default_factory=lambda: RequestRate(1, 20))


AD_ENDPOINTS = AppKey("ad_endpoints", AdEndpoints)


class ErrorCode(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why a request was refused; `code` is for programs and never changes."""

    code: str
    retry_after_s: int = 0
    bot_username: str = ""


class ApiProblem(msgspec.Struct, frozen=True, omit_defaults=True):
    """The body of an error."""

    error: ErrorCode
    state: PageState | None = None


class ApiError(Exception):
    """A request that is refused. The middleware makes the response."""

    def __init__(self, status: int, problem: ApiProblem) -> None:
        """`status` is the HTTP status."""
        super().__init__(problem.error.code)
        self.status = status
        self.problem = problem


def refusal(status: int, code: str, **others: object) -> ApiError:
    """A refusal with nothing but a code; `others` are further fields of `ErrorCode`."""
    return ApiError(status, ApiProblem(ErrorCode(code, **others)))  # type: ignore[arg-type] # as the caller knows them


def error_response(status: int, problem: ApiProblem) -> Response:
    """The response to a request that is refused."""
    headers = {}
    if problem.error.retry_after_s:
        headers["Retry-After"] = str(problem.error.retry_after_s)
    body = msgspec.json.encode(problem)
    return Response(body=body, status=status, content_type="application/json", headers=headers)


def endpoints_of(request: Request) -> AdEndpoints:
    """What the addresses about ads need.

    Raises:
        HTTPNotFound: there are none here.
    """
    endpoints = request.app.get(AD_ENDPOINTS)
    if endpoints is None:
        raise HTTPNotFound
    return endpoints


def limit(rate: RequestRate, key: object) -> None:
    """Count one request of this key.

    Raises:
        ApiError: there were too many.
    """
    if wait_s := rate.wait_s(key):
        status = HTTPStatus.TOO_MANY_REQUESTS
        raise refusal(status, "too_many", retry_after_s=min(RETRY_AFTER_MAX_S, ceil(wait_s)))


def limit_address(endpoints: AdEndpoints, rate: RequestRate, request: Request) -> None:
    """The same for the address that a request comes from.

    Raises:
        ApiError: there were too many.
    """
    limit(rate, neighbourhood(str(sender_of(request, endpoints.trusted) or request.remote)))


def note_start(endpoints: AdEndpoints, request: Request, user_id: int, *, is_new: bool) -> None:
    """Note that a person got a session, and from where."""
    address = certain_sender_of(request, endpoints.trusted)
    place = neighbourhood(str(address)) if address else ""
    endpoints.traces.note_start(user_id, place, is_new=is_new)


def authorize(endpoints: AdEndpoints, request: Request) -> PageToken:
    """Who asks. The token is in a header, never in an address.

    Raises:
        ApiError: the token has ended, or is none; or there were too many requests.
    """
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    token = endpoints.service.read_token(text.strip()) if scheme.lower() == "bearer" else None
    if token is None:
        limit_address(endpoints, endpoints.per_address, request)
        raise refusal(HTTPStatus.UNAUTHORIZED, "expired")
    limit(endpoints.per_user, token.user_id)
    return token
