"""Lists of IP addresses and networks, as settings have them."""

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TypeAlias

Network: TypeAlias = IPv4Network | IPv6Network

_MAPPED_BITS = 96


def read_networks(text: str, names: Mapping[str, Sequence[str]]) -> tuple[Network, ...]:
    """The networks of a list like `telegram, 10.0.0.0/8, 192.0.2.7`.

    Args:
        text: the list.
        names: words that stand for some networks.

    Raises:
        ValueError: one of them is no network, or there is none.
    """
    networks: list[Network] = []
    for word in (part.strip() for part in text.split(",") if part.strip()):
        networks += map(_read, names.get(word, [word]))
    if not networks:
        raise ValueError("no network at all")
    return tuple(networks)


def read_some_networks(text: str) -> tuple[Network, ...]:
    """The same, without names, and not with everybody in one.

    Raises:
        ValueError: as above, or one of them is the whole internet.
    """
    networks = read_networks(text, {})
    if not all(network.prefixlen for network in networks):
        raise ValueError("the whole internet")
    return networks


def _read(word: str) -> Network:
    network = ip_network(word)
    if not isinstance(network, IPv6Network) or network.prefixlen < _MAPPED_BITS:
        return network
    # Addresses are compared in their own form: ::ffff:10.0.0.1 is 10.0.0.1.
    mapped = network.network_address.ipv4_mapped
    return IPv4Network((mapped, network.prefixlen - _MAPPED_BITS)) if mapped else network
