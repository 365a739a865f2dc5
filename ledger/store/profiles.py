"""Profiles: people's names and languages, stored beside the log and never in it.

`data/profiles.jsonl` has a line for each change; the last line of a person counts. The file can be
lost or deleted without losing a point: a profile comes back with the person's next message.
"""

import os
from pathlib import Path

import msgspec

from ledger.state import State

PROFILES_NAME = "profiles.jsonl"
COMPACT_ABOVE = 10_000
"""The file is compacted on opening if more lines than this are outdated."""


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
    """Appends profiles. Blocking and small; the writer thread of `ledger.ledger` calls it."""

    def __init__(self, path: Path) -> None:
        """Use the file at `path`, which is created with the first profile."""
        self.path = path

    def append(self, profiles: list[Profile]) -> None:
        """Append profiles. Raises OSError if that fails; only names are lost then."""
        data = b"".join(_encode(profile) + b"\n" for profile in profiles)
        with open(self.path, "ab", opener=_for_us_alone) as file:
            file.write(data)

    def compact(self) -> None:
        """Rewrite the file with one line per person."""
        profiles, _ = read_profiles(self.path)
        draft = self.path.with_name(f".{self.path.name}.tmp")
        with open(draft, "wb", opener=_for_us_alone) as file:
            file.writelines(_encode(profile) + b"\n" for profile in profiles.values())
        draft.replace(self.path)


def _for_us_alone(path: str, flags: int) -> int:
    """Open a file that no other user of this machine may read."""
    return os.open(path, flags, 0o600)
