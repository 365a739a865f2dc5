"""The refusals of the Bot API, in Telegram's own words."""


class ApiError(Exception):
    """A call that Telegram refuses; the gateway turns it into the answer."""

    def __init__(self, code: int, description: str, retry_after_s: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after_s = retry_after_s


def bad_request(reason: str) -> ApiError:
    """400: the call itself is wrong."""
    return ApiError(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> ApiError:
    """403: the person blocked the bot, never started it, or deleted the account."""
    return ApiError(403, f"Forbidden: {reason}")


def conflict(reason: str) -> ApiError:
    """409: two ways of getting updates conflict."""
    return ApiError(409, f"Conflict: {reason}")


def too_many_requests(retry_after_s: int) -> ApiError:
    """429: too many requests, with the time to wait."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after_s}", retry_after_s)


UNAUTHORIZED = (401, "Unauthorized")
TOKEN_MALFORMED = (404, "Not Found")
METHOD_UNKNOWN = (404, "Not Found: method not found")
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)
TWO_POLLERS = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)
WEBHOOK_ACTIVE = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook"
    " first"
)
