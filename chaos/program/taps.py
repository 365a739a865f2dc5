"""Owns the tap: something that a person did, and which of the bot's words answer it.

After a kill the bot may answer a tap again, and only a tap that was made before the kill. So each
thing that the bot says is the answer to an open tap, a repeated one, or wrong.
"""

import asyncio
from collections import deque
from enum import Enum, auto
from typing import Any, NamedTuple, TypeAlias

Message: TypeAlias = dict[str, Any]
"""A message of the bot's, as Telegram shows it."""

REMEMBERED = 100
"""So many of a person's taps are known again. With a webhook a press may come back very late."""
READ_S = 0.3
"""So long a person looks at a press's short answer, and whether the message changes."""


class Reply(NamedTuple):
    """What answered a tap. `message` is None for the short words that a press is answered with."""

    text: str
    message: Message | None = None


class Heard(Enum):
    """What something that the bot says is."""

    AWAITED = auto()
    """What a tap has waited for."""
    REPEATED = auto()
    """What a tap from before a kill has had already, or has been answered without."""
    UNASKED = auto()
    """Nothing that anybody has asked for."""


class Tap:
    """A text that was sent, or a button that was pressed.

    Attributes:
        what: for whoever reads of it.
        under: the message whose button was pressed, by its number; 0 for a text.
        data: that button's.
        edits: the reply is a change of that message.
        life: during which of the program's lives it was made.
        reply: comes when it is answered.
    """

    def __init__(
        self,
        what: str,
        words: tuple[str, ...],
        *,
        under: int = 0,
        data: str = "",
        edits: bool = False,
    ) -> None:
        """One of `words` is in the reply."""
        self.what = what
        self.under = under
        self.data = data
        self.edits = edits
        self.life = 0
        self.reply: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._words = words
        self._called = not under
        self._shown: set[int] = set()

    @property
    def open(self) -> bool:
        """Whether it is not answered yet."""
        return not self.reply.done()

    def call(self, text: str) -> bool:
        """The press is answered, with these words if any; whether that may be."""
        if self._called:
            return False
        self._called = True
        if text and self.edits:
            asyncio.get_running_loop().call_later(READ_S, self._settle, Reply(text))
        elif text:
            # These words are instead of a message.
            self._shown.add(0)
            self._settle(Reply(text))
        return not text or self._fits(text)

    def awaits(self, text: str, under: int) -> bool:
        """Whether a message, new or changed (`under`), can be what it has to show."""
        # A press is answered before anything else comes of it; then its message may still change.
        may_come = self._called and (self.open or under > 0)
        return may_come and under not in self._shown and self.is_about(text, under)

    def is_about(self, text: str, under: int) -> bool:
        """Whether a message can come of it, be it for the second time."""
        # What was to be a press's short answer may come as a message, when it is too late for that.
        return under in ((0, self.under) if self.edits else (0,)) and self._fits(text)

    def show(self, text: str, message: Message, under: int) -> None:
        """This message has come of it."""
        self._shown.add(under)
        self._settle(Reply(text, message))

    def _settle(self, reply: Reply) -> None:
        if self.open:
            self.reply.set_result(reply)

    def _fits(self, text: str) -> bool:
        return any(words in text for words in self._words)

    def __repr__(self) -> str:
        return f"{self.what}, to hear {' or '.join(map(repr, self._words))}"


class Taps:
    """One person's taps, the open ones and the last of the others."""

    def __init__(self) -> None:
        """None yet."""
        self._taps: deque[Tap] = deque(maxlen=REMEMBERED)

    @property
    def open(self) -> list[Tap]:
        """Those that wait for their answer."""
        return [tap for tap in self._taps if tap.open]

    def add(self, tap: Tap) -> None:
        """It is about to be made."""
        self._taps.append(tap)

    def withdraw(self, tap: Tap) -> None:
        """It could not be made."""
        self._taps.remove(tap)
        tap.reply.cancel()

    def call(self, under: int, data: str, text: str) -> bool:
        """A press is answered; false if that can't be."""
        pressed = [tap for tap in self._taps if (tap.under, tap.data) == (under, data)]
        return any(tap.call(text) for tap in pressed)

    def show(self, text: str, message: Message, *, changed: bool, life: int) -> Heard:
        """The bot has written, or changed a message, in this life."""
        under = int(message["message_id"]) if changed else 0
        for tap in sorted(self._taps, key=lambda tap: not tap.open):
            if tap.awaits(text, under):
                tap.show(text, message, under)
                return Heard.AWAITED
        if any(tap.life < life and tap.is_about(text, under) for tap in self._taps):
            return Heard.REPEATED
        return Heard.UNASKED
