"""`PanelProvider`: a panel that speaks the panel API v2, of either script family.

Orders, cancellations and refills each have a connection of their own; calls that only read share
connections. Why: docs/decisions/083-connections-to-a-panel.md.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import requests

from ledger.reason_codes import ReasonCode
from orders.providers.addresses import read_address
from orders.providers.answer_shapes import order_id_of
from orders.providers.answers import OK, Accepted, Answer, NotSent, Rejected, judge
from orders.providers.base import (
    BATCH_MAX,
    Asked,
    Balance,
    CallFailed,
    OutgoingOrder,
    ServiceList,
    StatusAnswer,
    UnknownToProvider,
)
from orders.providers.echoes import Echo
from orders.providers.exchange import (
    Limits,
    NoReply,
    Outcome,
    ReadingSession,
    Reply,
    answer_to_order,
    exchange,
    headers,
    keep_urls_out_of_logs,
    kind_of,
)
from orders.providers.panel_reading import (
    read_asked,
    read_balance,
    read_services,
    read_statuses,
)
from orders.providers.panel_shapes import body_of, error_text, reports_error
from orders.providers.phrases import compiled, words_of
from orders.providers.redaction import Redaction

log = logging.getLogger(__name__)

_Read = TypeVar("_Read")
_DEFAULT = Limits()
CALL_LIMITS = Limits(read_timeout_s=30.0, total_timeout_s=45.0, bytes_max=262_144)
SERVICES_LIMITS = Limits(read_timeout_s=60.0, total_timeout_s=120.0, bytes_max=16_777_216)
"""Of the list of services, which has several thousand rows at some panels."""
_SETTINGS_WRONG = {ReasonCode.PROVIDER_SETTINGS_WRONG, ReasonCode.PROVIDER_ADDRESS_MOVED}
_NO_SUCH_ORDER = compiled("""
    incorrect/invalid/wrong/unknown/bad/no! order | order .. incorrect/invalid/wrong/unknown
    order .. not/doesnt/does .. found/exist | неверн/неправильн .. заказ | заказ .. не найден
    заказ .. не существует
""")
"""An error of the call for one order that is about this order."""
_NO_SUCH_ACTION = compiled("action! .. invalid/unknown/not | invalid/incorrect/unknown action!")
"""Not every panel cancels and refills. To such a request, this is a no and no wrong setting."""


class PanelProvider:
    """`POST url`, form-encoded, with the key in the body only.

    Attributes:
        follows: it reports what became of orders.
    """

    follows: bool = True

    def __init__(
        self,
        url: str,
        key: str,
        *,
        service_id: str = "",
        connect_timeout_s: float = _DEFAULT.connect_timeout_s,
        read_timeout_s: float = _DEFAULT.read_timeout_s,
        total_timeout_s: float = _DEFAULT.total_timeout_s,
        call_limits: Limits = CALL_LIMITS,
        services_limits: Limits = SERVICES_LIMITS,
    ) -> None:
        """Use a panel.

        Args:
            url: the address of its API, such as `https://panel.example/api/v2`.
            key: the key of our account.
            service_id: the service of orders that name none.
            connect_timeout_s: for orders, cancellations and refills, as the next two.
            read_timeout_s: the longest time without a byte of the answer.
            total_timeout_s: the longest time for the whole.
            call_limits: for statuses and the balance.
            services_limits: for the list of services.

        Raises:
            ValueError: the address or the key can't be used; the text doesn't repeat it.
        """
        if not key or not key.isprintable() or " " in key:
            raise ValueError("the order key can't be used: it must be one word")
        self._address = read_address(url, {"key", "action"})
        self._key = key
        self._service_id = service_id
        self._secrets = (key, *self._address.secrets)
        self._redaction = Redaction(self._secrets)
        self._order_limits = Limits(connect_timeout_s, read_timeout_s, total_timeout_s)
        self._call_limits = call_limits
        self._services_limits = services_limits
        self._session = ReadingSession()
        self._post("balance", {}, close=True)
        keep_urls_out_of_logs()

    def close(self) -> None:
        """Close the connections that were kept."""
        self._session.close()

    def send(self, order: OutgoingOrder) -> Answer:
        """Send it once. Never raises for a failed request."""
        service_id = order.service_id or self._service_id
        if not service_id:
            return NotSent(ReasonCode.PROVIDER_SETTINGS_WRONG, needs_admin=True)
        parameters = {"service": service_id, "link": order.video_link}
        if order.comments:
            parameters["comments"] = order.comments
        else:
            parameters["quantity"] = str(order.quantity)
        outcome = exchange(self._post("add", parameters, close=True), self._order_limits)
        echo = Echo(order.video_link, str(order.quantity), self._secrets, order.comments)
        return answer_to_order(outcome, order.order_id, echo, self._redaction)

    def statuses(
        self, provider_order_ids: Sequence[str]
    ) -> Mapping[str, StatusAnswer] | CallFailed:
        """What became of these orders; see `FollowingProvider`."""
        ids = _usable(provider_order_ids)
        unusable = {id_: UnknownToProvider() for id_ in provider_order_ids if id_ not in ids}
        if not ids:
            return unusable
        reply = self._call("status", {"orders": ",".join(ids)})
        found = self._read(reply, lambda text: read_statuses(text, ids, self._redaction.hide))
        return found if isinstance(found, CallFailed) else found | unusable

    def status(self, provider_order_id: str) -> StatusAnswer | CallFailed:
        """What became of this order; see `FollowingProvider`."""
        ids = _usable([provider_order_id])
        if not ids:
            return UnknownToProvider()
        reply = self._call("status", {"order": ids[0]})
        text = self._error_text(reply)
        if _NO_SUCH_ORDER.search(words_of(text)) and self._is_refusal(reply):
            return UnknownToProvider(text)
        found = self._read(reply, lambda text: read_statuses(text, ids, self._redaction.hide))
        if isinstance(found, CallFailed):
            return found
        return found.get(ids[0]) or self._failed(reply)

    def services(self) -> ServiceList | CallFailed:
        """What can be ordered; see `FollowingProvider`."""
        reply = self._call("services", {}, self._services_limits)
        return self._read(reply, lambda text: read_services(text, self._redaction.hide))

    def balance(self) -> Balance | CallFailed:
        """Our money at the panel."""
        reply = self._call("balance", {})
        return self._read(reply, lambda text: read_balance(text, self._redaction.hide))

    def cancel(self, provider_order_ids: Sequence[str]) -> Mapping[str, Asked] | CallFailed:
        """Ask to cancel these orders; see `FollowingProvider`."""
        return self._ask("cancel", _usable(provider_order_ids))

    def refill(self, provider_order_ids: Sequence[str]) -> Mapping[str, Asked] | CallFailed:
        """Ask to refill these orders; see `FollowingProvider`."""
        return self._ask("refill", _usable(provider_order_ids))

    def _ask(self, action: str, ids: list[str]) -> Mapping[str, Asked] | CallFailed:
        if not ids:
            return {}
        # Only refills of a single order have a form of their own, and some panels know no other.
        name = "order" if action == "refill" and len(ids) == 1 else "orders"
        outcome = exchange(
            self._post(action, {name: ",".join(ids)}, close=True), self._order_limits
        )
        text = self._error_text(outcome)
        is_of_order = text and len(ids) == 1 and self._is_refusal(outcome)
        if is_of_order or _NO_SUCH_ACTION.search(words_of(text)):
            return {id_: Asked(accepted=False, text=text) for id_ in ids}
        return self._read(outcome, lambda text: read_asked(text, ids, action, self._redaction.hide))

    def _call(
        self, action: str, parameters: dict[str, str], limits: Limits | None = None
    ) -> Outcome:
        """Make a call that changes nothing."""
        request = self._post(action, parameters, close=False)
        return exchange(request, limits or self._call_limits, self._session)

    def _read(self, outcome: Outcome, read: Callable[[str], _Read | None]) -> _Read | CallFailed:
        """The answer to a call, read."""
        if isinstance(outcome, Reply) and outcome.http_status == OK and not outcome.is_cut:
            found = read(outcome.text)
            if found is not None:
                return found
        return self._failed(outcome)

    def _failed(self, outcome: Outcome) -> CallFailed:
        """Why a call failed: what makes an order rejected or unclear makes a call fail."""
        kept = self._redaction.kept(outcome.text)
        if isinstance(outcome, NoReply):
            log.warning("A call to the panel failed: %s.", outcome.kind)
            return CallFailed(outcome.reason_code, kept)
        answer = self._judged(outcome)
        reason_code = (
            ReasonCode.ANSWER_CONTRADICTORY if isinstance(answer, Accepted) else answer.reason_code
        )
        log.warning("A call to the panel failed: HTTP %s, %s.", outcome.http_status, reason_code)
        return CallFailed(
            reason_code,
            kept,
            outcome.http_status,
            outcome.retry_after_s,
            settings_wrong=reason_code in _SETTINGS_WRONG,
        )

    def _error_text(self, outcome: Outcome) -> str:
        """The error that a complete answer reports, in the words of the panel; or nothing."""
        if not isinstance(outcome, Reply) or outcome.http_status >= 500:  # noqa: PLR2004
            return ""
        body = body_of(outcome.text)
        if not isinstance(body, dict) or (outcome.http_status == OK and not reports_error(body)):
            return ""
        return error_text(body, self._redaction.hide)

    def _is_refusal(self, outcome: Outcome) -> bool:
        """Whether it is a no that is not about us, and leaves no doubt."""
        return isinstance(outcome, Reply) and isinstance(self._judged(outcome), Rejected)

    def _judged(self, reply: Reply) -> Answer:
        echo = Echo(secrets=self._secrets)
        return judge(reply.http_status, reply.text, "", reply.retry_after_s, echo)

    def _post(
        self, action: str, parameters: dict[str, str], *, close: bool
    ) -> requests.PreparedRequest:
        fields = {"key": self._key, "action": action, **parameters}
        url = self._address.url
        try:
            return requests.Request("POST", url, headers(close=close), data=fields).prepare()
        except (requests.RequestException, ValueError) as error:
            raise ValueError(f"the order address can't be used ({kind_of(error)})") from None


def _usable(provider_order_ids: Sequence[str]) -> list[str]:
    """The ids, each once, without what no panel can have given: it could hide further ids.

    Raises:
        ValueError: there are more than `BATCH_MAX`.
    """
    if len(provider_order_ids) > BATCH_MAX:
        raise ValueError(f"at most {BATCH_MAX} orders in one call")
    return [id_ for id_ in dict.fromkeys(provider_order_ids) if id_ and order_id_of(id_) == id_]
