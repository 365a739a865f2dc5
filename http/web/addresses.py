"""IP addresses: who is at the other end of a connection, and who is behind a proxy."""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TypeAlias

from aiohttp.web import Request

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

FORWARDED_HEADER = "X-Forwarded-For"
_CUSTOMER_BITS = 64


def read_address(text: str) -> Address | None:
    """The address, or None if this is none."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    # A server that listens on IPv6 sees those who come by IPv4 as ::ffff:149.154.160.1.
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def client_address(
    peer: str | None, forwarded_for: list[str], trusted: tuple[Network, ...]
) -> Address | None:
    """Who sent a request; None if that is unknown.

    A proxy adds the address that a request came from at the end of `X-Forwarded-For`; anybody may
    have written the entries before. So the header is read from the end, for as long as the entry
    that was reached is a trusted proxy: the first other one is the client.

    Args:
        peer: the other end of the connection.
        forwarded_for: the values of all `X-Forwarded-For` headers, in their order.
        trusted: the networks of the proxies; without any, the header counts for nothing.
    """
    address = read_address(peer or "")
    entries = ",".join(forwarded_for).split(",") if forwarded_for else []
    while entries and is_in(address, trusted):
        address = read_address(entries.pop().strip())
    return address


def sender_of(request: Request, trusted: tuple[Network, ...]) -> Address | None:
    """Who sent a request; as `client_address`."""
    forwarded_for = request.headers.getall(FORWARDED_HEADER, [])
    return client_address(request.remote, forwarded_for, trusted)


def certain_sender_of(request: Request, trusted: tuple[Network, ...]) -> Address | None:
    """The same, but None behind a proxy that nobody has named: its address is everybody's."""
    is_forwarded = FORWARDED_HEADER in request.headers
    if is_forwarded and not is_in(read_address(request.remote or ""), trusted):
        return None
    return sender_of(request, trusted)


def is_in(address: Address | None, networks: Iterable[Network]) -> bool:
    """Whether this address, if there is one, is in one of these networks."""
    return address is not None and any(address in network for network in networks)


@lru_cache(maxsize=1024)
def neighbourhood(peer: str) -> str:
    """The address, or the network that one customer has whole: with IPv6, a /64."""
    address = read_address(peer)
    if isinstance(address, IPv6Address):
        return str(IPv6Network((int(address) >> _CUSTOMER_BITS << _CUSTOMER_BITS, _CUSTOMER_BITS)))
    return str(address or peer)
