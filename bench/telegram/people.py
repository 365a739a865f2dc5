"""Owns what a person can do at the keys: an ask, and how to know the one reply that fits it."""

from collections.abc import Generator
from typing import NamedTuple, TypeAlias

from bench.fast_log import FIRST_ID
from bench.telegram.objects import Message, Person


class Ask(NamedTuple):
    """One update, and what must come of it.

    Attributes:
        who: sends it.
        text: what they type; empty for a press.
        words: one of these is in the reply.
        whole: one of these is the reply.
        under: the message whose button is pressed.
        data: of that button.
        edits: the reply is the pressed message, changed.
        toast: what the answer to the press begins with.
        writes: the ledger has to write something down for it.
    """

    who: Person
    text: str
    words: tuple[str, ...]
    whole: bool = False
    under: Message | None = None
    data: str = ""
    edits: bool = False
    toast: str = ""
    writes: bool = False

    def fits(self, text: str) -> bool:
        """Whether this can be the reply."""
        return text in self.words if self.whole else any(words in text for words in self.words)


Visit: TypeAlias = Generator[Ask, Message, None]
"""What one person does, one thing after the other; each ask is sent the message that replied."""


class Visitor(NamedTuple):
    """A person at the keys."""

    who: Person

    def says(self, text: str, *words: str, whole: bool = False, writes: bool = False) -> Ask:
        """Type something; a message with some of these words is the reply."""
        return Ask(self.who, text, words, whole=whole, writes=writes)

    def presses(self, under: Message, beginning: str, *words: str) -> Ask:
        """Press the button whose data begins so; a new message is the reply."""
        return Ask(self.who, "", words, under=under, data=_data(under, beginning))

    def changes(self, under: Message, beginning: str, *words: str, toast: str = "") -> Ask:
        """Press a button that changes its own message, and has the ledger write."""
        data = _data(under, beginning)
        return Ask(
            self.who, "", words, under=under, data=data, edits=True, toast=toast, writes=True
        )


def _data(under: Message, beginning: str) -> str:
    data = under.button(beginning)
    if not data:
        raise AssertionError(f"no button {beginning!r} under: {under.text}")
    return data


def known_person(number: int) -> Person:
    """The one who was the so-manieth to join in the bench's logs, counted from 0."""
    return Person(FIRST_ID + number, "Anna", f"anna{number}")


def code_of(number: int) -> str:
    """Their invitation code."""
    return f"{number:08x}"
