"""Finds the links in a text, as people paste them: with words glued on, in brackets, misspelled.

What is found still has to be read: nothing here decides whether a host may be trusted. The one
rule is that no link is found inside another one, as in `https://site.example/?to=https://…`.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final
from urllib.parse import unquote

from ledger.untrusted.typed_text import cleaned
from orders.links.platforms import ORDER_SITE_OF_DOMAIN

_DOMAINS = "|".join(
    re.escape(domain) for domain in sorted(ORDER_SITE_OF_DOMAIN, key=len, reverse=True)
)
_HOST = rf"(?:[a-z0-9_-]{{1,40}}\.){{0,3}}(?:{_DOMAINS})\.?"

_KNOWN_HOST = re.compile(rf"(?<![a-z0-9_.@%/\\-]){_HOST}(?=[/?#]|\Z)", re.ASCII | re.IGNORECASE)

# A word, and what people type for `://`; a browser takes `\\` for `//`.
_SCHEME_LIKE = r"([^\W\d_]{1,40}+) ?+((?:[:;.,] ?+){0,3}+[/\\][/\\: ]{0,6}+|: ?+)"
_SCHEMES_BEFORE_HOST = re.compile(rf"(?:{_SCHEME_LIKE})++\Z")
_KNOWN_HOST_AND_PATH = re.compile(rf"(?<![a-z0-9_.@%-]){_HOST}(?=[/?#])", re.ASCII | re.IGNORECASE)
_RIGHT_SCHEME_AT_END = re.compile(r"https?\Z", re.IGNORECASE)
_LOOK_BACK_CHARS: Final = 100
_MENDED_LINKS_MAX: Final = 50
_SLIP_CHARS_MAX: Final = len("hhttpss")

_WEB = re.compile(r"https?://", re.IGNORECASE)
_ENCODED_WEB = re.compile(r"https?%3a%2f%2f", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:", re.ASCII)

# A label like `Link:` may stand before a link; these may not.
_OTHER_SCHEME = re.compile(
    r"(?:about|blob|chrome|data|file|filesystem|ftps?|intent|jar|javascript|mailto|sftp|sms|ssh|tel"
    r"|telnet|tg|vbscript|view-source|wss?):",
    re.ASCII | re.IGNORECASE,
)
_ADDRESS = re.compile(r"[\w-]\.[^\W\d_][\w-]+[/?#:@]|://")
_INSIDE_ADDRESS = tuple("=/:?&#%@\\")

_WITHOUT_SCHEME = re.compile(r"www\.|[^\s/?#:]+\.[A-Za-z][A-Za-z0-9-]+[/?#]", re.IGNORECASE)
_DELIMITERS = frozenset(" <>\"'`|()[]{}")
_GLUED_LINKS_MAX: Final = 20
_OPENING: Final = " <>\"'`|()[]{}*_~"


def found_links(text: str) -> Iterator[str]:
    """Everything in a text that is a link, or should be one, in order. Each has a scheme."""
    # As HTML and JSON write `&` and `/`.
    words = cleaned(text).replace("&amp;", "&").replace("\\/", "/").split()
    text = " ".join(word for word in words if not _OTHER_SCHEME.match(word.lstrip(_OPENING)))
    for piece in _pieces(_with_mended_schemes(text)):
        encoded = _ENCODED_WEB.match(piece)
        for part in _parts(unquote(piece).partition(" ")[0] if encoded else piece):
            if link := _as_link(part):
                yield link


def _with_mended_schemes(text: str) -> str:
    """`hhttps//youtu.be/…` as `https://youtu.be/…`; only before the host of a known site."""
    done: list[str] = []
    at = 0
    for host in islice(_KNOWN_HOST_AND_PATH.finditer(text), _MENDED_LINKS_MAX):
        before = text[max(at, host.start() - _LOOK_BACK_CHARS) : host.start()]
        schemes = _SCHEMES_BEFORE_HOST.search(before)
        slip = _slip_in(schemes[0]) if schemes else ""
        begin = host.start() - len(slip)
        if slip and not _WEB.fullmatch(slip) and not _is_inside_address(text[at:begin]):
            done += [text[at:begin], " https://"]
            at = host.start()
    return "".join([*done, text[at:]])


def _is_inside_address(before: str) -> bool:
    """Whether what follows this text belongs to the address that the text ends with."""
    word = before.rpartition(" ")[2]
    return word[-1:] in _INSIDE_ADDRESS and _ADDRESS.search(word) is not None


def _slip_in(schemes: str) -> str:
    """The end of what stands before a host, from where on all of it was meant as `https://`."""
    begin = len(schemes)
    for word in reversed(list(re.finditer(_SCHEME_LIKE, schemes))):
        scheme = _RIGHT_SCHEME_AT_END.search(word[1])
        if scheme and scheme.start():
            # Glued to what stands before it, which may be another link.
            begin = word.start() + scheme.start()
            break
        if not scheme and not _is_meant_as_web(word[1].lower(), word[2]):
            break
        begin = word.start()
    return schemes[begin:]


def _is_meant_as_web(word: str, rest: str) -> bool:
    if not word.isascii():
        # In the letters of another alphabet, or glued to a word. It disguises nothing: the host
        # that follows is compared letter by letter.
        return "/" in rest
    if any(right.endswith(word) for right in ("http", "https")):
        return True  # the beginning was not copied
    only_its_letters = set(word) <= set("htps") and {"t", "p"} <= set(word)
    return (only_its_letters and len(word) <= _SLIP_CHARS_MAX) or any(
        _is_one_slip_apart(word, right) for right in ("http", "https")
    )


def _is_one_slip_apart(word: str, right: str) -> bool:
    """Whether one letter is wrong, missing or too many."""
    if abs(len(word) - len(right)) > 1:
        return False
    same = 0
    while same < min(len(word), len(right)) and word[same] == right[same]:
        same += 1
    rest, right_rest = word[same:], right[same:]
    return right_rest in {rest, rest[1:]} or rest == right_rest[1:] or rest[1:] == right_rest[1:]


def _pieces(text: str) -> Iterator[str]:
    """The text between spaces, brackets, quotes, and signs that no address has."""
    piece: list[str] = []
    for sign in text:
        if sign in _DELIMITERS or not (sign.isascii() or sign.isalnum()):
            if piece:
                yield "".join(piece)
            piece = []
        else:
            piece.append(sign)
    if piece:
        yield "".join(piece)


def _parts(piece: str) -> Iterator[str]:
    """A piece, taken apart where another link begins that is not a part of the one before it."""
    begin = 0
    for web in islice(_WEB.finditer(piece), _GLUED_LINKS_MAX):
        before = piece[begin : web.start()]
        if _OTHER_SCHEME.search(before):
            break
        if not before or _is_inside_address(before):
            continue
        yield before
        begin = web.start()
    yield piece[begin:]


def _as_link(part: str) -> str | None:
    """The link in a part, with its scheme; None if nobody would take it for a web link."""
    part = part.rstrip("\\")
    if _WEB.match(part):
        return part
    if "\\" in part or _OTHER_SCHEME.match(part):
        return None
    scheme = _SCHEME.match(part)
    if scheme and part.startswith("//", scheme.end()):
        return None
    part = part.lstrip(":/*_~=.,")
    host = _KNOWN_HOST.search(part)
    if host and not _ADDRESS.search(part[: host.start()]):
        if _OTHER_SCHEME.search(part[: host.start()]):
            return None
        return f"https://{part[host.start() :]}"
    return f"https://{part}" if _WITHOUT_SCHEME.match(part) else None
