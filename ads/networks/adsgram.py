"""AdsGram: rewarded ads inside the page, confirmed by a call that names the person alone.

The call (the block's Reward URL) has neither an id of the attempt nor a price, and it comes only
after an ad was watched to its end.
"""

from collections.abc import Mapping
from typing import NamedTuple

from ads.networks.base import Callback, Unmatched, read_user_id

_ID_FIELDS = ("user_id", "userid", "telegram_id")


class Adsgram(NamedTuple):
    """A rewarded block of AdsGram; `block_id` is its number."""

    block_id: str
    sdk_url: str
    name: str = "adsgram"
    names_sessions: bool = False

    def client_config(self) -> dict[str, str]:
        """The script defines `Adsgram.init`, which takes the block."""
        return {"sdk_url": self.sdk_url, "block_id": self.block_id}

    def parse_callback(self, fields: Mapping[str, str]) -> Callback | Unmatched:
        """The Reward URL, in which `[userId]` was replaced."""
        given = [fields[name] for name in _ID_FIELDS if fields.get(name)]
        if len(given) != 1:
            return Unmatched("malformed", "user_id is missing, or there twice")
        user_id = read_user_id(given[0])
        if user_id is None:
            return Unmatched("malformed", "user_id is no Telegram id")
        return Callback(kind="impression", paid=True, user_id=user_id)
