"""JSON that is not quite valid: broken UTF-8 and half surrogate pairs are replaced, once, by `?`.

Telegram doesn't send such JSON, but its users can type it, and a proxy can garble it. Valid JSON,
which is all but everything, is returned as it is.
"""

import json

import msgspec


def repaired(data: bytes) -> bytes:
    """The same JSON, valid, and on one line.

    Raises:
        ValueError: it can't be read as JSON, not even leniently.
    """
    try:
        content = json.loads(data.decode("utf-8", "replace"))
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
