"""Actions in a chat with the bot, and the reply that each of them must get."""

from collections.abc import Generator
from typing import NamedTuple, Protocol, TypeAlias


class Unexpected(Exception):  # noqa: N818 - what happened, not the raising, is the name
    """The bot contradicts what this persona knows."""


class Message(Protocol):
    """A message of the bot's, in whatever form the driver keeps it."""

    @property
    def message_id(self) -> int:
        """Its number in the chat."""

    @property
    def text(self) -> str:
        """Its text, without markup."""

    def button(self, prefix: str) -> str:
        """The data of its first button whose data starts with `prefix`; empty if none does."""


class Reply(NamedTuple):
    """What answered an action.

    Attributes:
        text: of the message, or of the short answer to a press; empty if the button was gone.
        message: None if there was only a short answer, or none at all.
    """

    text: str
    message: Message | None = None


class Action(NamedTuple):
    """A text to send or a button to press, and how to recognize its one reply.

    Attributes:
        text: what is typed; empty for a press.
        words: the reply contains one of these.
        exact: the reply is one of `words`.
        under: the message whose button is pressed.
        data: the button's callback data.
        edits: the reply is an edit of the pressed message.
        toasts: beginnings of the short answer that the press gets beside its reply.
        repeated: further words that fit only if the bot handles the action more than once, as it
            may after a kill or when it is sent twice.
        writes: the ledger records at least one event for it.
        times: how often it is sent at the same moment.
    """

    text: str = ""
    words: tuple[str, ...] = ()
    exact: bool = False
    under: Message | None = None
    data: str = ""
    edits: bool = False
    toasts: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    writes: bool = False
    times: int = 1

    def fits(self, text: str) -> bool:
        """Whether a message with this text can be the reply."""
        return text in self.words if self.exact else any(words in text for words in self.words)

    def fits_toast(self, text: str) -> bool:
        """Whether this can be the short answer to the press."""
        return text.startswith(self.toasts) if self.toasts else not text

    def fits_repeated(self, text: str) -> bool:
        """Whether this can come of it at all, be it handled once or several times."""
        return self.fits(text) or any(words in text for words in (*self.toasts, *self.repeated))

    def __str__(self) -> str:
        """For reports: what was done, and what must come of it."""
        done = f"{self.data} under {self.under.message_id}" if self.under else self.text
        return f"{done!r}, which must be answered with {' or '.join(map(repr, self.words))}"


Visit: TypeAlias = Generator[Action, Reply, None]
"""What one persona does, one action after the other; each yields the reply that it got."""
