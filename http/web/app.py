"""The web application: every address and the handler that answers it."""

from http import HTTPStatus

from aiohttp.web import Application, FileResponse, HTTPNotFound, Request, Response, get, post

from web.dependencies import DEPENDENCIES, Dependencies
from web.language import reader_of
from web.pages import FILES, status_page
from web.responses import add_headers, error_middleware, json_response, page_response
from web.status import read_ready, read_status
from web.webhook import receive

PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8"
JSON_PATHS = frozenset(("/ready", "/status", "/metrics", "/telegram/webhook"))
"""For programs: errors are JSON here."""


def build_web(dependencies: Dependencies) -> Application:
    """The web application, for `web.server.WebServer` or a test to serve."""
    app = Application(middlewares=[error_middleware(JSON_PATHS)])
    app[DEPENDENCIES] = dependencies
    app.on_response_prepare.append(add_headers)
    app.add_routes(
        [
            get("/", _page),  # the figures, for people
            get("/status", _status),  # the same figures as JSON
            get("/health", _health),  # for a supervisor: the process answers
            get("/ready", _ready),  # for a supervisor: people can be served; 503 says why not
            get("/metrics", _metrics),  # for Prometheus
            get("/static/{name}", _file),  # the page's style sheet, script and icon
            post("/telegram/webhook", _update),  # one update from Telegram
        ]
    )
    return app


async def _page(request: Request) -> Response:
    deps = request.app[DEPENDENCIES]
    reader = reader_of(request, deps.translators)
    status = await read_status(deps, reader.t)
    return page_response(status_page(reader, status, deps.bot_username()), reader)


async def _status(request: Request) -> Response:
    deps = request.app[DEPENDENCIES]
    return json_response(await read_status(deps, deps.translators.default))


async def _health(_request: Request) -> Response:
    return Response(text="ok")


async def _ready(request: Request) -> Response:
    ready = await read_ready(request.app[DEPENDENCIES])
    return json_response(ready, HTTPStatus.OK if ready.ready else HTTPStatus.SERVICE_UNAVAILABLE)


async def _update(request: Request) -> Response:
    endpoint = request.app[DEPENDENCIES].webhook
    if endpoint is None:
        raise HTTPNotFound
    return await receive(endpoint, request)


async def _metrics(request: Request) -> Response:
    figures = request.app[DEPENDENCIES].metrics()
    return Response(body=figures, headers={"Content-Type": PROMETHEUS_TEXT})


async def _file(request: Request) -> FileResponse:
    path = FILES.get(request.match_info["name"])
    if path is None:
        raise HTTPNotFound
    return FileResponse(path)
