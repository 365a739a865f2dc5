"""The form of a request, as the panel's script reads it: text, whole numbers, lists of ids."""

from collections.abc import Mapping
from typing import Any, TypeVar

from sandbox.panel.families import FirstFamily, RefusalCode, RefusedError

IDS_MAX = 100
DIGITS_MAX = 12

N = TypeVar("N", int, None)


class Form:
    """The parameters of one request."""

    def __init__(self, form: Mapping[str, Any], family: FirstFamily) -> None:
        # A file has no place in this form.
        self._values = {name: family.read(v) for name, v in form.items() if isinstance(v, str)}

    def has(self, name: str) -> bool:
        """Whether a parameter was sent, empty or not."""
        return name in self._values

    def field(self, name: str) -> str:
        """A parameter without spaces around it; empty if it is missing."""
        return self._values.get(name, "").strip()

    def required(self, name: str) -> str:
        """A parameter that must not be empty."""
        if not (value := self.field(name)):
            raise RefusedError("missing")
        return value

    def ids(self, name: str) -> list[str]:
        """Up to 100 ids, separated by commas; each once."""
        ids = [one.strip() for one in self.required(name).split(",")]
        if len(ids) > IDS_MAX:
            raise RefusedError("missing")
        return list(dict.fromkeys(ids))


def whole(text: str, code: RefusalCode) -> int:
    """A whole number that is not negative; anything else is refused with this code."""
    number = whole_or(text, None)
    if number is None:
        raise RefusedError(code)
    return number


def whole_or(text: str, otherwise: N) -> int | N:
    """A whole number that is not negative; anything else becomes `otherwise`."""
    is_whole = text.isascii() and text.isdecimal() and len(text) <= DIGITS_MAX
    return int(text) if is_whole else otherwise
