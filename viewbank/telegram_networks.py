"""Telegram's own servers: the ports they deliver updates to, the networks they deliver from."""

from urllib.parse import urlsplit

HOST = "api.telegram.org"
PORTS = (443, 80, 88, 8443)
"""The only ports that webhooks are delivered to."""
NETWORKS = ("149.154.160.0/20", "91.108.4.0/22")
"""The only networks that webhooks are delivered from."""


def is_telegrams_own(api_url: str) -> bool:
    """Whether a Bot API address is Telegram's, not that of a self-hosted server."""
    return _host_and_port(api_url)[0] == HOST


def delivers_to(https_url: str) -> bool:
    """Whether Telegram's own servers deliver to the port of an `https://` address."""
    return _host_and_port(https_url)[1] in PORTS


def _host_and_port(url: str) -> tuple[str | None, int | None]:
    """Both None for an impossible address, such as one with port 99999."""
    try:
        parts = urlsplit(url)
        port = PORTS[0] if parts.port is None else parts.port
    except ValueError:
        return None, None
    return parts.hostname, port
