"""The predecessor's way: the whole user_data.json is rewritten at every change."""

import json
import os
from pathlib import Path
from time import perf_counter
from typing import Any

_MOMENT = "2025-01-01T12:00:00.123456"


class PredecessorFile:
    """The predecessor's three collections, and its way of saving them."""

    def __init__(self, path: Path, users: int) -> None:
        """Create it with this number of users."""
        self._path = path
        people = {str(number): _person(number) for number in range(1, users + 1)}
        self._data: dict[str, Any] = {"users": people, "referrals": {}, "orders": []}

    def rate(self, changes: int) -> float:
        """Changes per second. It doesn't sync, so they are not even durable."""
        begun = perf_counter()
        for number in range(changes):
            self._data["users"][str(number % len(self._data["users"]) + 1)]["ads_watched"] += 1
            with self._path.open("w", encoding="utf-8") as file:
                json.dump(self._data, file, ensure_ascii=False, indent=2)
        rate = changes / (perf_counter() - begun)
        # Not counted; else what it left to the disk would slow down the next contestant.
        with self._path.open("rb") as file:
            os.fsync(file.fileno())
        return rate


def _person(number: int) -> dict[str, Any]:
    return {
        "user_id": number,
        "username": f"user{number}",
        "first_name": "Anna",
        "balance": 3.5,
        "ads_watched": 17,
        "referral_code": f"{number:08x}",
        "referred_by": None,
        "referrals_count": 0,
        "join_date": _MOMENT,
        "last_activity": _MOMENT,
    }
