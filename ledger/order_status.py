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
        ACCEPTED: the provider accepted it.
        REJECTED: it will not be carried out; the points were returned.
        UNCLEAR: it may or may not have reached the provider; an admin decides.
        IMPORTED: an order of the previous bot, kept as history.
    """

    PLACED = "placed"
    SENDING = "sending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    UNCLEAR = "unclear"
    IMPORTED = "imported"

    @property
    def is_open(self) -> bool:
        """Whether it is still undecided if the provider carries the order out."""
        return self in OPEN


OPEN = frozenset({OrderStatus.PLACED, OrderStatus.SENDING, OrderStatus.UNCLEAR})
"""The statuses of an order that is neither accepted nor closed."""
