"""Owns the words that the code chooses; those that never change stand in `templates/`.

Simple, everyday language. Whatever is put into a page is escaped by `web.page`.
"""

from ledger.order_status import OrderStatus

ORDER_STAGES: dict[str, str] = {
    OrderStatus.PLACED: "Waiting to be sent",
    OrderStatus.SENDING: "Being sent",
    OrderStatus.ACCEPTED: "Accepted",
    OrderStatus.REJECTED: "Not possible, points returned",
    OrderStatus.UNCLEAR: "Being checked by a person",
    OrderStatus.IMPORTED: "From the bot before this one",
}
"""Every order status, in the order of the page."""

LOG_CLOSED = "Viewbank is just stopping. Please try again in a moment."
LOG_SLOW = "The disk is taking very long. Please try again in a moment."

ERROR_TITLES = {
    404: "There is nothing here",
    405: "That can't be done here",
    500: "Something went wrong",
    503: "Not just now",
}
ERROR_SENTENCES = {
    400: "What came is not an update as Telegram sends it.",
    403: "Only Telegram can send something here.",
    404: "The address may have a typing mistake, or the page has moved.",
    405: "This address can be read, and nothing else.",
    408: "What was sent did not come to its end in time.",
    413: "What was sent is larger than 1 MiB.",
    429: "There is too much to do just now. Please try again in a few seconds.",
    500: "The fault is on our side. Your points are safe. Please try again in a moment.",
    503: "Please try again in a moment.",
}
NOT_FOR_READING = "This address is for Telegram's updates, and nothing else."
OTHER_ERROR_TITLE = "That didn't work"
OTHER_ERROR_SENTENCE = "This can't be answered as it was asked."

_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_HASH_ENDS = 6


def log_failed(failure: BaseException | None) -> str:
    """Why nothing more is taken. Only the disk's own words: no path, no name of ours."""
    reason = failure.strerror if isinstance(failure, OSError) else None
    return (
        f"The book can't be written ({reason or 'the disk said no'}), so nothing new is taken. "
        "What was confirmed before is safe."
    )


def cannot_listen(host: str, port: int, reason: str, remedy: str) -> str:
    """Why the web server doesn't start, and which setting helps."""
    return f"The web server can't listen on HOST {host}, PORT {port}: {reason}. {remedy}"


NO_SUCH_HOST = "no machine has this name"
TAKE_OTHER_PORT = "Set PORT to a free one, or stop the program that has it."
TAKE_HIGHER_PORT = "Set PORT to one above 1023: those below need special rights."
TAKE_OTHER_HOST = "Set HOST to an address of this machine (127.0.0.1 always is one)."
TAKE_OTHER_ADDRESS = "Check the settings HOST and PORT."


def number(value: int) -> str:
    """`1,234`, and a real minus sign. `static/live.js` writes numbers the same way."""
    return f"{value:,}".replace("-", "\N{MINUS SIGN}")


def ago(seconds: int) -> str:
    """`5 seconds ago`, in one unit, rounded down. `static/live.js` counts on the same way."""
    for unit, unit_s in _UNITS:
        count = seconds // unit_s
        if count >= 1:
            return f"{count:,} {unit}{'' if count == 1 else 's'} ago"
    return "just now"


def short_hash(digest: str) -> str:
    """The ends of a hash, enough to compare at a glance."""
    return f"{digest[:_HASH_ENDS]}…{digest[-_HASH_ENDS:]}"


def moment(at: str) -> str:
    """A moment of the log for people: `22 Nov 2026, 16:00 UTC`."""
    return f"{int(at[8:10])} {_MONTHS[int(at[5:7]) - 1]} {at[:4]}, {at[11:16]} UTC"
