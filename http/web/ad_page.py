"""The ad page, and the policy that says what may run in it.

The networks' scripts load more scripts, frames and pictures, from hosts that no documentation
lists. So the policy trusts not hosts but a chain: the page's own scripts carry a nonce, and what
they load may load more (`strict-dynamic`). A script that somebody smuggles into the page has no
nonce and does not run. Browsers that don't know `strict-dynamic` go by the hosts beside it.
"""

import secrets
from urllib.parse import urlsplit

from aiohttp.web import Request, Response

from web.ad_endpoints import AdEndpoints, endpoints_of
from web.ads_page import AdsPageConfig, render_ads_page
from web.dependencies import DEPENDENCIES
from web.language import reader_of
from web.responses import page_response

_NONCE_BYTES = 16


async def page(request: Request) -> Response:
    """The page: the same for everybody, but for the language."""
    endpoints = endpoints_of(request)
    reader = reader_of(request, request.app[DEPENDENCIES].translators)
    nonce = secrets.token_urlsafe(_NONCE_BYTES)
    config = AdsPageConfig(
        endpoints.service.bot_username(),
        tuple(endpoints.service.networks),
        nonce,
        endpoints.web_app_script_url,
    )
    response = page_response(render_ads_page(reader, config), reader)
    response.headers["Content-Security-Policy"] = page_policy(endpoints, nonce)
    # Web views keep pages for long.
    response.headers["Cache-Control"] = "no-cache"
    return response


def page_policy(endpoints: AdEndpoints, nonce: str) -> str:
    """The page's Content-Security-Policy."""
    telegram = origin_of(endpoints.web_app_script_url)
    origins = [origin_of(network.sdk_url) for network in endpoints.service.networks.values()]
    sdk = " ".join(dict.fromkeys(origins))
    # An ad's own files come by https; those of a script on this machine from where it is.
    ads = f"https: {sdk}".strip()
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'nonce-{nonce}' 'strict-dynamic' 'self' {telegram} {ads}",
            # Ads bring their own styles with them.
            f"style-src 'self' 'unsafe-inline' {ads}",
            f"img-src 'self' data: blob: {ads}",
            f"media-src 'self' data: blob: {ads}",
            f"font-src 'self' data: {ads}",
            f"connect-src 'self' {ads}",
            f"frame-src {ads}",
            "worker-src blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            f"frame-ancestors {' '.join(endpoints.frame_ancestors)}",
        )
    )


def origin_of(url: str) -> str:
    """The scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
