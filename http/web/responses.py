"""Owns how an answer leaves: errors as JSON, text or a page, and the headers that all carry.

The one place of this room that turns errors into answers.
"""

import logging
from collections.abc import Awaitable, Callable, Collection
from http import HTTPStatus

import msgspec
from aiohttp.typedefs import Middleware
from aiohttp.web import HTTPException, Request, Response, StreamResponse, middleware

from web import texts
from web.pages import show_message
from web.status import LogUnavailable

log = logging.getLogger(__name__)

SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
"""For every answer that doesn't say otherwise itself."""

HEADERS_KEPT = ("Allow", "Retry-After")
"""What an error says to programs beside its status."""

Handler = Callable[[Request], Awaitable[StreamResponse]]


class Problem(msgspec.Struct, frozen=True):
    """An error for programs."""

    error: str


def json_answer(body: msgspec.Struct, status: int = HTTPStatus.OK) -> Response:
    """A struct as JSON."""
    return Response(body=msgspec.json.encode(body), status=status, content_type="application/json")


async def add_headers(request: Request, response: StreamResponse) -> None:
    """Give an answer the headers that all carry."""
    # What the server is made of is nobody's business.
    response.headers["Server"] = "Viewbank"
    if request.path.startswith("/static/"):
        response.headers.setdefault("Cache-Control", "no-cache")
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)


def errors_as_answers(for_programs: Collection[str]) -> Middleware:
    """A middleware that answers errors: JSON under the paths `for_programs`, else a page."""

    @middleware
    async def answer_errors(request: Request, handler: Handler) -> StreamResponse:
        as_json = request.path in for_programs
        try:
            return await handler(request)
        except HTTPException as error:
            if error.status < HTTPStatus.BAD_REQUEST:
                raise
            only_post = error.headers.get("Allow") == "POST"
            answer = _answer(as_json, error.status, texts.NOT_FOR_READING if only_post else "")
            answer.headers.update(
                {name: error.headers[name] for name in HEADERS_KEPT if name in error.headers}
            )
            return answer
        except LogUnavailable as error:
            return _answer(as_json, HTTPStatus.SERVICE_UNAVAILABLE, str(error))
        except Exception:
            # Neither the query nor the body: they may hold secrets.
            log.exception("%s %s failed", request.method, request.path)
            return _answer(as_json, HTTPStatus.INTERNAL_SERVER_ERROR)

    return answer_errors


def _answer(as_json: bool, status: int, sentence: str = "") -> Response:
    title = texts.ERROR_TITLES.get(status, texts.OTHER_ERROR_TITLE)
    sentence = sentence or texts.ERROR_SENTENCES.get(status, texts.OTHER_ERROR_SENTENCE)
    if as_json:
        return json_answer(Problem(sentence), status)
    return Response(text=show_message(title, sentence), status=status, content_type="text/html")
