"""The ads of the program: which networks are set up, and what the web server needs for them."""

import logging
from collections.abc import Awaitable, Callable
from typing import NamedTuple
from urllib.parse import urlsplit

from ads.metrics_hooks import AdHooks
from ads.networks.base import AdNetwork
from ads.networks.table import NETWORKS
from ads.service import AdService
from ledger.ledger import Ledger
from viewbank.settings import SETTINGS, Settings
from viewbank.telegram_networks import is_telegrams_own
from web.ad_endpoints import TELEGRAM_ORIGINS, AdEndpoints
from web.ad_streams import AdStreams
from web.ad_traces import AdTraces

log = logging.getLogger(__name__)

_FIELDS = {setting.name: setting.field for setting in SETTINGS}
_LOOPBACK = {"127.0.0.1": "localhost", "localhost": "127.0.0.1"}


class Ads(NamedTuple):
    """How ads are shown here.

    Attributes:
        networks: those that the ad page can ask, in order; none in `link` mode.
        missing: the settings without which there are no ads now, as one sentence; empty if there
            are ads.
    """

    networks: tuple[AdNetwork, ...] = ()
    missing: str = ""


def ads_of(settings: Settings) -> Ads:
    """How ads are shown with these settings."""
    if settings.ad_mode == "link":
        missing = "" if settings.ad_url else "There are no ads: AD_URL is not set."
        return Ads(missing=missing)
    networks = tuple(_networks(settings))
    needed = {
        "PUBLIC_URL": settings.public_url,
        "AD_POSTBACK_SECRET": settings.ad_postback_secret,
        _ids_wanted(settings): networks,
    }
    names = [name for name, value in needed.items() if not value]
    if not names:
        return Ads(networks)
    return Ads(missing=f"There are no ads: AD_MODE is miniapp, and needs {_listed(names)} too.")


def make_ad_endpoints(
    settings: Settings,
    ads: Ads,
    ledger: Ledger,
    *,
    bot_username: Callable[[], str],
    may_earn: Callable[[int], Awaitable[bool]],
    hooks: AdHooks,
    traces: AdTraces,
) -> AdEndpoints:
    """What the web server needs, made from the settings."""
    service = AdService(
        ledger,
        settings.require_token(),
        ads.networks,
        bot_username=bot_username,
        may_earn=may_earn,
        hooks=hooks,
    )
    return AdEndpoints(
        service=service,
        streams=AdStreams(service),
        traces=traces,
        postback_secrets=settings.postback_secrets() if ads.networks else (),
        ad_url=settings.ad_url if settings.ad_mode == "link" else "",
        web_app_script_url=settings.web_app_script_url,
        frame_ancestors=(*TELEGRAM_ORIGINS, *_own_bot_api(settings.telegram_api_url)),
        trusted=settings.trusted_proxy,
    )


def _networks(settings: Settings) -> list[AdNetwork]:
    rows = {row.name: row for row in NETWORKS}
    found = []
    for name in settings.ad_networks or rows:
        own_id, sdk_url = (
            getattr(settings, _FIELDS[setting])
            for setting in (rows[name].id_setting, rows[name].sdk_setting)
        )
        if own_id:
            found.append(rows[name].make(own_id, sdk_url))
        elif settings.ad_networks:
            log.warning("AD_NETWORKS has %s, but %s is not set.", name, rows[name].id_setting)
    return found


def _ids_wanted(settings: Settings) -> str:
    wanted = settings.ad_networks or [row.name for row in NETWORKS]
    return " or ".join(row.id_setting for row in NETWORKS if row.name in wanted)


def _listed(names: list[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _own_bot_api(url: str) -> list[str]:
    """The origins of a Bot API server on this machine: the sandbox shows the page in a frame."""
    parts = urlsplit(url)
    other = _LOOPBACK.get(parts.hostname or "")
    if is_telegrams_own(url) or other is None:
        return []
    port = f":{parts.port}" if parts.port else ""
    return [f"{parts.scheme}://{host}{port}" for host in (parts.hostname, other)]
