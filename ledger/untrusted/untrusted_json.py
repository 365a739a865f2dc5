"""The door for JSON that comes from outside: it has one meaning, or it is refused with a reason.

Most readers take the last of two equal keys, read `NaN`, and fail with a traceback on what is too
long or too deep. Here all of that is a `BadJson` whose text is one sentence.
"""

import json
import math
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NoReturn

import msgspec

DIGITS_MAX = 400
"""No number is longer; the largest that a float can hold has 309 digits."""
_SHOWN_MAX = 40
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F])|.)"
)
"""An escape in a text; group 1 is there only if it is half a surrogate pair."""
_NOT_TEXT = re.compile(rf'"(?:[^"\\]|\\.)*"|(NaN|-?Infinity|\d{{{DIGITS_MAX + 1},}})', re.DOTALL)
"""What JSON can't hold, in group 1; texts are matched too, so that nothing is found in them."""


class BadJson(ValueError):  # noqa: N818 - what is bad, not the raising, is the name
    """The JSON can't be trusted. Its text is a sentence about it without the full stop."""


class RepeatedKey(BadJson):
    """An object has a key twice.

    Attributes:
        outermost: the pairs of the whole JSON, if that is an object.
    """

    def __init__(self, path: tuple[str, ...], outermost: list[tuple[str, object]]) -> None:
        where = f", in {'.'.join(path[:-1])}" if path[1:] else ""
        super().__init__(f'the key "{path[-1]}" is there twice{where}')
        self.outermost = outermost


def repeats_a_key(data: bytes) -> bool:
    """Whether an object in it has a key twice, or may have one; fast, for what comes often.

    Reading and writing JSON loses the pair that comes first, and with it a colon. An escaped colon
    could hide that, and nobody has a reason to write one.

    Raises:
        ValueError, RecursionError: it can't be read.
    """
    return b"\\u003" in data or data.count(b":") != _encode(_decode(data)).count(b":")


_decode: Callable[[bytes], object] = msgspec.json.Decoder().decode
_encode: Callable[[object], bytes] = msgspec.json.Encoder().encode


def read_json(data: bytes) -> object:
    """What it says. A byte order mark is skipped; numbers with a point are `Decimal`.

    Raises:
        BadJson: it can't be trusted.
    """
    return _read(data, dict)


def check_json(data: bytes) -> None:
    """Check a long JSON without keeping its content.

    Raises:
        BadJson: it can't be trusted.
    """
    _read(data, lambda _: None)


def loads_with_unique_keys(text: str, **hooks: Any) -> object:  # noqa: ANN401 - as `json.loads`
    """`json.loads`, but for equal keys.

    Raises:
        RepeatedKey: an object has a key twice.
        ValueError, RecursionError: it can't be read.
    """
    return _loads(text, dict, **hooks)


class _Repeated:
    """Stands for a value in which an object has a key twice, until the outermost one is read."""

    def __init__(self, path: tuple[str, ...], pairs: list[tuple[str, object]]) -> None:
        self.path = path
        self.pairs = pairs


def _loads(
    text: str,
    make: Callable[[list[tuple[str, object]]], object],
    **hooks: Any,  # noqa: ANN401 - likewise
) -> object:
    def on_object(pairs: list[tuple[str, object]]) -> object:
        keys = set()
        for key, value in pairs:
            if key in keys:
                return _Repeated((_shown(key),), pairs)
            keys.add(key)
            if isinstance(value, _Repeated | list) and (inner := _repeated_in(value)):
                return _Repeated((_shown(key), *inner.path), pairs)
        return make(pairs)

    content = json.JSONDecoder(object_pairs_hook=on_object, **hooks).decode(text)
    if found := _repeated_in(content):
        raise RepeatedKey(found.path, found.pairs)
    return content


def _repeated_in(value: object) -> _Repeated | None:
    if isinstance(value, _Repeated):
        return value
    if isinstance(value, list):
        for number, item in enumerate(value, 1):
            if isinstance(item, _Repeated | list) and (inner := _repeated_in(item)):
                return _Repeated((f"number {number}", *inner.path), inner.pairs)
    return None


def _read(data: bytes, make: Callable[[list[tuple[str, object]]], object]) -> object:
    text = _text(data)
    if (half := _half_a_pair(text)) is not None:
        raise BadJson(f"it has half a character (a lone surrogate) at {_place(text, half)}")
    try:
        return _loads(
            text, make, parse_int=_whole_number, parse_float=_number, parse_constant=_refuse
        )
    except _NotANumber:
        raise BadJson(_what_is_no_number(text)) from None
    except RecursionError:
        raise BadJson("it is nested too deeply: brackets within brackets without end") from None
    except json.JSONDecodeError as error:
        raise BadJson(_what_is_wrong(error)) from None


def _text(data: bytes) -> str:
    if data.startswith(_UTF16):
        raise BadJson("it is UTF-16 text; save it as UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        half = "; it may be only half of it" if error.reason == "unexpected end of data" else ""
        place = f"byte {error.start + 1:,}"
        raise BadJson(f"it is not UTF-8 text: {place} can't be read{half}") from None
    if not text.strip():
        raise BadJson("it is empty")
    return text


def _half_a_pair(text: str) -> int | None:
    """Where half a surrogate pair stands."""
    if "\\ud" in text or "\\uD" in text:
        for escape in _ESCAPE.finditer(text):
            if escape[1]:
                return escape.start()
    return None


class _NotANumber(Exception):  # noqa: N818
    pass


def _refuse(_: str) -> NoReturn:
    raise _NotANumber


def _whole_number(digits: str) -> int:
    return int(digits) if len(digits) <= DIGITS_MAX else _refuse(digits)


def _number(text: str) -> Decimal:
    fits = len(text) <= DIGITS_MAX and math.isfinite(float(text))
    return Decimal(text) if fits else _refuse(text)


def _what_is_no_number(text: str) -> str:
    for found in _NOT_TEXT.finditer(text):
        if found[1]:
            place = _place(text, found.start())
            if found[1][-1].isdigit():
                return f"it has a number with {len(found[1]):,} digits at {place}"
            return f"it has {found[1]} instead of a number at {place}"
    return "it has a number that is too large, such as 1e400"


def _what_is_wrong(error: json.JSONDecodeError) -> str:
    reason = error.msg[:1].lower() + error.msg[1:].removesuffix(" at").removesuffix(" starting")
    half = "; it may be only half of it" if _ends_early(error) else ""
    return f"it is not valid JSON at {_place(error.doc, error.pos)}: {reason}{half}"


def _ends_early(error: json.JSONDecodeError) -> bool:
    if error.msg.startswith("Expecting"):
        # The last word may be cut off too, as `tru` or `1.`.
        word = "-Infinity" if error.msg == "Expecting value" else "e+"
        return error.pos >= len(error.doc.rstrip()) - len(word)
    return error.msg.startswith(("Unterminated", "Invalid \\u"))


def _place(text: str, position: int) -> str:
    line = text.count("\n", 0, position) + 1
    return f"line {line:,}, column {position - text.rfind(chr(10), 0, position):,}"


def _shown(key: str) -> str:
    key = "".join(letter if letter.isprintable() else " " for letter in key)
    return key if len(key) <= _SHOWN_MAX else f"{key[:_SHOWN_MAX]}..."
