"""Owns the table of contents: every address of the web server, and who answers it."""

from http import HTTPStatus

from aiohttp.web import Application, FileResponse, HTTPNotFound, Request, Response, get

from web.answers import add_headers, errors_as_answers, json_answer
from web.figures import read_ready, read_status
from web.page import FILES, show_status
from web.sources import SOURCES, Sources


def build_web(sources: Sources) -> Application:
    """The web application, for `web.server.WebServer` or a test to serve."""
    app = Application(middlewares=[errors_as_answers(for_programs={"/ready", "/status"})])
    app[SOURCES] = sources
    app.on_response_prepare.append(add_headers)
    app.add_routes(
        [
            get("/", _page),  # for people: the figures
            get("/status", _status),  # for programs: the same as JSON
            get("/health", _health),  # for a supervisor: the process answers
            get("/ready", _ready),  # for a supervisor: it can do its work; 503 says why not
            get("/static/{name}", _file),  # the page's style, script and icon
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


async def _file(request: Request) -> FileResponse:
    path = FILES.get(request.match_info["name"])
    if path is None:
        raise HTTPNotFound
    return FileResponse(path)
