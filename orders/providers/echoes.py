"""Echoes: what we sent, as an answer may repeat it, and how to take it out of the answer.

A customer chooses the link, so an answer that repeats it has words of the customer in it.
"""

import html
import re
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

import msgspec

from orders.providers.phrases import words_of

_TIMES_ENCODED_MAX = 3
_JSON_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|([/\"\\]))")
_NAME = re.compile(r"@[^\s\"'<>,;|(){}\[\]]+")


class Echo(msgspec.Struct, frozen=True):
    """What we sent with an order: the link, the quantity, keys, and the lines of comments."""

    link: str = ""
    quantity: str = ""
    secrets: tuple[str, ...] = ()
    comments: str = ""

    def without_link(self, text: str) -> str:
        """The text, decoded, without the whole link, with or without its scheme and `www.`."""
        text = _decoded(text)
        for form in (*self.secrets, *self._link_forms()):
            text = re.sub(re.escape(form), " ", text, flags=re.IGNORECASE)
        for name in self._names():
            text = re.sub(rf"{re.escape(name)}(?![\w.])", " ", text, flags=re.IGNORECASE)
        return text

    def without_names(self, text: str) -> str:
        """The same without other addresses of the link's site, @names, and our comments."""
        text = self.without_link(text)
        for line in self._comment_lines():
            if line.casefold() in text.casefold():
                whole = rf"(?<!\w){re.escape(line)}(?!\w)"
                text = re.sub(whole, " ", text, flags=re.IGNORECASE)
        if domain := ".".join(_host(self.link).split(".")[-2:]):
            address = rf"[^\s\"'<>,;|(){{}}\[\]]*{re.escape(domain)}[^\s\"'<>,;|(){{}}\[\]]*"
            text = re.sub(address, " ", text, flags=re.IGNORECASE)
        return _NAME.sub(" ", text)

    def without_pieces(self, words: str) -> str:
        """Words without those that are a part of the link, such as the id, and the quantity."""
        for piece in self._pieces():
            words = re.sub(rf"\b{re.escape(piece)}\b", " ", words)
        return words

    def _link_forms(self) -> Iterable[str]:
        link = _decoded(self.link)
        if not link:
            return ()
        bare = link.partition("://")[2] or link
        return dict.fromkeys((link, bare, bare.removeprefix("www."), bare.removeprefix("m.")))

    def _comment_lines(self) -> list[str]:
        lines = {line.strip() for line in _decoded(self.comments).splitlines()} - {""}
        return sorted(lines, key=len, reverse=True)

    def _names(self) -> list[str]:
        return sorted(set(_NAME.findall(_path_pieces(self.link))), key=len, reverse=True)

    def _pieces(self) -> list[str]:
        parts = re.split(r"[/?&=#\s]+", _path_pieces(self.link))
        pieces = {words_of(part) for part in (*parts, self.quantity)} - {""}
        return sorted(pieces, key=len, reverse=True)


def _path_pieces(link: str) -> str:
    """All behind the host, with spaces for the slashes."""
    link = _decoded(link)
    _, _, rest = (link.partition("://")[2] or link).partition("/")
    return rest.replace("/", " ")


def _host(link: str) -> str:
    try:
        return urlsplit(link).hostname or ""
    except ValueError:
        return ""


def _decoded(text: str) -> str:
    """The text without percent, HTML and JSON escapes, however often they were put around it."""
    for _ in range(_TIMES_ENCODED_MAX):
        plain = _JSON_ESCAPE.sub(_letter, unquote(html.unescape(text)))
        if plain == text:
            break
        text = plain
    return text


def _letter(escape: re.Match[str]) -> str:
    return chr(int(escape[1], 16)) if escape[1] else escape[2]
