"""The queue of updates for the bot, delivered by polling or by webhook, never by both."""

from collections import deque
from collections.abc import Callable

from msgspec import Struct, field

from sandbox.botapi.errors import TWO_POLLERS, bad_request, conflict
from sandbox.feed import Pulse
from sandbox.shapes import Json

FIRST_UPDATE_ID = 100_000_001
LONG_POLL_MAX_S = 50
BATCH_MAX = 100
HISTORY_KEPT = 20_000
LIFE_S = {"callback_query": 150, "pre_checkout_query": 150}
LIFE_DEFAULT_S = 24 * 3600
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


class Update(Struct):
    """One update; `payload` stands under `kind` in the JSON."""

    update_id: int
    kind: str
    payload: Json
    chat_id: int
    at: float
    repeated: bool = False
    """Delivered again under its old id: no offset confirms it before it was fetched."""
    fetched: bool = False

    def as_json(self) -> Json:
        """As the bot gets it."""
        return {"update_id": self.update_id, self.kind: self.payload}


class Webhook(Struct):
    """Where Telegram would deliver to; no address means polling."""

    url: str = ""
    secret_token: str = ""
    max_connections: int = 40
    ip_address: str = ""
    last_error_date: int = 0
    last_error_message: str = ""
    gone_since: float = 0.0
    """Since when it answers 410 (gone); 0 if it does not."""

    def is_as(self, other: "Webhook") -> bool:
        """Whether it was set with the same parameters."""
        return (self.url, self.secret_token, self.max_connections, self.ip_address) == (
            other.url,
            other.secret_token,
            other.max_connections,
            other.ip_address,
        )


class QueueState(Struct):
    """What survives a restart."""

    next_id: int = FIRST_UPDATE_ID
    pending: list[Update] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)
    webhook: Webhook = field(default_factory=Webhook)


class UpdateQueue:
    """The updates of one bot."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.state = QueueState()
        self.history: deque[Update] = deque(maxlen=HISTORY_KEPT)
        self.pulse = Pulse()
        self.now = clock
        self._poll = 0

    def add(self, kind: str, payload: Json, chat_id: int) -> Update:
        """Queue a new update, unless the bot does not want this kind."""
        update = Update(self.state.next_id, kind, payload, chat_id, self.now())
        self.state.next_id += 1
        self.history.append(update)
        if self.wants(kind):
            self.state.pending.append(update)
            self.pulse.beat()
        return update

    def wants(self, kind: str) -> bool:
        """Whether the bot asked for this kind of update."""
        return kind in self.state.allowed if self.state.allowed else kind not in NOT_BY_DEFAULT

    def repeat(self, update_id: int, *, new_id: bool) -> Update:
        """Deliver an update again, under its old id or as a new one with the same content."""
        found = next((old for old in self.history if old.update_id == update_id), None)
        if found is None:
            raise bad_request(f"no update {update_id}")
        if new_id:
            return self.add(found.kind, found.payload, found.chat_id)
        again = Update(
            update_id, found.kind, found.payload, found.chat_id, self.now(), repeated=True
        )
        self.state.pending.append(again)
        self.pulse.beat()
        return again

    async def poll(self, offset: int, limit: int, timeout_s: int) -> list[Json]:
        """One getUpdates: confirms what lies below the offset, ends an older poll, may wait."""
        self._poll += 1
        mine = self._poll
        self.pulse.beat()
        self._confirm(offset)

        def batch() -> list[Update] | bool:
            self.forget_stale()
            return self._poll != mine or bool(self.state.webhook.url) or self.state.pending

        await self.pulse.until(batch, max(0, min(timeout_s, LONG_POLL_MAX_S)))
        if self.state.webhook.url:
            raise conflict("terminated by setWebhook request")
        if self._poll != mine:
            raise conflict(TWO_POLLERS)
        found = self.state.pending[: limit if 0 < limit <= BATCH_MAX else BATCH_MAX]
        for update in found:
            update.fetched = True
        return [update.as_json() for update in found]

    def done(self, update: Update) -> None:
        """Remove an update that the webhook accepted, or that is too old."""
        self.state.pending = [other for other in self.state.pending if other is not update]

    def set_webhook(self, webhook: Webhook) -> None:
        """Change the way of delivery; ends an open poll."""
        self.state.webhook = webhook
        self.pulse.beat()

    def lives(self, update: Update, wait_s: float = 0) -> bool:
        """Whether an update will still be worth delivering after a wait."""
        return self.now() + wait_s - update.at < LIFE_S.get(update.kind, LIFE_DEFAULT_S)

    def forget_stale(self) -> None:
        """Drop what is too old to be delivered."""
        self.state.pending = [update for update in self.state.pending if self.lives(update)]

    def drop_pending(self) -> None:
        """Drop all pending updates."""
        self.state.pending = []

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            self.state.pending = self.state.pending[offset:]
            return
        self.state.pending = [
            update
            for update in self.state.pending
            if (not update.fetched if update.repeated else update.update_id >= offset)
        ]
