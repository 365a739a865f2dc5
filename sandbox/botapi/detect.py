"""The entities that Telegram finds in any text by itself: links, commands, mentions and more."""

import re

from sandbox.botapi.entities import utf16
from sandbox.shapes import Entity

DOMAINS = "com|net|org|info|io|me|be|tv|co|gg|ly|cc|app|dev|page|site|online|shop|link|ru|de|uk"
TRAILING = ".,;:!?'\"»)]}…"
PATTERNS = (
    ("url", re.compile(r"(?<![\w@/])https?://[^\s<>\"«»]+", re.IGNORECASE)),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@(?:[\w-]+\.)+[a-zA-Z]{2,}(?![\w@])")),
    (
        "url",
        re.compile(
            rf"(?<![\w@/.:-])(?:[a-z0-9-]+\.)+(?:{DOMAINS})(?![\w@-])(?:[/?#][^\s<>\"«»]*)?",
            re.IGNORECASE,
        ),
    ),
    (
        "bot_command",
        re.compile(r"(?<![\w/<>])/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z0-9_]{3,32})?(?![\w/<>])"),
    ),
    ("mention", re.compile(r"(?<![\w@/])@[a-zA-Z][a-zA-Z0-9_]{3,31}(?!\w)")),
    ("hashtag", re.compile(r"(?<![\w#/])#(?=\w*[^\W\d])\w{1,256}(?![\w#])")),
)


def with_detected(text: str, entities: list[Entity]) -> list[Entity]:
    """The entities given, and those found in the rest of the text."""
    taken = [
        (entity.offset, entity.offset + entity.length)
        for entity in entities
        if entity.type in {"code", "pre", "text_link", "text_mention"}
    ]
    found = list(entities)
    for kind, pattern in PATTERNS:
        for match in pattern.finditer(text):
            piece = match.group()
            if kind == "url":
                piece = piece.rstrip(TRAILING)
            first = utf16(text[: match.start()])
            last = first + utf16(piece)
            if any(first < end and begin < last for begin, end in taken):
                continue
            taken.append((first, last))
            found.append(Entity(kind, first, last - first))
    return sorted(found, key=lambda entity: (entity.offset, -entity.length))
