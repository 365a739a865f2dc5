"""Matches what the bot says to the actions that asked for it.

After a kill the bot may answer an action a second time, but only one that was made before the kill.
So everything that the bot says is the reply to a pending action, a repeated reply, or wrong.
"""

import asyncio
from collections import deque
from enum import Enum, auto

from personas.actions import Action, Message, Reply

REMEMBERED = 100
"""How many of one user's actions are kept. With a webhook a press may be redelivered very late."""
TOAST_READ_S = 0.3
"""How long to wait for the edit of a message after the press's short answer has come."""


class Match(Enum):
    """What something that the bot says is."""

    AWAITED = auto()
    """The reply to a pending action."""
    REPEATED = auto()
    """A second reply to an action from before a kill, or a late one."""
    UNEXPECTED = auto()
    """Nothing that anybody has asked for."""


class SentAction:
    """An action that was carried out.

    Attributes:
        action: what was done.
        life: during which of the program's lives that was.
        reply: set when it is answered.
    """

    def __init__(self, action: Action, life: int) -> None:
        """Not answered yet."""
        self.action = action
        self.life = life
        self.reply: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        # A text has no short answer to wait for.
        self._toasted = action.under is None
        self._shown: set[int] = set()

    @property
    def under(self) -> int:
        """The number of the message whose button was pressed; 0 for a text."""
        return self.action.under.message_id if self.action.under is not None else 0

    @property
    def pending(self) -> bool:
        """Whether it is not answered yet."""
        return not self.reply.done()

    def toast(self, text: str) -> bool:
        """The press gets its short answer; whether that is right."""
        if self._toasted:
            return False
        self._toasted = True
        if text and self.action.edits:
            asyncio.get_running_loop().call_later(TOAST_READ_S, self._settle, Reply(text))
        elif text:
            # These words stand in place of a message.
            self._shown.add(0)
            self._settle(Reply(text))
        return not text or self.action.fits_repeated(text)

    def awaits(self, text: str, edited: int) -> bool:
        """Whether this new message, or this edit of the message `edited`, can be its reply."""
        # A press gets its short answer before anything else; after that its message may change.
        may_come = self._toasted and (self.pending or edited > 0)
        return may_come and edited not in self._shown and self.is_about(text, edited)

    def is_about(self, text: str, edited: int) -> bool:
        """Whether the message can come of this action at all, be it for the second time."""
        # Words meant as a short answer come as a message when it is too late for one.
        places = (0, self.under) if self.action.edits else (0,)
        return edited in places and self.action.fits_repeated(text)

    def show(self, text: str, message: Message, edited: int) -> None:
        """This message is its reply."""
        self._shown.add(edited)
        self._settle(Reply(text, message))

    def _settle(self, reply: Reply) -> None:
        if self.pending:
            self.reply.set_result(reply)


class ReplyMatcher:
    """One user's actions: those that are pending, and the latest of the others."""

    def __init__(self) -> None:
        """Nothing was done yet."""
        self._sent: deque[SentAction] = deque(maxlen=REMEMBERED)

    @property
    def pending(self) -> list[SentAction]:
        """The actions without a reply."""
        return [sent for sent in self._sent if sent.pending]

    def add(self, sent: SentAction) -> None:
        """An action is about to be carried out."""
        self._sent.append(sent)

    def withdraw(self, sent: SentAction) -> None:
        """It could not be carried out."""
        self._sent.remove(sent)
        sent.reply.cancel()

    def toast(self, under: int, data: str, text: str) -> bool:
        """A press gets its short answer; False if that is wrong."""
        pressed = [sent for sent in self._sent if (sent.under, sent.action.data) == (under, data)]
        return any(sent.toast(text) for sent in pressed)

    def show(self, text: str, message: Message, *, edited: bool, life: int) -> Match:
        """The bot has sent or edited a message, in this life of the program."""
        under = message.message_id if edited else 0
        for sent in sorted(self._sent, key=lambda sent: not sent.pending):
            if sent.awaits(text, under):
                sent.show(text, message, under)
                return Match.AWAITED
        if any(sent.life < life and sent.is_about(text, under) for sent in self._sent):
            return Match.REPEATED
        return Match.UNEXPECTED
