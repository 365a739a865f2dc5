"""Owns the table of contents: every address of the web server, and who answers it."""

from http import HTTPStatus

from aiohttp.web import Application, FileResponse, HTTPNotFound, Request, Response, get, post

from web.page import FILES, show_status
from web.responses import add_headers, errors_as_answers, json_answer
from web.sources import SOURCES, Sources
from web.status import read_ready, read_status
from web.webhook import receive

PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8"


def build_web(sources: Sources) -> Application:
    """The web application, for `web.server.WebServer` or a test to serve."""
    for_programs = {"/ready", "/status", "/metrics", "/telegram/webhook"}
    app = Application(middlewares=[errors_as_answers(for_programs)])
    app[SOURCES] = sources
    app.on_response_prepare.append(add_headers)
    app.add_routes(
        [
            get("/", _page),  # for people: the figures
            get("/status", _status),  # for programs: the same as JSON
            get("/health", _health),  # for a supervisor: the process answers
            get("/ready", _ready),  # for a supervisor: it can do its work; 503 says why not
            get("/metrics", _metrics),  # for Prometheus
            get("/static/{name}", _file),  # the page's style, script and icon
            post("/telegram/webhook", _update),  # for Telegram alone: one update
        ]
    )
    return app


async def _page(request: Request) -> Response:
    sources = request.app[SOURCES]
    page = show_status(await read_status(sources), sources.bot_username())
    return Response(text=page, content_type="text/html")


async def _status(request: Request) -> Response:
    return json_answer(await read_status(request.app[SOURCES]))


async def _health(_request: Request) -> Response:
    return Response(text="ok")


async def _ready(request: Request) -> Response:
    ready = await read_ready(request.app[SOURCES])
    return json_answer(ready, HTTPStatus.OK if ready.ready else HTTPStatus.SERVICE_UNAVAILABLE)


async def _update(request: Request) -> Response:
    endpoint = request.app[SOURCES].webhook
    if endpoint is None:
        raise HTTPNotFound
    return await receive(endpoint, request)


async def _metrics(request: Request) -> Response:
    figures = request.app[SOURCES].metrics()
    return Response(body=figures, headers={"Content-Type": PROMETHEUS_TEXT})


async def _file(request: Request) -> FileResponse:
    path = FILES.get(request.match_info["name"])
    if path is None:
        raise HTTPNotFound
    return FileResponse(path)
