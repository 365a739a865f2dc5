"""Responses: errors as JSON or as a page, and the headers of every response.

This is the only place of the web room that turns errors into responses.
"""

import logging
from collections.abc import Awaitable, Callable, Collection
from http import HTTPStatus

import msgspec
from aiohttp.typedefs import Middleware
from aiohttp.web import HTTPException, Request, Response, StreamResponse, middleware

from ledger.ledger import LedgerFailed
from web import texts
from web.ad_endpoints import ApiError, ApiProblem, ErrorCode, error_response
from web.dependencies import DEPENDENCIES
from web.language import Reader, reader_of
from web.pages import message_page
from web.status import LogUnavailable

log = logging.getLogger(__name__)

SERVER_NAME = "Viewbank"
"""All that strangers learn of the server."""
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
"""For every response that doesn't set them itself."""

KEPT_HEADERS = ("Allow", "Retry-After")
"""Headers of an error that its response keeps, because programs act on them."""

WITH_CODES = ("/ads/api/", "/postback/")
"""Where errors have a code, for programs that act on them."""
CODES: dict[int, str] = {
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "wrong_method",
    HTTPStatus.REQUEST_TIMEOUT: "too_slow",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_large",
    HTTPStatus.INTERNAL_SERVER_ERROR: "failed",
    HTTPStatus.SERVICE_UNAVAILABLE: "not_ready",
}
"""The code of a status; of all others, `bad_request`."""

Handler = Callable[[Request], Awaitable[StreamResponse]]


class Problem(msgspec.Struct, frozen=True):
    """An error for programs, in English."""

    error: str


def json_response(body: msgspec.Struct, status: int = HTTPStatus.OK) -> Response:
    """A struct as JSON."""
    return Response(body=msgspec.json.encode(body), status=status, content_type="application/json")


def page_response(page: str, reader: Reader, status: int = HTTPStatus.OK) -> Response:
    """A page in the reader's language."""
    headers = {"Content-Language": reader.t.language.tag, "Vary": "Accept-Language"}
    return Response(text=page, status=status, content_type="text/html", headers=headers)


async def add_headers(request: Request, response: StreamResponse) -> None:
    """Set the headers that every response has."""
    response.headers["Server"] = SERVER_NAME
    if request.path.startswith("/static/"):
        response.headers.setdefault("Cache-Control", "no-cache")
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)


def error_middleware(json_paths: Collection[str]) -> Middleware:
    """Turns errors into responses: JSON under `json_paths`, with a code where programs act on it.

    Everywhere else they are pages.
    """

    @middleware
    async def respond_to_errors(request: Request, handler: Handler) -> StreamResponse:
        try:
            return await handler(request)
        except ApiError as error:
            return error_response(error.status, error.problem)
        except Exception as error:
            if isinstance(error, HTTPException) and error.status < HTTPStatus.BAD_REQUEST:
                raise
            return _answer_to(error, request, json_paths)

    return respond_to_errors


def _answer_to(error: Exception, request: Request, json_paths: Collection[str]) -> Response:
    status, sentence = _read_error(error, request)
    if request.path.startswith(WITH_CODES):
        code = CODES.get(status, "bad_request")
        response = error_response(status, ApiProblem(ErrorCode(code)))
    else:
        response = _error_response(request, request.path in json_paths, status, sentence)
    if isinstance(error, HTTPException):
        for name in KEPT_HEADERS:
            if name in error.headers:
                response.headers[name] = error.headers[name]
    return response


def _read_error(error: Exception, request: Request) -> tuple[int, texts.Sentence]:
    """The status, and what to say; a fault of ours is logged."""
    if isinstance(error, HTTPException):
        return error.status, _sentence_for(error)
    if isinstance(error, LogUnavailable):
        return HTTPStatus.SERVICE_UNAVAILABLE, error.problem
    if isinstance(error, LedgerFailed):
        status = HTTPStatus.SERVICE_UNAVAILABLE
        return status, texts.error_sentence(status)
    # Not the path, nor the query or the body: they may contain secrets.
    log.error("%s %s failed", request.method, _route_of(request), exc_info=error)
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return status, texts.error_sentence(status)


def _route_of(request: Request) -> str:
    """The address without what varies in it."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "?"


def _sentence_for(error: HTTPException) -> texts.Sentence:
    if error.headers.get("Allow") == "POST":
        return lambda t: t(texts.NOT_FOR_READING)
    return texts.error_sentence(error.status)


def _error_response(
    request: Request, as_json: bool, status: int, sentence: texts.Sentence
) -> Response:
    translators = request.app[DEPENDENCIES].translators
    if as_json:
        return json_response(Problem(sentence(translators.default).text), status)
    reader = reader_of(request, translators)
    page = message_page(reader, texts.error_title(reader.t, status), sentence(reader.t))
    return page_response(page, reader, status)
