"""Telegram's own servers: the ports they deliver updates to, the networks they deliver from."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TypeAlias
from urllib.parse import urlsplit

Network: TypeAlias = IPv4Network | IPv6Network

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


def read_networks(text: str) -> tuple[Network, ...]:
    """The networks of a list like `telegram, 10.0.0.0/8, 192.0.2.7`.

    Raises:
        ValueError: one of them is no network, or there is none, which would allow everybody.
    """
    networks: list[Network] = []
    for word in (part.strip() for part in text.split(",") if part.strip()):
        networks += map(ip_network, NETWORKS if word == "telegram" else [word])
    if not networks:
        raise ValueError("no network at all")
    return tuple(networks)


def _host_and_port(url: str) -> tuple[str | None, int | None]:
    """Both None for an impossible address, such as one with port 99999."""
    try:
        parts = urlsplit(url)
        port = PORTS[0] if parts.port is None else parts.port
    except ValueError:
        return None, None
    return parts.hostname, port
