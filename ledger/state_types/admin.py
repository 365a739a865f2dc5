"""What the state knows of what admins started and were told."""

import msgspec


class Broadcast(msgspec.Struct, kw_only=True, gc=False):
    """One message to everybody; the fields are those of the broadcast events."""

    chat_id: int
    message_id: int
    more_message_ids: tuple[int, ...] = ()
    audience: int
    by: str
    started_at: str
    cursor: int = 0
    sent: int = 0
    unreachable: int = 0
    failed: int = 0
    finished: bool = False


class Digest(msgspec.Struct, kw_only=True, gc=False):
    """The last digest that the admins got; the fields are those of `DigestSent`."""

    day: str
    head_seq: int
    head_hash: str
    people: int
    ads: int
    orders: int
