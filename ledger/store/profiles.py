"""Profiles: people's names and languages, stored beside the log and never in it.

`data/profiles.jsonl` has a line for each change (`ledger.profile_changes` says when it is written);
the last line of a person counts. The file can be lost or deleted without losing a point: a profile
comes back with the person's next message.
"""

import logging
import os
from collections.abc import Iterable
from pathlib import Path
from threading import Thread

import msgspec

from ledger.state import State
from ledger.store.disk import for_us_alone

log = logging.getLogger(__name__)

PROFILES_NAME = "profiles.jsonl"
COMPACT_ABOVE = 10_000
"""The file is compacted if more lines than this, and more than there are people, are outdated."""


class Profile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Who a person is at Telegram, and the language they chose here. Each text may be empty."""

    user_id: int
    username: str = ""
    first_name: str = ""
    last_name: str = ""
    language: str = ""
    language_choice: str = ""


PROFILE_FIELDS = ("username", "first_name", "last_name", "language", "language_choice")
"""The fields of a `User` that come from here, and not from the log."""

_decode = msgspec.json.Decoder(Profile).decode
_encode = msgspec.json.Encoder().encode


def read_profiles(path: Path) -> tuple[dict[int, Profile], int]:
    """The last profile of each person, and how many lines were read.

    A line that can't be read is skipped: the person's next message brings it back.
    """
    profiles: dict[int, Profile] = {}
    lines = 0
    if path.exists():
        with path.open("rb") as file:
            for line in file:
                lines += 1
                try:
                    profile = _decode(line)
                except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                    continue
                profiles[profile.user_id] = profile
    return profiles, lines


def fill_in(state: State, profiles: dict[int, Profile]) -> None:
    """Copy the profiles into the users of the state."""
    for user_id, profile in profiles.items():
        note_profile(state, profile, user_id)


def note_profile(state: State, profile: Profile, user_id: int) -> bool:
    """Copy one person's profile into the state; True if that changed anything."""
    user = state.users.get(user_id)
    if user is None:
        return False
    changed = False
    for name in PROFILE_FIELDS:
        new = getattr(profile, name)
        if getattr(user, name) != new:
            setattr(user, name, new)
            changed = True
    return changed


class ProfileFile:
    """Appends profiles. Blocking and small; the writer thread of `ledger.ledger` calls it.

    While it grows, it is compacted: a thread makes the new file, and the next `append` adds what
    came meanwhile and puts it in place.
    """

    def __init__(self, path: Path, lines: int = 0, people: int = 0) -> None:
        """Use the file at `path`, which is created with the first profile.

        Args:
            path: the file.
            lines: how many it has.
            people: of how many people.
        """
        self.path = path
        self._lines = lines
        self._people = people
        self._draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        self._compaction: Thread | None = None
        self._compacted = 0
        self._came_meanwhile: list[Profile] = []

    def append(self, profiles: list[Profile]) -> None:
        """Append profiles. Raises OSError if that fails; only names are lost then."""
        self._put_in_place()
        _write(self.path, "ab", profiles)
        self._lines += len(profiles)
        if self._compaction is not None:
            self._came_meanwhile += profiles
        elif self._lines > 2 * self._people + COMPACT_ABOVE:
            self._compaction = Thread(target=self._compact, name="profiles", daemon=True)
            self._compaction.start()

    def compact(self) -> None:
        """Rewrite the file with one line per person."""
        self._compacted = _compacted(self.path, self._draft)
        self._finish()

    def _compact(self) -> None:
        """In a thread: make the new file."""
        try:
            self._compacted = _compacted(self.path, self._draft)
        except OSError as error:
            log.warning("The file of the names can't be compacted: %s", error)
            self._compacted = -1

    def _put_in_place(self) -> None:
        """End a compaction, if there is one and its thread is done."""
        if self._compaction is None or self._compaction.is_alive():
            return
        self._compaction = None
        if self._compacted < 0:
            self._people = self._lines  # try again when it has doubled
            self._came_meanwhile = []
            return
        _write(self._draft, "ab", self._came_meanwhile)
        self._finish()

    def _finish(self) -> None:
        self._draft.replace(self.path)
        self._people = self._compacted
        self._lines = self._compacted + len(self._came_meanwhile)
        self._came_meanwhile = []


def _compacted(path: Path, draft: Path) -> int:
    """Write the draft, one line per person; returns how many."""
    profiles, _ = read_profiles(path)
    draft.unlink(missing_ok=True)
    _write(draft, "wb", profiles.values(), sync=True)
    return len(profiles)


def _write(path: Path, mode: str, profiles: Iterable[Profile], *, sync: bool = False) -> None:
    with open(path, mode, opener=for_us_alone) as file:
        file.writelines(_encode(profile) + b"\n" for profile in profiles)
        if sync:
            file.flush()
            os.fsync(file.fileno())
