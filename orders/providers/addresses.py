"""The address of an order provider: is it one, and which parts of it are secret?"""

from collections.abc import Set as AbstractSet
from urllib.parse import parse_qs, urlsplit

import msgspec

_SECRET_LENGTH_MIN = 6
_PATH_SECRET_LENGTH_MIN = 16


class Address(msgspec.Struct, frozen=True):
    """An address that orders are sent to.

    Attributes:
        url: the whole.
        front_door: `/` of the same host, without name, password, path and query.
        secrets: the parts that must not be shown anywhere.
    """

    url: str
    front_door: str
    secrets: tuple[str, ...]


def read_address(url: str, own_parameters: AbstractSet[str]) -> Address:
    """Check an address.

    Args:
        url: the address; it may have a query.
        own_parameters: what we send, which its query must not have already.

    Raises:
        ValueError: the address can't be used; the text doesn't repeat it.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError("the order address can't be read") from None
    if parts.scheme not in {"http", "https"} or not host:
        raise ValueError("the order address must begin with http:// or https:// and name a host")
    query = parse_qs(parts.query, keep_blank_values=True)
    if taken := sorted(own_parameters & set(query)):
        raise ValueError(f"the order address must not have {' or '.join(taken)} in it already")
    values = [value for values in query.values() for value in values]
    path = (step for step in parts.path.split("/") if len(step) >= _PATH_SECRET_LENGTH_MIN)
    candidates = {url, parts.query, parts.password or "", *parts.query.split("&"), *values, *path}
    secrets = tuple(sorted(one for one in candidates if len(one) >= _SECRET_LENGTH_MIN))
    front_door = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/"
    return Address(url, front_door, secrets)
