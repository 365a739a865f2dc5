"""Owns the port to the order provider, and `SimpleProvider`, the plain order address."""

import logging
import math
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

import msgspec
import requests
from urllib3.exceptions import NameResolutionError, ReadTimeoutError

from orders.providers.answers import Answer, NotSent, Unclear, judge
from orders.providers.attempt import Attempt

log = logging.getLogger(__name__)

KEPT_BYTES = 2048
READ_BYTES_MAX = 65_536
RETRY_AFTER_MAX_S = 3600
_SECRET_LENGTH_MIN = 6
_PATH_SECRET_LENGTH_MIN = 16

NOT_REACHED = "The provider could not be reached."
NOT_FOUND = "The provider's address was not found."
NOT_SAFE = "A safe connection to the provider could not be made."
NO_ANSWER = "The provider did not answer in time."
BROKEN_OFF = "The connection broke off before the answer was complete."


class OutgoingOrder(msgspec.Struct, frozen=True):
    """What a provider is told of an order. `quantity` is in views."""

    order_id: str
    video_link: str
    quantity: int


class Provider(Protocol):
    """Where orders are sent."""

    def send(self, order: OutgoingOrder) -> Answer:
        """Send an order, once, and say what became of it. Blocks; called in a worker thread."""


class SimpleProvider:
    """`GET url?video=…&qty=…`: no key of its own, no status, no second try.

    A `send` ends within `total_timeout_s`, plus the time that the system takes to look up the
    host's name.
    """

    def __init__(
        self,
        url: str,
        *,
        connect_timeout_s: float = 5,
        read_timeout_s: float = 30,
        total_timeout_s: float = 60,
    ) -> None:
        """Use `url`, which may have a query of its own.

        Raises:
            ValueError: the address can't be used; the text doesn't repeat it.
        """
        self._secrets = _secrets(url)
        self._url = url
        self._timeout_s = (connect_timeout_s, read_timeout_s)
        self._total_timeout_s = total_timeout_s
        self._prepared(OutgoingOrder("", "https://example.com/", 1))
        # urllib3 logs whole addresses, ours with its key among them.
        logging.getLogger("urllib3").setLevel(logging.CRITICAL)

    def send(self, order: OutgoingOrder) -> Answer:
        """Send it once. Never raises for anything that happens on the way."""
        request = self._prepared(order)
        trip = Attempt()
        body = bytearray()
        try:
            status, retry_after = self._exchange(request, trip, body)
        except Exception as error:  # noqa: BLE001 - whatever it was, what counts is how far it got
            # Only the kind: the texts of these errors hold the whole address.
            log.warning("Order %s: %s on the way.", order.order_id, _kind(error))
            return self._failed(trip, error, body)
        if trip.cut_off:
            # Without a length, an answer that was cut off looks complete.
            return Unclear(NO_ANSWER, self._kept(body), answered=bool(body))
        log.info("Order %s: HTTP %s.", order.order_id, status)
        wait_s = retry_after_s(retry_after, datetime.now(UTC))
        return judge(status, _text(body), self._kept(body), wait_s)

    def _exchange(
        self, request: requests.PreparedRequest, trip: Attempt, body: bytearray
    ) -> tuple[int, str]:
        """Send, and read the answer into `body`; gives its status and Retry-After.

        Raises:
            Exception: of nearly any kind; `trip` knows how far it got, `body` holds what came.
        """
        with (
            trip.adapter(self._total_timeout_s) as adapter,
            adapter.send(request, stream=True, timeout=self._timeout_s, proxies={}) as response,
        ):
            # `read1` gives what is there, so that a cut-off answer can still be shown to an admin.
            while piece := response.raw.read1(4096, decode_content=True):
                body += piece
                if len(body) >= READ_BYTES_MAX:
                    break
            return response.status_code, response.headers.get("Retry-After", "")

    def _prepared(self, order: OutgoingOrder) -> requests.PreparedRequest:
        parameters = {"video": order.video_link, "qty": str(order.quantity)}
        headers = {
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "Connection": "close",
            "User-Agent": requests.utils.default_user_agent(),
        }
        try:
            return requests.Request("GET", self._url, headers, params=parameters).prepare()
        except (requests.RequestException, ValueError) as error:
            raise ValueError(f"the order address can't be used ({_kind(error)})") from None

    def _failed(self, trip: Attempt, error: Exception, body: bytearray) -> Answer:
        if trip.never_left:
            if isinstance(error, requests.exceptions.SSLError):
                return NotSent(NOT_SAFE)
            if isinstance(_cause(error), NameResolutionError):
                return NotSent(NOT_FOUND)
            return NotSent(NOT_REACHED)
        late = trip.cut_off or isinstance(error, requests.Timeout | ReadTimeoutError)
        return Unclear(NO_ANSWER if late else BROKEN_OFF, self._kept(body), answered=bool(body))

    def _kept(self, body: bytearray) -> str:
        """The first 2 kB, without what a provider may have echoed of our address."""
        text = _text(body)
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text.encode()[:KEPT_BYTES].decode(errors="ignore")


def _text(body: bytearray) -> str:
    # Panels written in PHP like to begin with a byte order mark.
    return body.decode("utf-8-sig", errors="replace")


def retry_after_s(header: str, now: datetime) -> int:
    """The seconds that a Retry-After header asks for, at most an hour; 0 if it says nothing."""
    header = header.strip()
    if header.isascii() and header.isdigit():
        return min(int(header[:10]), RETRY_AFTER_MAX_S)
    try:
        moment = parsedate_to_datetime(header)
        left_s = (moment - now).total_seconds()
    except (TypeError, ValueError, OverflowError):
        return 0
    return min(max(0, math.ceil(left_s)), RETRY_AFTER_MAX_S)


def _secrets(url: str) -> list[str]:
    """What must not be repeated of an address, the longest first.

    Raises:
        ValueError: the address can't be used.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError("the order address can't be read") from None
    if parts.scheme not in {"http", "https"} or not host:
        raise ValueError("the order address must begin with http:// or https:// and name a host")
    query = parse_qs(parts.query, keep_blank_values=True)
    if taken := sorted({"video", "qty"} & set(query)):
        raise ValueError(f"the order address must not have {' or '.join(taken)} in it already")
    values = [value for values in query.values() for value in values]
    path = (step for step in parts.path.split("/") if len(step) >= _PATH_SECRET_LENGTH_MIN)
    candidates = {url, parts.query, parts.password or "", *parts.query.split("&"), *values, *path}
    return sorted((one for one in candidates if len(one) >= _SECRET_LENGTH_MIN), key=len)[::-1]


def _cause(error: Exception) -> object:
    """What stood at the beginning of an error of `requests`."""
    inner = error.args[0] if error.args else error
    return getattr(inner, "reason", None) or inner


def _kind(error: Exception) -> str:
    """An error's kind, and its cause's, without their texts."""
    names = [type(error).__name__]
    cause = _cause(error)
    if isinstance(cause, Exception) and cause is not error:
        names.append(type(cause).__name__)
    return " from ".join(names)
