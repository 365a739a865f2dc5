"""The web application: every address and the handler that answers it."""

from http import HTTPStatus

from aiohttp.web import Application, FileResponse, HTTPNotFound, Request, Response, get, post

from web import ad_api, ad_page
from web.ad_endpoints import AD_ENDPOINTS
from web.ad_link import go
from web.dependencies import DEPENDENCIES, Dependencies
from web.language import reader_of
from web.pages import FILES, FINGERPRINTS, status_page
from web.postbacks import postback
from web.responses import add_headers, error_middleware, json_response, page_response
from web.status import read_ready, read_status
from web.webhook import receive

FOR_EVER = "public, max-age=31536000, immutable"
PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8"
JSON_PATHS = frozenset(("/ready", "/status", "/metrics", "/telegram/webhook"))
"""For programs: errors are JSON here."""


def build_web(dependencies: Dependencies) -> Application:
    """The web application, for `web.server.WebServer` or a test to serve."""
    app = Application(middlewares=[error_middleware(JSON_PATHS)])
    app[DEPENDENCIES] = dependencies
    if dependencies.ads is not None:
        app[AD_ENDPOINTS] = dependencies.ads
        app.on_shutdown.append(_end_streams)
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
            get("/ads", ad_page.page),  # the Mini App that shows ads
            post("/ads/api/enter", ad_api.enter),  # and its calls
            post("/ads/api/start", ad_api.start),
            post("/ads/api/done", ad_api.done),
            get("/ads/api/events", ad_api.events, allow_head=False),
            # An ad network's server says that an ad was shown. Most use the first.
            get("/postback/{network}/{secret}", postback, allow_head=False),
            get("/postback/{network}", postback, allow_head=False),
            get("/go/{session}", go, allow_head=False),  # to the ad, in link mode
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
    name = request.match_info["name"]
    path = FILES.get(name)
    if path is None:
        raise HTTPNotFound
    # An address with the fingerprint of another version must not be kept under it.
    is_fixed = request.query.get("v") == FINGERPRINTS[name]
    return FileResponse(path, headers={"Cache-Control": FOR_EVER} if is_fixed else None)


async def _end_streams(app: Application) -> None:
    """Pages that wait for news would keep the server from stopping."""
    app[AD_ENDPOINTS].streams.close()
