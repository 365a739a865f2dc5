"""The port to the order provider, and `SimpleProvider`, which orders with one GET request."""

import logging
import math
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

import msgspec
import requests
from urllib3.exceptions import NameResolutionError, ReadTimeoutError

from ledger.reason_codes import ReasonCode
from orders.providers.answers import Answer, NotSent, Unclear, judge
from orders.providers.attempt import Attempt
from orders.providers.echoes import Echo

log = logging.getLogger(__name__)

CONNECT_TIMEOUT_S, READ_TIMEOUT_S, TOTAL_TIMEOUT_S = 10.0, 95.0, 110.0
KEPT_BYTES = 2048
READ_BYTES_MAX = 65_536
RETRY_AFTER_MAX_S = 3600
_SECRET_LENGTH_MIN = 6
_PATH_SECRET_LENGTH_MIN = 16


class OutgoingOrder(msgspec.Struct, frozen=True):
    """What a provider receives of an order. `quantity` is in views."""

    order_id: str
    video_link: str
    quantity: int


class Provider(Protocol):
    """Where orders are sent."""

    def send(self, order: OutgoingOrder) -> Answer:
        """Send an order, once, and return the outcome. Blocks; called in a thread."""


class SimpleProvider:
    """`GET url?video=…&qty=…`: no idempotency key, no status requests, no retries.

    A `send` ends within `total_timeout_s`, plus the time that the system needs to resolve the
    host name. That is long, because a free host takes 30 to 60 seconds to wake, and waiting risks
    nothing: an order whose answer was not awaited needs a person.

    Attributes:
        answered_at_s: when it last answered anything, by the monotonic clock.
    """

    def __init__(
        self,
        url: str,
        *,
        connect_timeout_s: float = CONNECT_TIMEOUT_S,
        read_timeout_s: float = READ_TIMEOUT_S,
        total_timeout_s: float = TOTAL_TIMEOUT_S,
    ) -> None:
        """Use `url`, which may have a query of its own.

        Raises:
            ValueError: the address can't be used; the text doesn't repeat it.
        """
        self._secrets = _secrets(url)
        self._front_door = _front_door(url)
        self.answered_at_s = float("-inf")
        self._url = url
        self._timeout_s = (connect_timeout_s, read_timeout_s)
        self._total_timeout_s = total_timeout_s
        self._prepared(OutgoingOrder("", "https://example.com/", 1))
        # urllib3 logs whole URLs, and ours may have a key in it.
        logging.getLogger("urllib3").setLevel(logging.CRITICAL)

    def send(self, order: OutgoingOrder) -> Answer:
        """Send it once. Never raises for a failed request."""
        request = self._prepared(order)
        attempt = Attempt()
        body = bytearray()
        try:
            status, retry_after = self._exchange(request, attempt, body)
        except Exception as error:  # noqa: BLE001 - for any error, what counts is how far it got
            # Only the type: the messages of these errors have the whole URL in them.
            log.warning("Order %s: the request failed: %s.", order.order_id, _kind(error))
            return self._failed(attempt, error, body)
        if attempt.cut_off:
            # An answer without a length looks complete when it is cut off.
            return Unclear(ReasonCode.NO_ANSWER, self._kept(body), answered=bool(body))
        log.info("Order %s: HTTP %s.", order.order_id, status)
        wait_s = retry_after_s(retry_after, datetime.now(UTC))
        echo = Echo(order.video_link, str(order.quantity), self._secrets)
        return judge(status, _text(body), self._kept(body), wait_s, echo)

    def wake(self) -> bool:
        """Ask the same host for `/`, with no key and no order; whether it answered."""
        request = requests.Request("GET", self._front_door, _headers()).prepare()
        attempt = Attempt()
        try:
            self._exchange(request, attempt, bytearray())
        except Exception as error:  # noqa: BLE001 - nothing depends on it
            log.info("The provider was not woken: %s.", _kind(error))
            return False
        return not attempt.cut_off

    def _exchange(
        self, request: requests.PreparedRequest, attempt: Attempt, body: bytearray
    ) -> tuple[int, str]:
        """Send, and read the answer into `body`; returns its status and Retry-After.

        Raises:
            Exception: of nearly any type; `attempt` knows how far it got, `body` has what was read.
        """
        with (
            attempt.adapter(self._total_timeout_s) as adapter,
            adapter.send(request, stream=True, timeout=self._timeout_s, proxies={}) as response,
        ):
            self.answered_at_s = time.monotonic()
            # `read1` returns what has arrived, so that an admin can see an incomplete answer too.
            while piece := response.raw.read1(4096, decode_content=True):
                body += piece
                if len(body) >= READ_BYTES_MAX:
                    break
            return response.status_code, response.headers.get("Retry-After", "")

    def _prepared(self, order: OutgoingOrder) -> requests.PreparedRequest:
        parameters = {"video": order.video_link, "qty": str(order.quantity)}
        try:
            return requests.Request("GET", self._url, _headers(), params=parameters).prepare()
        except (requests.RequestException, ValueError) as error:
            raise ValueError(f"the order address can't be used ({_kind(error)})") from None

    def _failed(self, attempt: Attempt, error: Exception, body: bytearray) -> Answer:
        if attempt.certainly_not_sent:
            if isinstance(error, requests.exceptions.SSLError):
                return NotSent(ReasonCode.NO_SECURE_CONNECTION)
            if isinstance(_cause(error), NameResolutionError):
                return NotSent(ReasonCode.PROVIDER_NAME_UNKNOWN)
            return NotSent(ReasonCode.PROVIDER_UNREACHABLE)
        late = attempt.cut_off or isinstance(error, requests.Timeout | ReadTimeoutError)
        reason_code = ReasonCode.NO_ANSWER if late else ReasonCode.CONNECTION_LOST
        return Unclear(reason_code, self._kept(body), answered=bool(body))

    def _kept(self, body: bytearray) -> str:
        """The first 2 kB, without secrets of our URL that the provider may have echoed."""
        text = _text(body)
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text.encode()[:KEPT_BYTES].decode(errors="ignore")


def _headers() -> dict[str, str]:
    return {
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "Connection": "close",
        "User-Agent": requests.utils.default_user_agent(),
    }


def _front_door(url: str) -> str:
    """The address `/` of the same host, without name, password, path and query."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}/"


def _text(body: bytearray) -> str:
    # Panels written in PHP often begin with a byte order mark.
    return body.decode("utf-8-sig", errors="replace")


def retry_after_s(header: str, now: datetime) -> int:
    """The seconds that a Retry-After header asks for, at most an hour; 0 if unreadable."""
    header = header.strip()
    if header.isascii() and header.isdigit():
        return min(int(header[:10]), RETRY_AFTER_MAX_S)
    try:
        moment = parsedate_to_datetime(header)
        left_s = (moment - now).total_seconds()
    except (TypeError, ValueError, OverflowError):
        return 0
    return min(max(0, math.ceil(left_s)), RETRY_AFTER_MAX_S)


def _secrets(url: str) -> tuple[str, ...]:
    """The parts of a URL that must not be shown anywhere, longest first.

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
    long = (one for one in candidates if len(one) >= _SECRET_LENGTH_MIN)
    return tuple(sorted(long, key=len, reverse=True))


def _cause(error: Exception) -> object:
    """The error that an error of `requests` wraps."""
    inner = error.args[0] if error.args else error
    return getattr(inner, "reason", None) or inner


def _kind(error: Exception) -> str:
    """The type of an error and of its cause, without their messages."""
    names = [type(error).__name__]
    cause = _cause(error)
    if isinstance(cause, Exception) and cause is not error:
        names.append(type(cause).__name__)
    return " from ".join(names)
