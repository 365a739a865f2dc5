"""Monetag: rewarded ads inside the page, confirmed by a postback that names the session."""

from collections.abc import Mapping
from typing import NamedTuple

from ads.networks.base import Callback, Kind, Unmatched, read_price_microusd, read_user_id

_PAID = frozenset(("valued", "yes", "true", "1"))
"""Spellings of `reward_event_type` that have been seen for an ad that is paid to us."""
_KINDS: dict[str, Kind] = {"impression": "impression", "click": "click"}


class Monetag(NamedTuple):
    """A zone of Monetag.

    Attributes:
        zone: the main zone's id.
        sdk_url: the script's address, from the tag in the dashboard.
    """

    zone: str
    sdk_url: str
    name: str = "monetag"
    names_sessions: bool = True

    def client_config(self) -> dict[str, str]:
        """The script defines the function, which takes the session as `ymid`."""
        return {"sdk_url": self.sdk_url, "zone": self.zone, "function": f"show_{self.zone}"}

    def parse_callback(self, fields: Mapping[str, str]) -> Callback | Unmatched:
        """A postback. What is missing means no: an ad is paid only if Monetag says so."""
        if fields.get("zone_id", "") not in ("", self.zone):
            return Unmatched("foreign", "zone_id is not AD_ZONE_ID")
        kind = _KINDS.get(fields.get("event_type", "").lower())
        if kind is None:
            return Unmatched("malformed", "event_type is neither impression nor click")
        telegram_id = fields.get("telegram_id", "")
        user_id = read_user_id(telegram_id)
        if telegram_id and user_id is None:
            return Unmatched("foreign", "telegram_id is no Telegram id")
        if not (session := fields.get("ymid", "")):
            return Unmatched("unknown", "ymid is empty")
        return Callback(
            kind=kind,
            paid=fields.get("reward_event_type", "").lower() in _PAID,
            session=session,
            user_id=user_id,
            price_microusd=read_price_microusd(fields.get("estimated_price", "")),
        )
