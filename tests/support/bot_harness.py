"""The bot's handlers on a real ledger and a sandbox; no receiver."""

from bot.context import Context, Services
from bot.dispatcher import Dispatcher
from bot.error_handler import ErrorHandler
from bot.send.client import BotClient
from bot.send.gate import OutgoingGate
from bot.send.rate_limits import NO_LIMITS
from ledger import commands as c
from ledger.ledger import Ledger
from ledger.store.memory import MemoryLogStore
from sandbox.client import SandboxClient, User
from sandbox.server import Running

ADMIN_ID = 7


class BotHarness:
    """A ledger and the bot on it, without a receiver for updates."""

    def __init__(self, outside: Running, world: SandboxClient) -> None:
        self.world = world
        self.ledger: Ledger
        self.app: Dispatcher
        self.outside = outside
        self._store = MemoryLogStore()

    async def open(self) -> None:
        self.ledger = await Ledger.open(self._store)
        self.services = Services(
            ledger=self.ledger,
            admin_ids=frozenset({ADMIN_ID}),
            ad_url=self.outside.ad_url,
            ad_key=b"a key",
        )
        self.gate = OutgoingGate(self.ledger, NO_LIMITS)
        self.bot = BotClient(self.outside.token, self.outside.telegram_api_url, self.gate)
        self.app = Dispatcher(self.bot, self.services, ErrorHandler(self.gate))
        self.context = Context(self.bot, self.services, 0)
        await self.bot.open()
        await self.bot.get_me()

    async def close(self) -> None:
        await self.bot.close()
        await self.ledger.close()

    async def join(self, user: User) -> None:
        """Make a person known to both Telegram and the ledger."""
        await user.start()
        await self.ledger.execute(
            c.Join(by=f"user:{user.id}", user_id=user.id, referral_code=f"code{user.id}")
        )

    @property
    def admin(self) -> User:
        return self.world.user(ADMIN_ID)
