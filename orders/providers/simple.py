"""`SimpleProvider`, which orders with one GET request and reports nothing afterwards."""

import logging
import time

import requests

from ledger.reason_codes import ReasonCode
from orders.providers.addresses import read_address
from orders.providers.answers import Answer, NotSent
from orders.providers.base import OutgoingOrder
from orders.providers.echoes import Echo
from orders.providers.exchange import (
    Limits,
    NoReply,
    Outcome,
    answer_to_order,
    exchange,
    headers,
    keep_urls_out_of_logs,
    kind_of,
)
from orders.providers.redaction import Redaction

log = logging.getLogger(__name__)

_DEFAULT = Limits()


class SimpleProvider:
    """`GET url?video=…&qty=…`: no idempotency key, no status requests, no retries.

    A `send` ends within `total_timeout_s`, plus the time that the system needs to resolve the
    host name.

    Attributes:
        follows: it doesn't report what became of orders.
        answered_at_s: when it last answered anything, by the monotonic clock.
    """

    follows: bool = False

    def __init__(
        self,
        url: str,
        *,
        connect_timeout_s: float = _DEFAULT.connect_timeout_s,
        read_timeout_s: float = _DEFAULT.read_timeout_s,
        total_timeout_s: float = _DEFAULT.total_timeout_s,
    ) -> None:
        """Use `url`, which may have a query of its own.

        Raises:
            ValueError: the address can't be used; the text doesn't repeat it.
        """
        self._address = read_address(url, {"video", "qty"})
        self._redaction = Redaction(self._address.secrets)
        self._limits = Limits(connect_timeout_s, read_timeout_s, total_timeout_s)
        self.answered_at_s = float("-inf")
        self._prepared(OutgoingOrder("", "https://example.com/", 1))
        keep_urls_out_of_logs()

    def send(self, order: OutgoingOrder) -> Answer:
        """Send it once. Never raises for a failed request.

        It delivers views and nothing else. An order for a service was placed while there was
        another provider: it waits for that, or for an admin's refund.
        """
        if order.service_id:
            return NotSent(ReasonCode.PROVIDER_SETTINGS_WRONG, needs_admin=True)
        outcome = self._exchange(self._prepared(order))
        echo = Echo(order.video_link, str(order.quantity), self._address.secrets)
        return answer_to_order(outcome, order.order_id, echo, self._redaction)

    def wake(self) -> bool:
        """Ask the same host for `/`, with no key and no order; whether it answered."""
        door = self._address.front_door
        outcome = self._exchange(requests.Request("GET", door, headers(close=True)).prepare())
        if isinstance(outcome, NoReply):
            log.info("The provider was not woken: %s.", outcome.kind)
            return False
        return True

    def _exchange(self, request: requests.PreparedRequest) -> Outcome:
        outcome = exchange(request, self._limits)
        if outcome.http_status:
            self.answered_at_s = time.monotonic()
        return outcome

    def _prepared(self, order: OutgoingOrder) -> requests.PreparedRequest:
        parameters = {"video": order.video_link, "qty": str(order.quantity)}
        url = self._address.url
        try:
            return requests.Request("GET", url, headers(close=True), params=parameters).prepare()
        except (requests.RequestException, ValueError) as error:
            raise ValueError(f"the order address can't be used ({kind_of(error)})") from None
