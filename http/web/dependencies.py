"""What the web room is given: everything that its answers are made from."""

from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp.web import AppKey

from i18n import Translator, Translators
from ledger.ledger import Ledger
from web.ad_endpoints import AdEndpoints
from web.webhook import WebhookEndpoint


@dataclass(frozen=True, kw_only=True)
class Dependencies:
    """Everything the handlers use.

    Attributes:
        ledger: the ledger; read only.
        version: Viewbank's own.
        started_at_ms: when this process began, by the ledger's clock.
        telegram_problem: what is wrong with the connection to Telegram, as one sentence of plain
            text in the reader's language; empty if nothing is. Everybody can read it: it must not
            contain tokens, ids or names.
        last_poll_age_s: seconds since the last poll of Telegram came back; None if none has.
        last_delivery_age_s: seconds since Telegram last delivered to the webhook; None likewise.
        bot_username: without the @; empty while it is unknown.
        demo: whether to say at the top of the page that nothing is real.
        metrics: the program's figures in Prometheus' text format; none by default. Everybody can
            read them too.
        disk_timeout_s: how long an answer may wait for the disk.
        webhook: what accepts updates from Telegram; None if the program polls for them.
        ads: what the addresses about ads need; None: there are no such addresses.
        translators: the texts, in every language.
    """

    ledger: Ledger
    version: str
    started_at_ms: int
    telegram_problem: Callable[[Translator], str]
    bot_username: Callable[[], str]
    last_poll_age_s: Callable[[], float | None] = lambda: None
    last_delivery_age_s: Callable[[], float | None] = lambda: None
    demo: bool = False
    metrics: Callable[[], bytes] = bytes
    disk_timeout_s: float = 5.0
    webhook: WebhookEndpoint | None = None
    ads: AdEndpoints | None = None
    translators: Translators = field(default_factory=Translators)


DEPENDENCIES = AppKey("dependencies", Dependencies)
