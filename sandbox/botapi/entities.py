"""Telegram's HTML to text and entities, and the entities that Telegram finds by itself.

Offsets and lengths count UTF-16 units, error positions count bytes: as Telegram does.
"""

import re
from collections.abc import Iterable
from urllib.parse import parse_qs, urlsplit

from msgspec import Struct
from msgspec.structs import replace

from sandbox.botapi.errors import ApiError, bad_request
from sandbox.shapes import Entity

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,8})|#([0-9]{1,9})|(lt|gt|amp|quot)(?=;));?")
NAME_TOKEN = re.compile(r"[0-9A-Za-z.-]*")
UNICODE_MAX = 0x10FFFF


def utf16(text: str) -> int:
    """The length that Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def can_not_parse(reason: str) -> ApiError:
    """The refusal of unreadable HTML."""
    return bad_request(f"can't parse entities: {reason}")


class _Open(Struct):
    """An open tag."""

    tag: str
    attributes: dict[str, str]
    offset: int
    start: int


class _Reader:
    """One pass over the markup."""

    def __init__(self, markup: str) -> None:
        self.markup = markup
        self.at = 0
        self.text: list[str] = []
        self.offset = 0
        self.open: list[_Open] = []
        self.entities: list[Entity] = []

    def byte(self, at: int) -> int:
        return len(self.markup[:at].encode())

    def peek(self) -> str:
        return self.markup[self.at] if self.at < len(self.markup) else ""

    def put(self, piece: str) -> None:
        self.text.append(piece)
        self.offset += utf16(piece)

    def skip_spaces(self) -> None:
        while self.peek().isspace():
            self.at += 1

    def until(self, stop: str) -> str:
        begin = self.at
        while (char := self.peek()) and not char.isspace() and char not in stop:
            self.at += 1
        return self.markup[begin : self.at]

    def read(self) -> tuple[str, list[Entity]]:
        while char := self.peek():
            if char == "<":
                begin = self.at
                self.at += 1
                if self.peek() == "/":
                    self.end_tag(begin)
                else:
                    self.start_tag(begin)
            else:
                self.put(self.character())
        if self.open:
            tag = self.open[-1].tag
            raise can_not_parse(f'Can\'t find end tag corresponding to start tag "{tag}"')
        return "".join(self.text), self.entities

    def character(self) -> str:
        """One character, or the one that a reference such as &lt; stands for."""
        if match := REFERENCE.match(self.markup, self.at):
            hexadecimal, decimal, name = match.groups()
            code = int(hexadecimal, 16) if hexadecimal else int(decimal or 0)
            if name or 0 < code <= UNICODE_MAX:
                self.at = match.end()
                found = NAMED[name] if name else chr(code)
                if "\ud800" <= found <= "\udfff":
                    raise can_not_parse(
                        "Text contains invalid Unicode characters after decoding HTML entities,"
                        " check for unmatched surrogate code units"
                    )
                return found
        self.at += 1
        return self.markup[self.at - 1]

    def start_tag(self, begin: int) -> None:
        tag = self.until(">").lower()
        if not self.peek():
            raise can_not_parse(f"Unclosed start tag at byte offset {self.byte(begin)}")
        if tag not in TAGS:
            raise can_not_parse(f'Unsupported start tag "{tag}" at byte offset {self.byte(begin)}')
        attributes: dict[str, str] = {}
        while True:
            self.skip_spaces()
            if not self.peek():
                raise can_not_parse(f"Unclosed start tag at byte offset {self.byte(begin)}")
            if self.peek() == ">":
                break
            name = self.until("=>")
            if not name:
                raise can_not_parse(
                    f'Empty attribute name in the tag "{tag}" at byte offset {self.byte(begin)}'
                )
            self.skip_spaces()
            attributes[name.lower()] = self.attribute(tag, begin) if self.peek() == "=" else ""
        self.at += 1
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise can_not_parse(
                f'Tag "span" must have class "tg-spoiler" at byte offset {self.byte(begin)}'
            )
        self.open.append(_Open(tag, attributes, self.offset, len(self.text)))

    def attribute(self, tag: str, begin: int) -> str:
        self.at += 1
        self.skip_spaces()
        quote = self.peek()
        if not quote:
            raise can_not_parse(f'Unclosed start tag "{tag}" at byte offset {self.byte(begin)}')
        if quote not in "\"'":
            match = NAME_TOKEN.match(self.markup, self.at)
            token = match.group() if match else ""
            token_at, self.at = self.at, self.at + len(token)
            if not self.peek().isspace() and self.peek() != ">":
                raise can_not_parse(
                    f"Unexpected end of name token at byte offset {self.byte(token_at)}"
                )
            return token.lower()
        self.at += 1
        value: list[str] = []
        while self.peek() not in {quote, ""}:
            value.append(self.character())
        if not self.peek():
            raise can_not_parse(f"Unclosed start tag at byte offset {self.byte(begin)}")
        self.at += 1
        return "".join(value)

    def end_tag(self, begin: int) -> None:
        if not self.open:
            raise can_not_parse(f"Unexpected end tag at byte offset {self.byte(begin)}")
        self.at += 1
        name = self.until(">").lower()
        self.skip_spaces()
        if self.peek() != ">":
            raise can_not_parse(f"Unclosed end tag at byte offset {self.byte(begin)}")
        self.at += 1
        opened = self.open.pop()
        if name not in {opened.tag, ""}:
            raise can_not_parse(
                f"Unmatched end tag at byte offset {self.byte(begin)},"
                f' expected "</{opened.tag}>", found "</{name}>"'
            )
        if self.offset > opened.offset:
            self.add(opened)

    def add(self, opened: _Open) -> None:
        entity = Entity(TAGS[opened.tag], opened.offset, self.offset - opened.offset)
        attributes = opened.attributes
        match opened.tag:
            case "a":
                url = attributes.get("href") or "".join(self.text[opened.start :])
                if not (link := checked_link(url)):
                    return
                entity.url = link
            case "code":
                language = attributes.get("class", "")
                if language.startswith("language-"):
                    entity.language = language.removeprefix("language-")
            case "pre":
                self._take_language(entity)
            case "blockquote" if "expandable" in attributes:
                entity.type = "expandable_blockquote"
            case "tg-emoji":
                entity.custom_emoji_id = attributes.get("emoji-id", "")
            case _:
                pass
        self.entities.append(entity)

    def _take_language(self, entity: Entity) -> None:
        """`<pre><code class="language-x">` is one entity, a pre with a language."""
        last = self.entities[-1] if self.entities else None
        same = last and (last.type, last.offset, last.length) == (
            "code",
            entity.offset,
            entity.length,
        )
        if last and same:
            entity.language = last.language
            self.entities.pop()


def checked_link(url: str) -> str | None:
    """A link as Telegram keeps it, or None when it would drop it."""
    url = url.strip()
    if not url or any(char.isspace() for char in url):
        return None
    if "://" not in url and not url.startswith(("tg:", "mailto:")):
        url = f"http://{url}"
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme in {"tg", "ton", "mailto"}:
        return url
    if parts.scheme not in {"http", "https"} or "." not in (parts.hostname or ""):
        return None
    return url if parts.path else url.replace(parts.netloc, f"{parts.netloc}/", 1)


def mentioned_user_id(url: str) -> int | None:
    """The person in a `tg://user?id=` link."""
    parts = urlsplit(url)
    if parts.scheme == "tg" and parts.netloc == "user":
        digits = parse_qs(parts.query).get("id", [""])[0]
        return int(digits) if digits.isdigit() else None
    return None


def parse_html(markup: str) -> tuple[str, list[Entity]]:
    """The plain text and its entities; raises the refusal that Telegram would send."""
    text, entities = _Reader(markup).read()
    return text, _settled(entities)


def _settled(entities: Iterable[Entity]) -> list[Entity]:
    """In Telegram's order, and nothing inside code: there Telegram shows the text as it is."""
    ordered = sorted(entities, key=lambda entity: (entity.offset, -entity.length))
    kept: list[Entity] = []
    code_until = 0
    for entity in ordered:
        if entity.offset < code_until:
            continue
        if entity.type in {"code", "pre"}:
            code_until = entity.offset + entity.length
        kept.append(entity if entity.type != "code" else replace(entity, language=None))
    return kept


def trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Without white space at the ends, entities moved along."""
    shift = utf16(text) - utf16(text.lstrip())
    text = text.strip()
    end = utf16(text)
    kept: list[Entity] = []
    for entity in entities:
        first = max(0, entity.offset - shift)
        last = min(end, entity.offset - shift + entity.length)
        if last > first:
            kept.append(replace(entity, offset=first, length=last - first))
    return text, kept
