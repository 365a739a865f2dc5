"""What admins see and press, on a real ledger; Telegram is a list of what was said."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from bot.context import Services
from bot.dispatcher import Dispatcher
from bot.error_handler import ErrorHandler
from bot.send.client import Keyboard
from bot.updates import Chat, Message, NewMessage, Person, Press, Update
from i18n import Html
from ledger import commands as c
from ledger.ledger import Ledger
from ledger.state import State
from ledger.store.memory import MemoryLogStore
from orders.providers.base import Balance, CallFailed, Service
from support.given import KEY, LINK, NOON_MS

ADMIN_ID, OTHER_ADMIN_ID, ANNA = 7, 8, 42
SECOND_MS = 1000


class FakeCatalogue:
    """The provider's services as a test wants them; `after` are those of the next reading."""

    def __init__(self, *services: Service) -> None:
        self.services: Mapping[str, Service] = {one.service_id: one for one in services}
        self.after: list[Service] | None = None
        self.read_at_ms = NOON_MS
        self.unreadable = 0
        self.problem: CallFailed | None = None
        self.readings = 0

    async def refresh(self) -> None:
        self.readings += 1
        if self.after is not None:
            self.services = {one.service_id: one for one in self.after}


class FakeAccount:
    """Our account at the provider as a test wants it."""

    def __init__(self) -> None:
        self.balance: Balance | None = Balance(12_400_000, "USD")
        self.read_at_ms = NOON_MS
        self.problem: CallFailed | None = None
        self.lasts: float | None = 3.5

    def days_left(self, state: State, now_ms: int) -> float | None:  # noqa: ARG002 - the port's
        return self.lasts


class Screen:
    """The bot's side of Telegram. Each admin has one message whose buttons they press.

    Attributes:
        shown: text and keyboard of the last message or edit, by person.
        toasts: what was said over the chat, oldest first.
        said: every text, oldest first.
    """

    def __init__(self) -> None:
        self.id, self.username = 1, "bot"
        self.shown: dict[int, tuple[str, Keyboard | None]] = {}
        self.toasts: list[str] = []
        self.said: list[str] = []

    async def say(self, chat_id: int, text: str, keyboard: Keyboard | None = None) -> None:
        self.shown[chat_id] = (text, keyboard)
        self.said.append(Html(text).text)

    async def edit(
        self, chat_id: int, _message_id: int, text: str, keyboard: Keyboard | None = None
    ) -> None:
        await self.say(chat_id, text, keyboard)

    async def answer_callback_query(self, _: str, text: str, *, alert: bool = False) -> None:  # noqa: ARG002
        assert len(text.encode("utf-16-le")) // 2 <= 200
        if text:
            self.toasts.append(text)


class _Raises(ErrorHandler):
    async def handle(self, error: Exception, *_: object) -> None:
        raise error


class AdminHarness:
    """A ledger, the dispatcher, two admins, and Anna who has points."""

    def __init__(self) -> None:
        self.now_ms = NOON_MS
        self.screen = Screen()
        self.catalogue = FakeCatalogue()
        self.account = FakeAccount()
        self._numbers = iter(range(1, 10_000))
        self.ledger: Ledger
        self.services: Services

    async def open(self, *, follows: bool = True) -> None:
        """`follows`: the provider reports what becomes of orders."""
        self.ledger = await Ledger.open(MemoryLogStore(), clock=self._clock)
        self.services = Services(
            ledger=self.ledger,
            admin_ids=frozenset({ADMIN_ID, OTHER_ADMIN_ID}),
            ad_url="",
            ad_key=b"a key",
            catalogue=self.catalogue if follows else None,
            provider_account=self.account if follows else None,
        )
        bot: Any = self.screen
        gate: Any = None
        self._dispatcher = Dispatcher(bot, self.services, _Raises(gate))
        for user_id in (ADMIN_ID, OTHER_ADMIN_ID, ANNA):
            await self.do(
                c.Join(by=f"user:{user_id}", user_id=user_id, referral_code=f"code{user_id}")
            )
        await self.do(
            c.AdjustBalance(
                by="admin:7", user_id=ANNA, amount_points=10_000, reason="gift", key="gift"
            )
        )

    async def close(self) -> None:
        await self.services.ask_later.stop()
        await self.ledger.close()

    def _clock(self) -> int:
        self.now_ms += SECOND_MS
        return self.now_ms

    @property
    def state(self) -> State:
        return self.ledger.state

    @property
    def balance(self) -> int:
        """Anna's points."""
        return self.state.users[ANNA].balance

    async def do(self, command: c.AnyCommand) -> Any:
        outcome = await self.ledger.execute(command)
        assert isinstance(outcome, tuple), outcome
        return outcome[0]

    async def order(self, order_id: str = "a" * 12, quantity: int = 100, **fields: Any) -> str:
        """Anna's order, placed; it costs ten points each."""
        placed = c.PlaceOrder(
            by=f"user:{ANNA}",
            user_id=ANNA,
            order_id=order_id,
            video_link=LINK,
            video_key=KEY,
            quantity=quantity,
            price_points=quantity * 10,
        )
        await self.do(replace(placed, **fields))
        return order_id

    async def press(self, data: str, *, by: int = ADMIN_ID, press_id: str = "") -> str:
        """Press a button with this data, of any message; returns what is shown then."""
        number = next(self._numbers)
        under = Message(
            message_id=1, chat=Chat(id=by, type="private"), date=1, text="where the button is"
        )
        press = Press(id=press_id or str(number), from_user=_person(by), data=data, message=under)
        await self._dispatcher.dispatch(Update(number, callback_query=press))
        return self.text(by)

    async def tap(self, label: str, *, by: int = ADMIN_ID) -> str:
        """Tap a button that is shown, by its label or the beginning of it."""
        return await self.press(self.data(label, by=by), by=by)

    async def type(self, text: str, *, by: int = ADMIN_ID) -> str:
        """Send a message; returns what is shown then."""
        number = next(self._numbers)
        message = NewMessage(
            message_id=number + 1000,
            chat=Chat(id=by, type="private"),
            date=1,
            text=text,
            from_user=_person(by),
        )
        await self._dispatcher.dispatch(Update(number, message=message))
        return self.text(by)

    def text(self, by: int = ADMIN_ID) -> str:
        """What is shown, as plain text."""
        return Html(self.screen.shown[by][0]).text if by in self.screen.shown else ""

    def labels(self, by: int = ADMIN_ID) -> list[str]:
        return [button["text"] for button in self._buttons(by)]

    def data(self, label: str, *, by: int = ADMIN_ID) -> str:
        """The data of a button that is shown."""
        found = [one for one in self._buttons(by) if one["text"].startswith(label)]
        assert found, (label, self.labels(by))
        return str(found[0]["callback_data"])

    def _buttons(self, by: int) -> list[dict[str, Any]]:
        keyboard = self.screen.shown[by][1] or {}
        return [button for row in keyboard.get("inline_keyboard", []) for button in row]


def _person(user_id: int) -> Person:
    return Person(id=user_id, first_name=f"P{user_id}")
