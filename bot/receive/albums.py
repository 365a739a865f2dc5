"""Albums: Telegram delivers each part as a message of its own, in order, and marks no end.

An album is complete when it has as many parts as an album can have, when its sender's next message
is here, or when no part has come for a quiet second. The update of its first part waits for that,
and is done once the album is. So a kill meanwhile loses no part: all come again.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import NamedTuple, TypeAlias

from bot.updates import Message

PARTS_MAX = 10
QUIET_S = 1.0
"""Longer than Telegram takes between two parts, also when it waits for the answer to a webhook."""
REMEMBERED_MAX = 1024
"""How many ended albums are recognised when a part comes late, or again."""

Pause: TypeAlias = Callable[[float], Awaitable[object]]
_Key: TypeAlias = tuple[int, str]


class Album(NamedTuple):
    """An album, or what came of it late.

    Attributes:
        message_ids: the numbers of its messages, ascending.
        is_late: whether these came after the album was taken to be complete.
    """

    message_ids: tuple[int, ...]
    is_late: bool


class _Collecting:
    """An album whose parts still come."""

    def __init__(self) -> None:
        self.ids: set[int] = set()
        self.complete = asyncio.Event()


class Albums:
    """The albums whose parts come in now, and the last ones that ended."""

    def __init__(self, pause: Pause = asyncio.sleep) -> None:
        """None yet. `pause` waits for seconds before an album is taken to be complete."""
        self._pause = pause
        self._open: dict[_Key, _Collecting] = {}
        self._ended: OrderedDict[_Key, set[int]] = OrderedDict()

    def note(self, message: Message) -> None:
        """A message has come in, and will be handled in its turn."""
        key = message.chat.id, message.media_group_id
        for other, album in self._open.items():
            if other[0] == message.chat.id and other != key:
                album.complete.set()
        if not message.media_group_id or message.message_id in self._ended.get(key, ()):
            return
        album = self._open.setdefault(key, _Collecting())
        album.ids.add(message.message_id)
        if len(album.ids) >= PARTS_MAX:
            album.complete.set()

    async def whole(self, message: Message) -> Album | None:
        """The album that a message belongs to, once it is complete.

        None: an earlier part's update has brought this one along.
        """
        key = message.chat.id, message.media_group_id
        if key not in self._open:
            self.note(message)
        album = self._open.get(key)
        if album is None:
            return None
        try:
            await self._until_complete(album)
        finally:
            del self._open[key]
        found = Album(tuple(sorted(album.ids)), is_late=key in self._ended)
        self._ended.setdefault(key, set()).update(album.ids)
        while len(self._ended) > REMEMBERED_MAX:
            self._ended.popitem(last=False)
        return found

    async def _until_complete(self, album: _Collecting) -> None:
        known = 0
        while len(album.ids) > known and not album.complete.is_set():
            known = len(album.ids)
            waits = [
                asyncio.ensure_future(self._pause(QUIET_S)),
                asyncio.ensure_future(album.complete.wait()),
            ]
            try:
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for wait in waits:
                    wait.cancel()
