"""The table of supported sites, and who a host belongs to.

`orders.links.video_links` and `order_links` read it. A new platform, or a new shape of link, is a
new row in one of the modules ending in `_sites`; `shapes` says how a row is read.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from orders.links.further_sites import (
    KICK,
    LINKEDIN,
    OK,
    PINTEREST,
    REDDIT,
    RUTUBE,
    SNAPCHAT,
    THREADS,
    VK,
)
from orders.links.messenger_sites import DISCORD, TELEGRAM, WHATSAPP
from orders.links.music_sites import SOUNDCLOUD, SPOTIFY
from orders.links.shapes import Platform, Site
from orders.links.social_sites import FACEBOOK, INSTAGRAM, X
from orders.links.video_sites import TIKTOK, TWITCH, VIMEO, YOUTUBE

PLATFORMS: Final = (YOUTUBE, TIKTOK, INSTAGRAM, FACEBOOK, X, TELEGRAM, VIMEO, TWITCH)

_FURTHER_PLATFORMS: Final = (
    *(VK, OK, RUTUBE, THREADS, LINKEDIN, PINTEREST, REDDIT, SNAPCHAT, KICK),
    *(DISCORD, WHATSAPP, SPOTIFY, SOUNDCLOUD),
)

ORDER_PLATFORMS: Final = {platform.tag: platform for platform in (*PLATFORMS, *_FURTHER_PLATFORMS)}
"""The platforms that anything can be ordered for, by key. Videos are read on `PLATFORMS` alone."""

Owners = Mapping[str, tuple[Platform, Site]]

ORDER_SITE_OF_DOMAIN: Final[Owners] = {
    domain: (platform, site)
    for platform in ORDER_PLATFORMS.values()
    for site in platform.sites
    for domain in site.domains
}

SITE_OF_DOMAIN: Final[Owners] = {
    domain: (platform, site)
    for domain, (platform, site) in ORDER_SITE_OF_DOMAIN.items()
    if platform in PLATFORMS
}

# Hosts that only redirect. Every unlisted host is refused too; these are listed so that people can
# be told what to do: open the link, then send the address that it leads to.
FORWARDING_HOSTS: Final = frozenset(
    {
        "bit.ly",
        "clck.ru",
        "cutt.ly",
        "fb.me",
        "goo.gl",
        "is.gd",
        "l.facebook.com",
        "l.instagram.com",
        "lm.facebook.com",
        "ow.ly",
        "t.co",
        "t.ly",
        "tinyurl.com",
        "vk.cc",
    }
)


def forwards(host: str) -> bool:
    """Whether a host only redirects."""
    return any(domain in FORWARDING_HOSTS for domain in _domains_of(host))


def site_of(host: str, owners: Owners = SITE_OF_DOMAIN) -> tuple[Platform, Site, str] | None:
    """The platform and site of a host, and the domain of the site that it is in."""
    for domain in _domains_of(host):
        if domain in owners:
            return *owners[domain], domain
    return None


def _domains_of(host: str) -> Iterator[str]:
    """The host itself, and each domain that it is in; the most specific one first."""
    while host:
        yield host
        _, _, host = host.partition(".")
