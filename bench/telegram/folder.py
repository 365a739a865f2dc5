"""Owns the shop's folder: a log of the bench's, people with names, and ads that take no time.

Names are there because a bot that has run for a day knows them. And because nobody must pay for
the bench's haste, an ad can be watched again at once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.logs import Made, borrowed
from bench.telegram.people import known_person
from ledger import commands as c
from ledger.economy import BOUNDS
from ledger.ledger import Ledger
from ledger.store.profiles import PROFILES_NAME, Profile, ProfileFile

ADMIN_ID = 7
_AT_ONCE = 10_000
_HASTE = {
    "ad_watch_s": 0,
    "ad_cooldown_s": 0,
    "ads_per_day_max": BOUNDS["ads_per_day_max"].high,
}


@contextmanager
def shop(made: Made) -> Iterator[Path]:
    """A log's folder, to run the bot on; afterwards it is as it was before."""
    with borrowed(made) as folder:
        before = set(folder.iterdir())
        try:
            _write_names(folder, made.users)
            yield folder
        finally:
            for path in set(folder.iterdir()) - before:
                path.unlink()


def _write_names(folder: Path, people: int) -> None:
    file = ProfileFile(folder / PROFILES_NAME)
    for begin in range(0, people, _AT_ONCE):
        some = map(known_person, range(begin, min(begin + _AT_ONCE, people)))
        file.append(
            [
                Profile(
                    user_id=one.id,
                    username=one.username,
                    first_name=one.first_name,
                    language=one.language_code,
                )
                for one in some
            ]
        )


async def make_haste(ledger: Ledger) -> None:
    """Set the economy so that people can do everything at once."""
    for name, value in _HASTE.items():
        await ledger.execute(
            c.ChangeSetting(by=f"admin:{ADMIN_ID}", name=name, value=value, key=f"bench:{name}")
        )
