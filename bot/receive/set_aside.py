"""Updates that were set aside, `set_aside.jsonl`: the program died of them, and no longer tries.

An update comes here when processes have died while they handled it and nothing else
(`bot/receive/inbox.py`). It stays, whole, until an admin has it tried again. A line is one update.
"""

import logging
import threading
from collections.abc import Collection
from pathlib import Path

import msgspec

from bot.receive.inbox_lines import InboxEntry
from ledger.clocks.timestamps import to_text
from ledger.store.disk import Disk

log = logging.getLogger(__name__)

SET_ASIDE_NAME = "set_aside.jsonl"


class AsideUpdate(msgspec.Struct, frozen=True, omit_defaults=True):
    """An update that was set aside.

    Attributes:
        at: when, as in `ledger.clocks.timestamps`.
        reason: why, in English, for whoever reads the file.
        update: its JSON as Telegram sent it.
        told: the admins who were told of it.
    """

    at: str
    reason: str
    bot_id: int
    update_id: int
    deaths: int
    update: msgspec.Raw
    told: tuple[int, ...] = ()

    @property
    def key(self) -> str:
        """Names it on a button. The same update, set aside once more, has another one."""
        return f"{self.update_id}.{self.at}"


class SetAside:
    """The file. It is rewritten with each change, which is rare; the methods block."""

    def __init__(self, path: Path, disk: Disk) -> None:
        """Read what is there.

        Raises:
            OSError: the file is there and can't be read.
        """
        self._path = path
        self._disk = disk
        self._lock = threading.Lock()
        self._unreadable: list[bytes] = []
        self._updates: dict[str, AsideUpdate] = {}
        for line in path.read_bytes().splitlines() if path.exists() else []:
            try:
                update = msgspec.json.decode(line, type=AsideUpdate)
            except (msgspec.DecodeError, ValueError):
                log.warning("A line of %s can't be read; it stays as it is.", path.name)
                self._unreadable.append(line)
                continue
            self._updates[update.key] = update

    def updates(self, bot_id: int) -> list[AsideUpdate]:
        """This bot's updates, the first one first."""
        return [one for one in self._updates.values() if one.bot_id == bot_id]

    def find(self, key: str) -> AsideUpdate | None:
        """The update with this key, if it is still here."""
        return self._updates.get(key)

    def add(self, entries: Collection[InboxEntry], at_ms: int) -> None:
        """Set these aside, durably.

        Raises:
            OSError: the disk failed, and the file is as it was; so with the other methods.
        """
        with self._lock:
            added = dict(self._updates)
            here = {(one.bot_id, one.update_id) for one in added.values()}
            for entry in entries:
                if (entry.bot_id, entry.update_id) in here:
                    continue  # a kill came before it was gone from the inbox
                update = AsideUpdate(
                    at=to_text(at_ms),
                    reason=f"the program ended {entry.deaths} times while it handled only this",
                    bot_id=entry.bot_id,
                    update_id=entry.update_id,
                    deaths=entry.deaths,
                    update=entry.update,
                )
                added[update.key] = update
            self._save(added)

    def note_told(self, key: str, admin_id: int) -> None:
        """Remember that an admin was told of an update."""
        with self._lock:
            if (update := self._updates.get(key)) is not None:
                told = msgspec.structs.replace(update, told=(*update.told, admin_id))
                self._save(self._updates | {key: told})

    def remove(self, key: str) -> None:
        """Remove an update, which is in the inbox again by now."""
        with self._lock:
            self._save({name: one for name, one in self._updates.items() if name != key})

    def _save(self, updates: dict[str, AsideUpdate]) -> None:
        lines = [*self._unreadable, *map(msgspec.json.encode, updates.values())]
        self._disk.replace(self._path, b"".join(line + b"\n" for line in lines))
        self._updates = updates
