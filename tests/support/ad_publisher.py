"""A small publisher: a Mini App page that shows ads, and an address for postbacks."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.test_utils import TestServer

SECRET = "publishers-secret-0123456789"
MONETAG_QUERY = (
    "ymid={ymid}&event_type={event_type}&reward_event_type={reward_event_type}"
    "&zone_id={zone_id}&sub_zone_id={sub_zone_id}&request_var={request_var}"
    "&telegram_id={telegram_id}&estimated_price={estimated_price}"
)

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Ads for points</title>
<link rel="stylesheet" href="/app.css">
<script src="{sandbox}/page/telegram-web-app.js"></script>
<script src="/app.js" defer></script>
<h1>Ads for points</h1>
<p id="who"></p>
<button id="monetag">Watch</button> <button id="pop">Popup</button>
<button id="late-pop">Popup too late</button> <button id="adsgram">AdsGram</button>
<button id="more">Telegram</button>
<p id="outcome" role="status"></p>
</html>
"""

SCRIPT = """
const app = window.Telegram.WebApp;
const outcome = document.getElementById("outcome");
document.getElementById("who").textContent = app.initDataUnsafe.user?.first_name ?? "nobody";
function load(url, data) {
  return new Promise((resolve, reject) => {
    const tag = document.createElement("script");
    Object.assign(tag.dataset, data);
    tag.onload = resolve;
    tag.onerror = () => reject(new Error("script blocked"));
    tag.src = url;
    document.head.append(tag);
  });
}
async function said(promise) {
  outcome.textContent = "waiting";
  try {
    outcome.textContent = `resolved ${JSON.stringify((await promise) ?? "nothing")}`;
  } catch (error) {
    outcome.textContent = `rejected ${error.message ?? JSON.stringify(error)}`;
  }
}
const monetag = () => load("%(sandbox)s/networks/monetag/sdk.js", { zone: "77", sdk: "show_77" });
window.say = said;
window.monetag = monetag;
document.getElementById("monetag").onclick = () =>
  said(monetag().then(() => show_77({ ymid: "S1", requestVar: "task", catchIfNoFeed: true })));
document.getElementById("pop").onclick = () => said(show_77({ type: "pop", ymid: "S2" }));
document.getElementById("late-pop").onclick = () =>
  said(fetch("/app.css").then(() => show_77("pop")));
document.getElementById("adsgram").onclick = () =>
  said(load("%(sandbox)s/networks/adsgram/sdk.js").then(() => {
    const ads = Adsgram.init({ blockId: "2000" });
    window.heard = [];
    for (const name of ["onStart", "onReward", "onSkip", "onError", "onBannerNotFound"]) {
      ads.addEventListener(name, () => window.heard.push(name));
    }
    return ads.show();
  }));
document.getElementById("more").onclick = () => {
  app.BackButton.onClick(() => {
    outcome.textContent = "went back";
    app.BackButton.hide();
  }).show();
  app.MainButton.setParams({ text: "Save", is_visible: true }).onClick(() =>
    app.showConfirm("Really?", (yes) => { outcome.textContent = yes ? "saved" : "not saved"; }));
  app.enableClosingConfirmation();
};
app.onEvent("themeChanged", () => { document.title = app.colorScheme; });
app.ready();
app.expand();
"""

STYLE = """
body { margin: 0; padding: 16px; font: 17px/1.5 system-ui, sans-serif;
  color: var(--tg-theme-text-color); background: var(--tg-theme-bg-color) }
button { padding: 10px 18px; border: 0; border-radius: 10px; font: inherit;
  color: var(--tg-theme-button-text-color); background: var(--tg-theme-button-color) }
#outcome { overflow-wrap: anywhere }
"""


class Publisher:
    """The page's server, and the postbacks that it got."""

    def __init__(self, sandbox_url: str) -> None:
        self.sandbox_url = sandbox_url
        self.got: list[dict[str, str]] = []
        self.raw: list[str] = []
        self.statuses: list[int] = []
        """The next answers, 200 after them."""
        self.url = ""

    def template(self, network: str = "monetag") -> str:
        """The postback address to configure."""
        query = "userid=[userId]" if network == "adsgram" else MONETAG_QUERY
        return f"{self.url}/postback/{network}/{SECRET}?{query}"

    async def page(self, _request: web.Request) -> web.Response:
        """The Mini App, under a strict policy."""
        policy = (
            f"default-src 'none'; script-src 'self' {self.sandbox_url}; style-src 'self';"
            f" connect-src 'self' {self.sandbox_url}; frame-ancestors {self.sandbox_url}"
        )
        text = PAGE.replace("{sandbox}", self.sandbox_url)
        headers = {"Content-Security-Policy": policy}
        return web.Response(text=text, content_type="text/html", headers=headers)

    async def script(self, _request: web.Request) -> web.Response:
        """The page's script."""
        text = SCRIPT % {"sandbox": self.sandbox_url}
        return web.Response(text=text, content_type="text/javascript")

    async def style(self, _request: web.Request) -> web.Response:
        """The page's style, in Telegram's colours."""
        return web.Response(text=STYLE, content_type="text/css")

    async def postback(self, request: web.Request) -> web.Response:
        """A postback; 404 for a wrong secret."""
        if request.match_info["secret"] != SECRET:
            return web.Response(status=404)
        status = self.statuses.pop(0) if self.statuses else 200
        if status == 200:
            self.got.append(dict(request.query))
            self.raw.append(request.rel_url.raw_query_string)
        return web.Response(status=status, text="ok")


@asynccontextmanager
async def publishing(sandbox_url: str) -> AsyncIterator[Publisher]:
    """Serve a publisher on a port of its own."""
    publisher = Publisher(sandbox_url)
    app = web.Application()
    app.add_routes(
        [
            web.get("/ads", publisher.page),
            web.get("/app.js", publisher.script),
            web.get("/app.css", publisher.style),
            web.get("/postback/{network}/{secret}", publisher.postback),
        ]
    )
    async with TestServer(app) as server:
        publisher.url = f"http://127.0.0.1:{server.port}"
        yield publisher
