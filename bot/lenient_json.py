"""JSON that is not quite valid, once made valid: Telegram's users can cause it, and proxies.

Broken UTF-8 and half surrogate pairs become `?`, and numbers that no program can hold become null.
Valid JSON, which is all but everything, is returned as it is.
"""

import json
import math

import msgspec

from ledger.untrusted.untrusted_json import DIGITS_MAX, loads_with_unique_keys


def repaired(data: bytes) -> bytes:
    """The same JSON, valid, and on one line.

    Raises:
        RepeatedKey: an object in it has a key twice, so nobody knows what it says.
        ValueError: it can't be read as JSON, not even leniently.
    """
    try:
        content = loads_with_unique_keys(
            data.decode("utf-8", "replace"),
            parse_int=_whole_number,
            parse_float=_number,
        )
        return json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")
    except RecursionError:
        raise ValueError("the JSON is nested too deeply") from None


def as_valid_json(data: bytes) -> bytes:
    """The same bytes if they are valid JSON, else as `repaired`.

    Raises:
        ValueError: as `repaired`.
    """
    try:
        data.decode()
        msgspec.json.decode(data, type=msgspec.Raw)
    except (ValueError, RecursionError):
        return repaired(data)
    return data


def _whole_number(digits: str) -> int | None:
    return int(digits) if len(digits) <= DIGITS_MAX else None


def _number(text: str) -> float | None:
    number = float(text)
    return number if math.isfinite(number) else None
