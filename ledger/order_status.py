"""The statuses an order can have.

The strings are written to `user_data.json`, to the JSON of `/status` and to metric labels. A new
status is added with the event that leads to it; there is none that no event produces.
"""

from enum import StrEnum


class OrderStatus(StrEnum):
    """Where an order stands, in the order in which an order passes through them.

    Attributes:
        PLACED: paid for and waiting to be sent; also after an attempt that was certainly not sent.
        SENDING: handed to the provider; its answer is not known yet.
        UNCLEAR: it may or may not have reached the provider; an admin decides.
        ACCEPTED: the provider accepted it. The end, if the provider doesn't report deliveries.
        IN_PROGRESS: the provider is delivering.
        COMPLETED: all was delivered.
        PARTIAL: a part was delivered; the points for the rest were returned.
        CANCELED: the provider stopped it; the points for what is missing were returned.
        REJECTED: it will not be carried out; the points were returned.
        IMPORTED: an order of the previous bot, kept as history.
    """

    PLACED = "placed"
    SENDING = "sending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    UNCLEAR = "unclear"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    PARTIAL = "partial"
    CANCELED = "canceled"
    IMPORTED = "imported"

    @property
    def is_open(self) -> bool:
        """Whether it is still undecided if the provider carries the order out."""
        return self in OPEN


OPEN = frozenset({OrderStatus.PLACED, OrderStatus.SENDING, OrderStatus.UNCLEAR})
"""The statuses of an order that is neither accepted nor closed."""
DELIVERING = frozenset({OrderStatus.ACCEPTED, OrderStatus.IN_PROGRESS})
"""The statuses of an order that the provider has and is not done with, if it is followed."""
ENDS = frozenset({OrderStatus.COMPLETED, OrderStatus.PARTIAL, OrderStatus.CANCELED})
"""How an order that is followed can end."""
CLOSED = ENDS | {OrderStatus.REJECTED, OrderStatus.IMPORTED}
"""The statuses in which an order has no points reserved, whoever the provider is."""
