"""A persona in front of the sandbox's Telegram: carries out actions and checks what comes back."""

import asyncio
import re
from collections import Counter, deque
from typing import Any, NamedTuple, Protocol

from aiohttp import ClientError

from chaos.program.reply_matching import Match, ReplyMatcher, SentAction
from chaos.program.sandbox_process import Change
from personas.actions import Action, Reply, Visit
from personas.persona import Persona
from sandbox.client import SandboxRefusedError
from sandbox.client_wire import Wire

LINES_KEPT = 30
PATIENCE_S = 0.05
"""How long to wait before a page is opened again that could not be opened."""

_NOTIFICATIONS = (
    (re.compile(r"🎉 Thank you for inviting Person(\d+):"), "bonus"),
    (re.compile(r"🎁 (Your welcome gift)"), "gift"),
    (re.compile(r"🚀 Your order ([0-9a-f]{12})"), "accepted"),
    (re.compile(r"↩️ Your order ([0-9a-f]{12})"), "rejected"),
    (re.compile(r"🔎 Your order ([0-9a-f]{12})"), "unclear"),
)
"""Notifications: their kinds, and what they are about."""

_FRIENDS_JOINED = re.compile(r"👋 .+ ha(s|ve) joined with your link")
"""Several friends share one message, so these are not counted one by one."""


class ShownMessage(NamedTuple):
    """A message of the bot's, as the sandbox shows it."""

    message_id: int
    text: str
    buttons: tuple[str, ...]
    link: str = ""
    """The address behind its first link button."""

    @classmethod
    def read(cls, raw: dict[str, Any]) -> "ShownMessage":
        """Read it from the sandbox's JSON."""
        rows = raw.get("reply_markup", {}).get("inline_keyboard", [])
        every = [button for row in rows for button in row]
        buttons = tuple(button.get("callback_data", "") for button in every)
        link = next((button["url"] for button in every if "url" in button), "")
        return cls(int(raw["message_id"]), raw.get("text", ""), buttons, link)

    def button(self, prefix: str) -> str:
        """The data of its first button whose data starts with `prefix`; empty if none does."""
        return next((data for data in self.buttons if data.startswith(prefix)), "")


class Surroundings(Protocol):
    """What a user finds around them.

    Attributes:
        wire: to the sandbox.
        life: which of the program's lives this is.
        tally: counts of what happened.
    """

    wire: Wire
    life: int
    tally: Counter[str]

    async def until_open(self, user: "ChatUser") -> None:
        """Wait until this user may act."""

    def answered(self) -> None:
        """Count an action that has got its reply."""

    def wrong(self, what: str, user: "ChatUser") -> None:
        """Note something that must not happen."""


class ChatUser:
    """A persona at the keys.

    Attributes:
        persona: what they do and know.
        notified: the notifications they got, and how often.
        lines: their last actions and messages.
    """

    def __init__(self, surroundings: Surroundings, persona: Persona) -> None:
        """Nothing was said yet."""
        self.persona = persona
        self.notified: Counter[tuple[str, str]] = Counter()
        self.lines: deque[str] = deque(maxlen=LINES_KEPT)
        self.surroundings = surroundings
        self._replies = ReplyMatcher()

    @property
    def id(self) -> int:
        """Telegram's id; the first name is `Person` and this."""
        return self.persona.user_id

    @property
    def pending(self) -> list[SentAction]:
        """What waits for a reply."""
        return self._replies.pending

    async def make(self, visit: Visit) -> None:
        """Carry out a whole visit.

        Raises:
            Unexpected: the bot contradicts itself.
            SandboxRefusedError: the bot has taken a button away that should be there.
        """
        try:
            action = next(visit)
            while True:
                action = visit.send(await self.act(action))
        except StopIteration:
            pass

    async def act(self, action: Action) -> Reply:
        """Carry out an action, as often as it says, and wait for the reply."""
        replies = await asyncio.gather(*(self._act_once(action) for _ in range(action.times)))
        # One of two taps at once may get a short answer only, or find the button gone.
        with_message = next((reply for reply in replies if reply.message is not None), None)
        return with_message or next((reply for reply in replies if reply.text), replies[0])

    async def _act_once(self, action: Action) -> Reply:
        surroundings = self.surroundings
        await surroundings.until_open(self)
        if action.data.startswith("ad:") and isinstance(action.under, ShownMessage):
            await self._open(action.under.link)
            await surroundings.until_open(self)
        # Known before it is sent: the reply may be quicker than the sandbox's own answer.
        sent = SentAction(action, surroundings.life)
        self._replies.add(sent)
        self.lines.append(f"life {sent.life}: {action}")
        try:
            await self._send(sent)
        except SandboxRefusedError:
            self._replies.withdraw(sent)
            if action.edits:
                # Before a kill, or by the other one of two taps, the message was edited already.
                return Reply("")
            raise
        surroundings.tally["actions"] += 1
        reply = await sent.reply
        surroundings.answered()
        return reply

    async def _open(self, link: str) -> None:
        """Look at the ad that is behind a link of ours, once there is a program to show it."""
        while True:
            try:
                await self.surroundings.wire.visit(link)
            except (ClientError, OSError):
                await asyncio.sleep(PATIENCE_S)
            else:
                return

    async def _send(self, sent: SentAction) -> None:
        action, path = sent.action, f"/users/{self.id}"
        if action.under is None:
            await self.surroundings.wire.post(f"{path}/say", {"text": action.text})
        else:
            body = {"message_id": sent.under, "data": action.data}
            await self.surroundings.wire.post(f"{path}/press", body)

    def hear(self, change: Change) -> None:
        """Something has happened in this user's chat."""
        if change.kind == "callback":
            self._hear_toast(change)
        elif change.kind in {"message", "edited"} and change.data["message"]["by_bot"]:
            message, edited = ShownMessage.read(change.data["message"]), change.kind == "edited"
            life = self.surroundings.life
            self.lines.append(f"life {life}: {'edited to' if edited else 'new'} {message.text!r}")
            if edited or not self._is_unasked(message):
                self._hear_reply(message, edited=edited)

    def _is_unasked(self, message: ShownMessage) -> bool:
        """Whether this new message is one that nobody need have asked for."""
        if _FRIENDS_JOINED.match(message.text):
            return True
        for pattern, name in _NOTIFICATIONS:
            if found := pattern.match(message.text):
                self.notified[name, found[1]] += 1
                return True
        return False

    def _hear_toast(self, change: Change) -> None:
        under, data = change.data["message_id"], change.data["data"]
        text = change.data["answer"]["text"]
        self.lines.append(f"life {self.surroundings.life}: {data} is answered {text!r}")
        if not self._replies.toast(under, data, text):
            self.surroundings.wrong(f"{data} is answered with {text!r}", self)

    def _hear_reply(self, message: ShownMessage, *, edited: bool) -> None:
        life = self.surroundings.life
        match self._replies.show(message.text, message, edited=edited, life=life):
            case Match.AWAITED:
                pass
            case Match.REPEATED:
                self.surroundings.tally["replies repeated after a kill"] += 1
            case Match.UNEXPECTED:
                self.surroundings.wrong(f"nobody has asked for {message.text!r}", self)
