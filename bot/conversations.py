"""Conversations between people and the admins: which are open, how much was written, whose album.

All of it is in memory, bounded, and forgotten by a restart. That costs little: a reply to any of
the bot's messages about support reaches the admins without it, and a person may begin to count
anew. What must not be forgotten, the appeals of banned people, is in the ledger.

Times are those of the messages, in epoch seconds. So what waited while the program was down counts
as it was written.
"""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

OPEN_S = 30 * 60
"""How long after a person's last message to the admins the next one goes to them too."""
WINDOW_S = 10 * 60
PER_WINDOW_MAX = 10
"""How many messages a person may write to the admins in a window. An album is one."""
REMEMBERED_MAX = 10_000

K = TypeVar("K")
V = TypeVar("V")


class Recent(Generic[K, V]):
    """The values that were set last, by key."""

    def __init__(self, most: int) -> None:
        self._values: OrderedDict[K, V] = OrderedDict()
        self._most = most

    def get(self, key: K) -> V | None:
        """The value, if it is remembered."""
        return self._values.get(key)

    def put(self, key: K, value: V) -> None:
        """Set it; the one that was set longest ago is forgotten if there are too many."""
        self._values[key] = value
        self._values.move_to_end(key)
        if len(self._values) > self._most:
            self._values.popitem(last=False)

    def drop(self, key: K) -> None:
        """Forget it."""
        self._values.pop(key, None)


class _Window(NamedTuple):
    """What a person wrote to the admins since a moment."""

    began_s: int
    messages: int


class Conversations:
    """What is remembered of them, of the last `REMEMBERED_MAX` people."""

    def __init__(self, remembered_max: int = REMEMBERED_MAX) -> None:
        """None yet."""
        self._written_at_s: Recent[int, int] = Recent(remembered_max)
        self._windows: Recent[int, _Window] = Recent(remembered_max)
        self._told: Recent[int, str] = Recent(remembered_max)
        self._album_parts: Recent[tuple[int, int], int] = Recent(remembered_max)

    def is_open(self, user_id: int, at_s: int) -> bool:
        """Whether what this person writes goes to the admins."""
        written_at_s = self._written_at_s.get(user_id)
        return written_at_s is not None and at_s - written_at_s <= OPEN_S

    def keep_open(self, user_id: int, at_s: int) -> None:
        """Somebody wrote to the admins, or is asked to go on."""
        self._written_at_s.put(user_id, at_s)

    def end(self, user_id: int) -> None:
        """What this person writes goes to the admins no more."""
        self._written_at_s.drop(user_id)

    def wait_s(self, user_id: int, at_s: int) -> int:
        """How long a person must wait before the next message to the admins; 0: not at all."""
        window = self._windows.get(user_id)
        if window is None or window.messages < PER_WINDOW_MAX:
            return 0
        return max(0, window.began_s + WINDOW_S - at_s)

    def count(self, user_id: int, at_s: int) -> None:
        """A message was written to the admins."""
        window = self._windows.get(user_id)
        if window is None or at_s >= window.began_s + WINDOW_S:
            window = _Window(at_s, 0)
        self._windows.put(user_id, window._replace(messages=window.messages + 1))

    def tell_once(self, user_id: int, what: str) -> bool:
        """Whether this person has not been told this yet. It counts as told from now on."""
        if self._told.get(user_id) == what:
            return False
        self._told.put(user_id, what)
        return True

    def note_album(self, admin_id: int, message_ids: Sequence[int], user_id: int) -> None:
        """These messages to an admin are a person's album, whose parts can't have buttons."""
        for message_id in message_ids:
            self._album_parts.put((admin_id, message_id), user_id)

    def owner_of(self, admin_id: int, message_id: int) -> int | None:
        """Whose album a message to an admin belongs to, if that is remembered."""
        return self._album_parts.get((admin_id, message_id))
