"""One HTTP exchange with an order provider: sent once, limited in time and size.

All requests to order providers are made here. Errors are reported by their types only, because
the messages of `requests` have the whole URL in them.
"""

import logging
import math
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from typing import Any, TypeAlias

import msgspec
import requests
from urllib3.exceptions import NameResolutionError, ReadTimeoutError

from ledger.reason_codes import ReasonCode
from orders.providers.answers import OK, Answer, NotSent, Unclear, judge
from orders.providers.attempt import Attempt, KeptConnections
from orders.providers.echoes import Echo
from orders.providers.redaction import Redaction

log = logging.getLogger(__name__)

RETRY_AFTER_MAX_S = 3600
_PIECE_BYTES = 16_384
_REFUSAL_BYTES_MAX = 65_536
"""Of an answer that is not a success, whatever the limit for one is."""


class Limits(msgspec.Struct, frozen=True):
    """The limits of an exchange; the total comes on top of the time to resolve the host name.

    The defaults are for orders. They are long, because a free host takes 30 to 60 seconds to
    wake, and waiting risks nothing: an order whose answer was not awaited needs a person.
    """

    connect_timeout_s: float = 10.0
    read_timeout_s: float = 95.0
    total_timeout_s: float = 110.0
    bytes_max: int = 65_536


class Reply(msgspec.Struct, frozen=True):
    """A complete HTTP answer.

    Attributes:
        http_status: its status.
        text: its body.
        retry_after_s: its Retry-After in seconds, 0 if it had none.
        is_cut: whether the body was longer than the limit; `text` has the beginning.
    """

    http_status: int
    text: str
    retry_after_s: int = 0
    is_cut: bool = False


class NoReply(msgspec.Struct, frozen=True):
    """There was no complete answer.

    Attributes:
        reason_code: why.
        not_sent: whether certainly not a byte of the request was sent.
        http_status: the status of the answer that broke off, 0 if none had begun.
        text: what had arrived of its body.
        kind: the type of the error, and of its cause.
    """

    reason_code: ReasonCode
    not_sent: bool
    http_status: int = 0
    text: str = ""
    kind: str = ""


Outcome: TypeAlias = Reply | NoReply


class ReadingSession(requests.Session):
    """A session for calls that change nothing: it uses connections again.

    No retries, no redirects, no cookies, nothing from the environment. May be used by several
    threads: all that they share is the pool of connections.
    """

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self.connections = KeptConnections()
        self.mount("http://", self.connections)
        self.mount("https://", self.connections)

    def get_redirect_target(self, _resp: requests.Response) -> str | None:
        """None: to find the next request, a session reads the body of a redirect, however long."""
        return None


def exchange(
    request: requests.PreparedRequest, limits: Limits, session: ReadingSession | None = None
) -> Outcome:
    """Send a request once and read the answer. Never raises for a failed request.

    Args:
        request: what is sent.
        limits: limits of time and size.
        session: whose connections are used; None for a connection of its own.
    """
    attempt = Attempt()
    body = bytearray()
    head: list[requests.Response] = []
    try:
        if session is None:
            with attempt.adapter(limits.total_timeout_s) as adapter:
                _transfer(adapter.send, request, limits, head, body)
        else:
            with session.connections.used_for(attempt, limits.total_timeout_s):
                _transfer(session.send, request, limits, head, body, allow_redirects=False)
    except Exception as error:  # noqa: BLE001 - for any error, what counts is how far it got
        return _no_reply(attempt, error, head, body)
    if attempt.cut_off:
        # An answer without a length looks complete when it is cut off.
        return NoReply(ReasonCode.NO_ANSWER, False, head[0].status_code, _text(body), "cut off")
    wait_s = retry_after_s(head[0].headers.get("Retry-After", ""), datetime.now(UTC))
    return Reply(head[0].status_code, _text(body), wait_s, len(body) >= limits.bytes_max)


def _transfer(
    send: Any,  # noqa: ANN401 - an adapter's or a session's; their signatures differ
    request: requests.PreparedRequest,
    limits: Limits,
    head: list[requests.Response],
    body: bytearray,
    **options: bool,
) -> None:
    """Send, and read the answer into `head` and `body`, as far as it comes.

    Raises:
        Exception: of nearly any type.
    """
    timeout_s = (limits.connect_timeout_s, limits.read_timeout_s)
    with send(
        request, stream=True, timeout=timeout_s, verify=True, proxies={}, **options
    ) as response:
        head.append(response)
        # `read1` returns what has arrived, so that an admin can see an incomplete answer too.
        bytes_max = limits.bytes_max if response.status_code == OK else _REFUSAL_BYTES_MAX
        while piece := response.raw.read1(_PIECE_BYTES, decode_content=True):
            body += piece
            if len(body) >= bytes_max:
                break


def _no_reply(
    attempt: Attempt, error: Exception, head: list[requests.Response], body: bytearray
) -> NoReply:
    kind = kind_of(error)
    if attempt.certainly_not_sent:
        return NoReply(_why_not_sent(error), not_sent=True, kind=kind)
    late = attempt.cut_off or isinstance(error, requests.Timeout | ReadTimeoutError)
    reason_code = ReasonCode.NO_ANSWER if late else ReasonCode.CONNECTION_LOST
    status = head[0].status_code if head else 0
    return NoReply(reason_code, False, status, _text(body), kind)


def _why_not_sent(error: Exception) -> ReasonCode:
    if isinstance(error, requests.exceptions.SSLError):
        return ReasonCode.NO_SECURE_CONNECTION
    if isinstance(_cause(error), NameResolutionError):
        return ReasonCode.PROVIDER_NAME_UNKNOWN
    return ReasonCode.PROVIDER_UNREACHABLE


def answer_to_order(outcome: Outcome, order_id: str, echo: Echo, redaction: Redaction) -> Answer:
    """What the outcome of an exchange means for the order that was sent with it."""
    kept = redaction.kept(outcome.text)
    if isinstance(outcome, Reply):
        log.info("Order %s: HTTP %s.", order_id, outcome.http_status)
        return judge(outcome.http_status, outcome.text, kept, outcome.retry_after_s, echo)
    log.warning("Order %s: the request failed: %s.", order_id, outcome.kind)
    if outcome.not_sent:
        return NotSent(outcome.reason_code)
    return Unclear(outcome.reason_code, kept, answered=bool(outcome.text))


def headers(*, close: bool) -> dict[str, str]:
    """The headers of a request; `close` if its connection is not used again."""
    return {
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "Connection": "close" if close else "keep-alive",
        "User-Agent": requests.utils.default_user_agent(),
    }


def keep_urls_out_of_logs() -> None:
    """Silence urllib3, which logs whole URLs; ours may have a key in them."""
    logging.getLogger("urllib3").setLevel(logging.CRITICAL)


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


def kind_of(error: Exception) -> str:
    """The type of an error and of its cause, without their messages."""
    names = [type(error).__name__]
    cause = _cause(error)
    if isinstance(cause, Exception) and cause is not error:
        names.append(type(cause).__name__)
    return " from ".join(names)


def _cause(error: Exception) -> object:
    """The error that an error of `requests` wraps."""
    inner = error.args[0] if error.args else error
    return getattr(inner, "reason", None) or inner


def _text(body: bytearray) -> str:
    # Panels written in PHP often begin with a byte order mark.
    return body.decode("utf-8-sig", errors="replace")
