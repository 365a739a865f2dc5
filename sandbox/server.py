"""The sandbox as a web server: one address for the Bot API, the providers, ads and the page."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from aiohttp import web
from msgspec import Struct

from sandbox import store
from sandbox.ad import ad_page
from sandbox.botapi.gateway import Gateway
from sandbox.botapi.webhook import WebhookSender
from sandbox.control import control_errors, control_routes
from sandbox.control_people import NewPerson
from sandbox.networks.postbacks import Postbacks
from sandbox.networks.routes import NetworkRoutes
from sandbox.panel.routes import PanelRoutes
from sandbox.state import DEFAULT_TOKEN, Sandbox

PAGE = Path(__file__).parent / "page"
BODY_BYTES_MAX = 64 * 1024 * 1024
PAGE_HEADERS = {
    # A Mini App is a page of the bot's server, wherever that is.
    "Content-Security-Policy": "default-src 'self'; img-src 'self' blob: data:;"
    " frame-src http: https:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
    "Cache-Control": "no-cache",
}


class Running(Struct):
    """A sandbox that is being served."""

    url: str
    token: str
    sandbox: Sandbox

    @property
    def telegram_api_url(self) -> str:
        """For TELEGRAM_API_URL; the client adds the token and the method."""
        return self.url

    @property
    def provider_url(self) -> str:
        """For ORDER_API_URL."""
        return f"{self.url}/provider/order"

    @property
    def panel_url(self) -> str:
        """For ORDER_API_URL with the kind `panel`: panel API v2."""
        return f"{self.url}/panel/api/v2"

    @property
    def panel_url_v1(self) -> str:
        """Likewise, in the shapes of the second script family."""
        return f"{self.url}/panel/api/v1"

    @property
    def panel_key(self) -> str:
        """For ORDER_API_KEY."""
        return self.sandbox.panel.state.settings.key

    @property
    def web_app_script_url(self) -> str:
        """The stand-in for Telegram's script of that name."""
        return f"{self.url}/page/telegram-web-app.js"

    def sdk_url(self, network: str) -> str:
        """The script of an ad network."""
        return f"{self.url}/networks/{network}/sdk.js"

    @property
    def ad_url(self) -> str:
        """The ad's address. Telegram refuses `localhost` in a button, so it is an IP address."""
        return f"{self.url.replace('//localhost:', '//127.0.0.1:')}/ad"


def build_app(sandbox: Sandbox) -> web.Application:
    """All addresses of the sandbox."""
    gateway = Gateway(sandbox)
    postbacks = Postbacks()
    app = web.Application(middlewares=[control_errors], client_max_size=BODY_BYTES_MAX)
    app.add_routes(
        [
            web.route("*", "/bot{token}/{method}", gateway.call),
            web.get("/file/bot{token}/{path:.+}", gateway.download),
            web.get("/provider/order", sandbox.provider.answer),
            web.get("/ad", ad_page),
            web.get("/", _index),
            web.static("/page", PAGE),
            *PanelRoutes(sandbox.panel).routes(),
            *NetworkRoutes(sandbox.networks, postbacks).routes(),
            *control_routes(sandbox),
        ]
    )

    async def close(_app: web.Application) -> None:
        sandbox.close()

    async def deliver_updates(_app: web.Application) -> AsyncIterator[None]:
        sender = asyncio.create_task(WebhookSender(sandbox.updates).run())
        yield
        sender.cancel()
        with suppress(asyncio.CancelledError):
            await sender

    async def keep_page_fresh(request: web.Request, response: web.StreamResponse) -> None:
        if request.path.startswith("/page/"):
            response.headers["Cache-Control"] = "no-cache"

    app.on_response_prepare.append(keep_page_fresh)
    app.on_shutdown.append(close)
    app.cleanup_ctx.append(deliver_updates)
    app.cleanup_ctx.append(postbacks.serve)
    return app


async def _index(_request: web.Request) -> web.FileResponse:
    return web.FileResponse(PAGE / "index.html", headers=PAGE_HEADERS)


@asynccontextmanager
async def running(
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    token: str = DEFAULT_TOKEN,
    bot_username: str = "viewbank_demo_bot",
    bot_name: str = "Viewbank",
    admin_ids: Iterable[int] = (),
    users: Iterable[NewPerson] = (),
    state_file: Path | None = None,
    sandbox: Sandbox | None = None,
) -> AsyncIterator[Running]:
    """Serve a sandbox in this event loop; with a state file, continue from the last one."""
    sandbox = sandbox or Sandbox(token=token, bot_username=bot_username, bot_name=bot_name)
    loaded = False
    if state_file is not None:
        loaded = await asyncio.to_thread(store.load, sandbox, state_file)
    for user in users:
        if loaded and user.id is None:
            continue  # they came with the file, under the number they got then
        sandbox.add_person(
            user.first_name,
            id=user.id,
            last_name=user.last_name,
            username=user.username,
            language_code=user.language_code,
            is_admin=user.is_admin,
        )
    for admin_id in admin_ids:
        sandbox.add_person("Admin", id=admin_id, is_admin=True).is_admin = True
    # The long poll of a killed bot must end: handlers are cancelled when it disconnects.
    runner = web.AppRunner(
        build_app(sandbox), handler_cancellation=True, shutdown_timeout=1, access_log=None
    )
    await runner.setup()
    saver = None
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        if state_file is not None:
            saver = asyncio.create_task(store.keep_saving(sandbox, state_file))
        yield Running(f"http://{host}:{runner.addresses[0][1]}", sandbox.token, sandbox)
    finally:
        await runner.cleanup()
        if saver is not None:
            await saver  # closing the sandbox made it write a last time
