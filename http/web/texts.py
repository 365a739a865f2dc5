"""Texts that the code chooses; the fixed ones are in `templates/`.

Texts for readers of the pages are marked for translation. Programs that read JSON get them in
English. The last part is for the operator's terminal, in English only.
"""

from collections.abc import Callable
from typing import TypeAlias

from i18n import N_, Html, Message, Translator
from ledger.order_status import OrderStatus

Sentence: TypeAlias = Callable[[Translator], Html]
"""A text that is chosen now and written when the reader's language is known."""

DEMO_NOTE = N_("Demo: nothing here is real. No message, order or ad leaves this computer.")

ORDER_STAGES: dict[str, Message] = {
    OrderStatus.PLACED: N_("Waiting to be sent"),
    OrderStatus.SENDING: N_("Being sent"),
    OrderStatus.ACCEPTED: N_("Accepted"),
    OrderStatus.REJECTED: N_("Refused, points returned"),
    OrderStatus.UNCLEAR: N_("Being checked by a person"),
    OrderStatus.IN_PROGRESS: N_("Being delivered"),
    OrderStatus.COMPLETED: N_("Delivered"),
    OrderStatus.PARTIAL: N_("Partly delivered, the rest returned"),
    OrderStatus.CANCELED: N_("Stopped, points returned"),
    OrderStatus.IMPORTED: N_("From the old bot"),
}
"""Every status of an order, in the order of the page."""

ERROR_TITLES = {
    404: N_("There is nothing here"),
    405: N_("This can’t be done here"),
    500: N_("Something went wrong"),
    503: N_("Not available right now"),
}
ERROR_SENTENCES = {
    400: N_("The request is not an update from Telegram."),
    403: N_("Only Telegram may send something to this address."),
    404: N_("The address may have a typing mistake, or the page has moved."),
    405: N_("This address can only be read."),
    408: N_("The request took too long to arrive."),
    413: N_("The request is larger than 1 MiB."),
    429: N_("There are too many requests at the moment. Please try again in a few seconds."),
    500: N_("This is a fault on our side. Your points are safe. Please try again in a moment."),
    503: N_("Please try again in a moment."),
}
NOT_FOR_READING = N_("This address is only for updates from Telegram.")
OTHER_ERROR_TITLE = N_("That didn’t work")
OTHER_ERROR_SENTENCE = N_("This request can’t be answered.")

_DAY_S = 86_400
_HOUR_S = 3_600
_MINUTE_S = 60
_HASH_ENDS = 6


def order_stage(t: Translator, status: str) -> str:
    """The name of an order status; one without a text is shown as it is."""
    message = ORDER_STAGES.get(status)
    return t.message(message) if message else status.capitalize()


def error_title(t: Translator, status: int) -> Html:
    """The heading of an error's page."""
    return t.message(ERROR_TITLES.get(status, OTHER_ERROR_TITLE))


def error_sentence(status: int) -> Sentence:
    """What went wrong, as far as the status code says it."""
    return lambda t: t.message(ERROR_SENTENCES.get(status, OTHER_ERROR_SENTENCE))


def log_closed(t: Translator) -> Html:
    """The program is stopping."""
    return t("Viewbank is shutting down. Please try again in a moment.")


def log_slow(t: Translator) -> Html:
    """The disk did not confirm the last events within the time limit."""
    return t("The disk takes very long to answer. Please try again in a moment.")


def log_failed(failure: BaseException | None) -> Sentence:
    """A write failed. Of the error only the system's reason is shown: no path, no name of ours."""
    reason = failure.strerror if isinstance(failure, OSError) else None
    return lambda t: t(
        "The log could not be written ({reason}), so nothing new is accepted. Everything that was "
        "confirmed before is safe.",
        reason=reason or t("unknown reason"),
    )


def ago(t: Translator, seconds: int) -> Html:
    """`5 seconds ago`, in one unit, rounded down; `static/live.js` continues it the same way."""
    if seconds >= _DAY_S:
        return t.plural("{n} day ago", "{n} days ago", seconds // _DAY_S)
    if seconds >= _HOUR_S:
        return t.plural("{n} hour ago", "{n} hours ago", seconds // _HOUR_S)
    if seconds >= _MINUTE_S:
        return t.plural("{n} minute ago", "{n} minutes ago", seconds // _MINUTE_S)
    if seconds >= 1:
        return t.plural("{n} second ago", "{n} seconds ago", seconds)
    return t("just now")


def hash_ends(digest: str) -> str:
    """The first and last characters of a hash, enough to compare at a glance."""
    return f"{digest[:_HASH_ENDS]}…{digest[-_HASH_ENDS:]}"


# From here on: for the operator's terminal and log.

NO_SUCH_HOST = "no machine has this name"
TAKE_OTHER_PORT = "Set PORT to a free one, or stop the program that has it."
TAKE_HIGHER_PORT = "Set PORT to one above 1023: those below need special rights."
TAKE_OTHER_HOST = "Set HOST to an address of this machine (127.0.0.1 always is one)."
TAKE_OTHER_ADDRESS = "Check the settings HOST and PORT."


def cannot_listen(host: str, port: int, reason: str, remedy: str) -> str:
    """Why the web server doesn't start, and which setting to change."""
    return f"The web server can't listen on HOST {host}, PORT {port}: {reason}. {remedy}"


_REFUSED = "The webhook has refused an update with the right secret: it came from"


def delivery_not_through_proxy(peer: str) -> str:
    """A delivery from a peer whose `X-Forwarded-For` is not believed."""
    return (
        f"{_REFUSED} {peer}, which WEBHOOK_IPS doesn't name. If that is your reverse proxy, set "
        f"TRUSTED_PROXY={peer} and start again."
    )


def delivery_without_sender(peer: str) -> str:
    """A delivery through a proxy that doesn't say from whom."""
    return (
        f"{_REFUSED} the proxy {peer}, which doesn't say who has sent it. Have the proxy set "
        "X-Forwarded-For to the address that the request came from."
    )


def delivery_from_elsewhere(sender: str) -> str:
    """A delivery from somebody whom the settings don't name."""
    return (
        f"{_REFUSED} {sender}, which WEBHOOK_IPS doesn't name. If that is one more proxy of yours "
        "(a CDN, say), add its networks to TRUSTED_PROXY."
    )
