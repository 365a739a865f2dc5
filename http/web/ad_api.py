"""The calls of the ad page: enter, start, done, and the stream of news."""

import asyncio
from http import HTTPStatus
from typing import TypeVar

import msgspec
from aiohttp.web import Request, Response, StreamResponse

from ads.metrics_hooks import PageOutcome
from ads.page_state import PageState, status_of
from ads.service import Entered, NoAds, NotInChannel, Started, StartProblem
from web.ad_endpoints import (
    AdEndpoints,
    ApiError,
    ApiProblem,
    ErrorCode,
    authorize,
    endpoints_of,
    limit,
    limit_address,
    note_start,
    refusal,
)
from web.ad_streams import AdStream
from web.bodies import read_json_body
from web.responses import json_response
from web.server import keep_open

BODY_BYTES_MAX = 8192
COMMENT_EVERY_S = 15.0
BUSY_RETRY_S = 10
_STREAM_HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    # Proxies would wait until they have a whole buffer.
    "X-Accel-Buffering": "no",
}

_T = TypeVar("_T")


class EnterRequest(msgspec.Struct, frozen=True):
    """Body of `enter`."""

    init_data: str


class EnterAnswer(msgspec.Struct, frozen=True):
    """Answer to `enter`."""

    token: str
    state: PageState


class StartRequest(msgspec.Struct, frozen=True):
    """Body of `start`; `network` is empty for the first one."""

    network: str = ""


class StartAnswer(msgspec.Struct, frozen=True):
    """Answer to `start`."""

    session: str
    network: str
    config: dict[str, str]
    expires_in_s: int
    state: PageState


class DoneRequest(msgspec.Struct, frozen=True):
    """Body of `done`: how the ad ended on the page."""

    session: str
    outcome: PageOutcome


async def enter(request: Request) -> Response:
    """Who opened the page, by Telegram's word."""
    endpoints = endpoints_of(request)
    limit_address(endpoints, endpoints.per_address, request)
    asked = await _read(request, EnterRequest)
    entered = endpoints.service.enter(asked.init_data)
    if not isinstance(entered, Entered):
        if entered == "not_started":
            username = endpoints.service.bot_username()
            raise refusal(HTTPStatus.FORBIDDEN, entered, bot_username=username)
        raise refusal(HTTPStatus.UNAUTHORIZED, entered)
    limit(endpoints.per_user, entered.user_id)
    state = await endpoints.service.state_of(entered.user_id)
    return json_response(EnterAnswer(entered.token, state))


async def start(request: Request) -> Response:
    """A session for the person's next ad."""
    endpoints = endpoints_of(request)
    user_id = authorize(endpoints, request).user_id
    asked = await _read(request, StartRequest)
    started = await endpoints.service.start(user_id, asked.network)
    state = await endpoints.service.state_of(user_id)
    if not isinstance(started, Started):
        raise ApiError(HTTPStatus.CONFLICT, ApiProblem(ErrorCode(_code_of(started)), state))
    note_start(endpoints, request, user_id, is_new=started.is_new)
    network = started.network
    return json_response(
        StartAnswer(
            session=started.session,
            network=network.name,
            config=network.client_config(),
            expires_in_s=started.expires_in_s,
            state=state,
        )
    )


def _code_of(problem: StartProblem) -> str:
    if isinstance(problem, NotInChannel):
        return "not_in_channel"
    status = "off" if isinstance(problem, NoAds) else status_of(problem)
    return "no_ads" if status == "off" else status


async def done(request: Request) -> Response:
    """How an ad ended on the page. Counted; nothing is paid for it."""
    endpoints = endpoints_of(request)
    user_id = authorize(endpoints, request).user_id
    asked = await _read(request, DoneRequest)
    endpoints.service.note_page_ended(user_id, asked.session, asked.outcome)
    return json_response(await endpoints.service.state_of(user_id))


async def events(request: Request) -> StreamResponse:
    """The person's state now and after each change, and each payment, as server-sent events."""
    endpoints = endpoints_of(request)
    token = authorize(endpoints, request)
    stream = endpoints.streams.open(token.user_id)
    if stream is None:
        status = HTTPStatus.TOO_MANY_REQUESTS
        raise refusal(status, "too_many", retry_after_s=BUSY_RETRY_S)
    response = StreamResponse(headers=_STREAM_HEADERS)
    try:
        await response.prepare(request)
        while not stream.closed:
            left_s = (token.ends_at_ms - endpoints.service.ledger.now_ms()) / 1000
            if left_s <= 0:
                break
            await response.write(await _news(endpoints, stream, min(COMMENT_EVERY_S, left_s)))
            # The peer reads: the connection may go on.
            keep_open(request)
    except ConnectionError:
        # The page is gone.
        return response
    finally:
        endpoints.streams.remove(stream)
    return response


async def _news(endpoints: AdEndpoints, stream: AdStream, within_s: float) -> bytes:
    """What to send next: the news, or a comment if there are none for a while."""
    try:
        async with asyncio.timeout(within_s):
            await stream.changed.wait()
    except TimeoutError:
        return b": nothing new\n\n"
    lines = [_event("credited", one._asdict()) for one in stream.take()]
    state = await endpoints.service.state_of(stream.user_id)
    return b"".join([*lines, _event("state", state)])


def _event(name: str, data: object) -> bytes:
    return b"event: %b\ndata: %b\n\n" % (name.encode(), msgspec.json.encode(data))


async def _read(request: Request, kind: type[_T]) -> _T:
    body = await read_json_body(request, BODY_BYTES_MAX)
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise refusal(HTTPStatus.BAD_REQUEST, "bad_request") from None
