"""Owns one person in front of Telegram: what they do, what they hear, and what they know of it."""

import random
import re
from collections import Counter, deque
from typing import NamedTuple, Protocol

from chaos.program.sandbox_process import Change
from chaos.program.taps import Heard, Message, Reply, Tap, Taps
from sandbox.client import SandboxRefusedError
from sandbox.client_wire import Wire

LINES_KEPT = 30

_NOTICES = (
    (re.compile(r"🎉 Thank you for inviting Person(\d+):"), "bonus"),
    (re.compile(r"🎁 (Your welcome gift)"), "gift"),
    (re.compile(r"🚀 Your order ([0-9a-f]{12})"), "accepted"),
    (re.compile(r"↩️ Your order ([0-9a-f]{12})"), "rejected"),
    (re.compile(r"🔎 Your order ([0-9a-f]{12})"), "unclear"),
)
"""What people are told without asking: which kind it is, and what it is about."""


class Ordered(NamedTuple):
    """What a person was told of their order. `quantity` in views."""

    video: str
    quantity: int
    price_points: int


class Around(Protocol):
    """What a person finds around them.

    Attributes:
        wire: to Telegram.
        life: which of the program's lives this is.
        tally: for what is worth counting.
    """

    wire: Wire
    life: int
    tally: Counter[str]

    async def until_open(self, person: "Person") -> None:
        """Wait until this person may act."""

    def wrong(self, what: str, person: "Person") -> None:
        """Something is as it must not be."""


class Person:
    """One of the people, and what they know for certain.

    Attributes:
        id: Telegram's; their first name is `Person` and this.
        dice: for what they choose.
        likes_buttons: taps a button where a text does as well.
        invited_by: whose link they came by.
        code: their own invitation code, once they have seen it.
        welcomed: whether the bot has greeted them.
        ads: the numbers of the ads that they were told are paid.
        orders: those that they were told are placed.
        account: the message with their balance.
        paid: the last ad that was paid, which leads to the next one.
        written: what they were told is with the admin.
        noticed: what they heard without asking, and how often.
        lines: the last things that they did and heard.
    """

    def __init__(
        self, around: Around, user_id: int, dice: random.Random, invited_by: "Person | None" = None
    ) -> None:
        """Has not heard of the bot yet."""
        self.id = user_id
        self.dice = dice
        self.likes_buttons = dice.random() < 1 / 2
        self.invited_by = invited_by
        self.code = ""
        self.welcomed = False
        self.ads: set[int] = set()
        self.orders: dict[str, Ordered] = {}
        self.account: Message | None = None
        self.paid: Message | None = None
        self.written: list[str] = []
        self.noticed: Counter[tuple[str, str]] = Counter()
        self.lines: deque[str] = deque(maxlen=LINES_KEPT)
        self.around = around
        self._taps = Taps()

    @property
    def open_taps(self) -> list[Tap]:
        """What waits for an answer."""
        return self._taps.open

    async def say(self, text: str, *words: str) -> Reply:
        """Send a text; what comes of it has one of these words in it."""
        return await self._make(Tap(text, words), "say", {"text": text})

    async def press(self, message: Message, beginning: str, *words: str) -> Reply:
        """Press the button whose data begins so; a new message comes of it."""
        return await self._press(message, beginning, words, edits=False)

    async def change(self, message: Message, beginning: str, *words: str) -> Reply:
        """Press a button that changes its own message; no words if the button has gone."""
        try:
            return await self._press(message, beginning, words, edits=True)
        except SandboxRefusedError:
            return Reply("")

    async def _press(
        self, message: Message, beginning: str, words: tuple[str, ...], *, edits: bool
    ) -> Reply:
        under, data = int(message["message_id"]), data_of(message, beginning)
        tap = Tap(f"{data} under {under}", words, under=under, data=data, edits=edits)
        return await self._make(tap, "press", {"message_id": under, "data": data})

    async def _make(self, tap: Tap, action: str, body: dict[str, object]) -> Reply:
        around = self.around
        await around.until_open(self)
        # Known before it is made: the answer may be quicker than the sandbox's word for it.
        tap.life = around.life
        self._taps.add(tap)
        self.lines.append(f"life {tap.life}: {tap}")
        try:
            await around.wire.post(f"/users/{self.id}/{action}", body)
        except SandboxRefusedError:
            self._taps.withdraw(tap)
            raise
        around.tally["taps"] += 1
        reply = await tap.reply
        around.tally["taps answered"] += 1
        return reply

    def hear(self, change: Change) -> None:
        """Something has happened in this person's chat."""
        if change.kind == "callback":
            self._hear_call(change)
        elif change.kind in {"message", "edited"} and change.data["message"]["by_bot"]:
            message = change.data["message"]
            text, changed = message.get("text", ""), change.kind == "edited"
            self.lines.append(f"life {self.around.life}: {'now' if changed else 'new'} {text!r}")
            if changed or not self._knows(text, message):
                self._hear_reply(text, message, changed=changed)

    def _knows(self, text: str, _: Message) -> bool:
        """Whether this new message is one that nobody need have asked for."""
        for pattern, name in _NOTICES:
            if found := pattern.match(text):
                self.noticed[name, found[1]] += 1
                return True
        return False

    def _hear_call(self, change: Change) -> None:
        under, data = change.data["message_id"], change.data["data"]
        text = change.data["answer"]["text"]
        self.lines.append(f"life {self.around.life}: {data} is answered {text!r}")
        if not self._taps.call(under, data, text):
            self.around.wrong(f"{data} is answered with {text!r}", self)

    def _hear_reply(self, text: str, message: Message, *, changed: bool) -> None:
        match self._taps.show(text, message, changed=changed, life=self.around.life):
            case Heard.AWAITED:
                pass
            case Heard.REPEATED:
                self.around.tally["replies repeated after a kill"] += 1
            case Heard.UNASKED:
                self.around.wrong(f"nobody has asked for {text!r}", self)


def data_of(message: Message, beginning: str) -> str:
    """The data of the button that begins so; empty if there is none."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    for button in (button for row in rows for button in row):
        if button.get("callback_data", "").startswith(beginning):
            return str(button["callback_data"])
    return ""
