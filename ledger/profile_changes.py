"""When changed profiles are written: at once, but each person's at most once an hour.

Somebody with two Telegram apps in two languages changes with every message. The state follows at
once, and the file an hour later, with the newest; a kill loses at most that, and the next message
brings it back.
"""

from ledger.store.profiles import Profile

WRITE_AGAIN_AFTER_S = 3600.0
PENDING_MAX = 10_000
REMEMBERED_MAX = 100_000


class ProfileChanges:
    """Who was written when, and what is pending; both are bounded."""

    def __init__(self) -> None:
        """Nobody was written yet."""
        self._written_at_s: dict[int, float] = {}
        self._pending: dict[int, Profile] = {}

    def note(self, profile: Profile, now_s: float, *, at_once: bool = False) -> list[Profile]:
        """A profile has changed; returns what is to be written now.

        Args:
            profile: the changed one.
            now_s: the time of a clock that is never set.
            at_once: whether nothing would bring it back, as the language that somebody chose.
        """
        self._forget(now_s)
        if profile.user_id not in self._written_at_s or at_once:
            self._pending.pop(profile.user_id, None)
            return self._write([profile], now_s)
        self._pending[profile.user_id] = profile
        if len(self._pending) > PENDING_MAX:
            return self._write([self._pending.pop(next(iter(self._pending)))], now_s)
        return []

    def due(self, now_s: float) -> list[Profile]:
        """What is pending and may be written now."""
        self._forget(now_s)
        found = [one for one in self._pending.values() if one.user_id not in self._written_at_s]
        for profile in found:
            del self._pending[profile.user_id]
        return self._write(found, now_s)

    def next_s(self) -> float | None:
        """When something pending may be written, at the earliest; None if nothing is pending."""
        moments = [self._written_at_s.get(user_id, 0.0) for user_id in self._pending]
        return min(moments) + WRITE_AGAIN_AFTER_S if moments else None

    def rest(self) -> list[Profile]:
        """Everything that is pending, because the program stops."""
        found, self._pending = list(self._pending.values()), {}
        return found

    def _write(self, profiles: list[Profile], now_s: float) -> list[Profile]:
        for profile in profiles:
            # Behind all others: the order of the table is that of the moments.
            self._written_at_s.pop(profile.user_id, None)
            self._written_at_s[profile.user_id] = now_s
        return profiles

    def _forget(self, now_s: float) -> None:
        written = self._written_at_s
        while written:
            user_id = next(iter(written))
            if len(written) <= REMEMBERED_MAX and now_s - written[user_id] < WRITE_AGAIN_AFTER_S:
                return
            del written[user_id]
