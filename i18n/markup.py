"""`Html`: text that is HTML already, as a type of its own.

A plain `str` is always escaped when it meets `Html`, so nothing is escaped twice and nothing is
forgotten. String methods other than those below return a plain `str`, which is escaped again: a
mistake shows as `&lt;b&gt;` on the screen and never as somebody else's markup.
"""

import html
import re
from collections.abc import Iterable

_TAG = re.compile(r"<[^<>]*>")


class Html(str):
    """Text that is HTML already, for Telegram's parse mode or for a page."""

    __slots__ = ()

    def __html__(self) -> "Html":
        """Itself: how Jinja2 and MarkupSafe recognise ready HTML."""
        return self

    def __add__(self, other: str) -> "Html":
        return Html(str.__add__(self, escape(other)))

    def __radd__(self, other: str) -> "Html":
        return Html(str.__add__(escape(other), self))

    def join(self, parts: Iterable[str], /) -> "Html":
        """The parts with this text between them; a part that is a plain `str` is escaped."""
        return Html(str.join(self, [escape(part) for part in parts]))

    @property
    def text(self) -> str:
        """The text without tags and entities, for buttons, pop-ups and command lists."""
        return html.unescape(_TAG.sub("", self))


def escape(text: str) -> Html:
    """A text as HTML that shows it; ready HTML (also Jinja2's) stays as it is."""
    if text.__class__ is str:
        return Html(html.escape(text))
    ready = getattr(text, "__html__", None)
    return Html(ready() if ready else html.escape(str(text)))
