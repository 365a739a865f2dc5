"""The table of supported video sites, and who a host belongs to.

`orders.links.video_links` reads it. A new platform, or a new shape of link, is a new row in
`video_sites` or `social_sites`; `shapes` says how a row is read.
"""

from collections.abc import Iterator
from typing import Final

from orders.links.shapes import Platform, Site
from orders.links.social_sites import FACEBOOK, INSTAGRAM, TELEGRAM, X
from orders.links.video_sites import TIKTOK, TWITCH, VIMEO, YOUTUBE

PLATFORMS: Final = (YOUTUBE, TIKTOK, INSTAGRAM, FACEBOOK, X, TELEGRAM, VIMEO, TWITCH)

SITE_OF_DOMAIN: Final = {
    domain: (platform, site)
    for platform in PLATFORMS
    for site in platform.sites
    for domain in site.domains
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


def site_of(host: str) -> tuple[Platform, Site, str] | None:
    """The platform and site of a host, and the domain of the site that it is in."""
    for domain in _domains_of(host):
        if domain in SITE_OF_DOMAIN:
            return *SITE_OF_DOMAIN[domain], domain
    return None


def _domains_of(host: str) -> Iterator[str]:
    """The host itself, and each domain that it is in; the most specific one first."""
    while host:
        yield host
        _, _, host = host.partition(".")
