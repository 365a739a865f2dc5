"""Owns what is known of one update in hand."""

import asyncio
from collections.abc import Sequence
from typing import Any, TypeAlias

from bot.updates import Update

RawUpdate: TypeAlias = dict[str, Any]
"""An update as Telegram gave it."""


class Held:
    """One update in hand."""

    __slots__ = ("began_s", "done", "keeping", "kept", "over", "raw", "update", "update_id")

    def __init__(self, raw: RawUpdate, update: Update, began_s: float, *, kept: bool) -> None:
        """Come in just now, by the event loop's clock."""
        self.raw = raw
        self.update = update
        self.update_id = update.update_id
        self.began_s = began_s
        self.done = False
        self.kept = kept
        self.keeping: asyncio.Task[bool] | None = None
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def end(self) -> None:
        """Nothing more happens to it in this process, done or not."""
        if not self.over.done():
            self.over.set_result(None)


async def half_over(helds: Sequence[Held], within_s: float) -> None:
    """Wait for half of them: while the last wait for the disk or Telegram, more can come in."""
    enough: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    left = len(helds) - len(helds) // 2

    def count(_: object) -> None:
        nonlocal left
        left -= 1
        if left == 0 and not enough.done():
            enough.set_result(None)

    for held in helds:
        held.over.add_done_callback(count)
    await asyncio.wait([enough], timeout=within_s)
