"""The table of ad networks. A new one is a module beside this and a row here (see README.md)."""

from collections.abc import Callable
from typing import NamedTuple

from ads.networks.adsgram import Adsgram
from ads.networks.base import AdNetwork
from ads.networks.monetag import Monetag


class Row(NamedTuple):
    """A network that can be set up.

    Attributes:
        name: as in `AdNetwork.name`.
        id_setting: the setting with our own id there; a network without one is not used.
        sdk_setting: the setting with the address of its script.
        make: the network, from the values of both.
    """

    name: str
    id_setting: str
    sdk_setting: str
    make: Callable[[str, str], AdNetwork]


NETWORKS = (
    Row("monetag", "AD_ZONE_ID", "AD_SDK_URL", Monetag),
    Row("adsgram", "ADSGRAM_BLOCK_ID", "ADSGRAM_SDK_URL", Adsgram),
)
"""In the order in which they are asked for an ad, unless AD_NETWORKS says otherwise."""
