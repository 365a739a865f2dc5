"""The data folder of the bench's shop: a log, users with names, and ads that take no time.

The names are there because a bot that has run for a day knows them. Ads can be watched again at
once, so that nobody is refused for the bench's haste.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.logs import Made, borrowed
from bench.telegram.population import known_person
from ledger import commands as c
from ledger.economy import BOUNDS
from ledger.ledger import Ledger
from ledger.store.profiles import PROFILES_NAME, Profile, ProfileFile

ADMIN_ID = 7
_CHUNK = 10_000
_NO_WAITING = {
    "ad_watch_s": 0,
    "ad_cooldown_s": 0,
    "ads_per_day_max": BOUNDS["ads_per_day_max"].high,
}


@contextmanager
def shop(made: Made) -> Iterator[Path]:
    """A log's folder to run the bot on; afterwards it is as it was before."""
    with borrowed(made) as folder:
        before = set(folder.iterdir())
        try:
            _write_names(folder, made.users)
            yield folder
        finally:
            for path in set(folder.iterdir()) - before:
                path.unlink()


def _write_names(folder: Path, users: int) -> None:
    file = ProfileFile(folder / PROFILES_NAME, people=users)
    for begin in range(0, users, _CHUNK):
        people = map(known_person, range(begin, min(begin + _CHUNK, users)))
        file.append(
            [
                Profile(
                    user_id=one.id,
                    username=one.username,
                    first_name=one.first_name,
                    language=one.language_code,
                )
                for one in people
            ]
        )


async def allow_haste(ledger: Ledger) -> None:
    """Set the economy so that nobody has to wait between ads."""
    for name, value in _NO_WAITING.items():
        await ledger.execute(
            c.ChangeSetting(by=f"admin:{ADMIN_ID}", name=name, value=value, key=f"bench:{name}")
        )
