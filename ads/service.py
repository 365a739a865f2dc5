"""The ad service: who is on the ad page, what they may start, and what the networks confirm.

It decides nothing about points: the ledger does, when a session starts and again when it pays.
"""

from collections.abc import Awaitable, Callable, Iterable
from typing import Literal, NamedTuple, TypeAlias

from ads.init_data import InitDataProblem, check_init_data, init_data_key
from ads.metrics_hooks import AdHooks, PageOutcome, PostbackOutcome
from ads.networks.base import AdNetwork
from ads.page_state import PageState, page_state
from ads.page_token import PageToken, mint_token, read_token, token_key
from ads.postbacks import newest_opening, settle
from ads.sessions import AdSession, mint, new_nonce, read_any, session_key
from ledger import commands as c
from ledger import events as e
from ledger import refusals as r
from ledger.ledger import Ledger
from ledger.rules.ads import why_no_ad

RENEW_OPENING_MS = 300_000
"""A network that names no session gets the last one again if it is younger than this."""

EnterProblem: TypeAlias = InitDataProblem | Literal["not_started"]


class Entered(NamedTuple):
    """Somebody who may use the page: their id, and the token for further calls."""

    user_id: int
    token: str


class Started(NamedTuple):
    """An ad that may be shown now.

    Attributes:
        session: the session as text; the network gets it as the id of the attempt.
        network: who shows it.
        expires_in_s: how long a confirmation pays.
        is_new: whether the person did not have this session before.
    """

    session: str
    network: AdNetwork
    expires_in_s: int
    is_new: bool


class NoAds(NamedTuple):
    """No network is set up, or not the one that was asked for."""


class NotInChannel(NamedTuple):
    """The person must join the required channel first."""


async def everybody(_user_id: int) -> bool:
    """Nobody must do anything before they may earn."""
    return True


StartProblem: TypeAlias = (
    NoAds | NotInChannel | r.UserIsBanned | r.EarningIsFrozen | r.CooldownActive | r.DailyCapReached
)


class AdService:
    """Everything about ads that the web server does for people and networks.

    Attributes:
        ledger: decides and pays.
        networks: those that are set up, by name, in the order in which they are asked.
        hooks: is called with what happens.
        bot_username: gives the bot's name without the @; empty while it is unknown.
        may_earn: says whether the required channel lets a person earn. It may ask Telegram.
    """

    def __init__(
        self,
        ledger: Ledger,
        bot_token: str,
        networks: Iterable[AdNetwork] = (),
        *,
        bot_username: Callable[[], str] = str,
        may_earn: Callable[[int], Awaitable[bool]] = everybody,
        hooks: AdHooks | None = None,
    ) -> None:
        """All keys are made from the bot's token, as Telegram's own is."""
        self.ledger = ledger
        self.networks = {network.name: network for network in networks}
        self.hooks = hooks or AdHooks()
        self.bot_username = bot_username
        self.may_earn = may_earn
        self._init_data_key = init_data_key(bot_token)
        self._session_key = session_key(bot_token)
        self._token_key = token_key(bot_token)
        self._paying: dict[str, AdSession] = {}

    def enter(self, init_data: str) -> Entered | EnterProblem:
        """Let somebody in whom Telegram vouches for, and who has started the bot."""
        now_ms = self.ledger.now_ms()
        user_id = check_init_data(init_data, self._init_data_key, now_ms / 1000)
        if not isinstance(user_id, int):
            return user_id
        if user_id not in self.ledger.state.users:
            return "not_started"
        return Entered(user_id, mint_token(self._token_key, user_id, now_ms))

    def read_token(self, text: str) -> PageToken | None:
        """Whose token this is; None if it is none, or has ended."""
        token = read_token(self._token_key, text, self.ledger.now_ms())
        return token if token and token.user_id in self.ledger.state.users else None

    async def state_of(self, user_id: int) -> PageState:
        """What the page shows of this person. All of it is durable.

        Raises:
            LedgerFailed: the store failed.
        """
        state = page_state(
            self.ledger.state,
            user_id,
            self.ledger.now_ms(),
            has_networks=bool(self.networks),
            bot_username=self.bot_username(),
        )
        await self.ledger.settled()
        return state

    async def start(self, user_id: int, wanted: str = "") -> Started | StartProblem:
        """A session for the person's next ad.

        Args:
            user_id: a person who has joined.
            wanted: the network's name; empty: the first one.

        Raises:
            LedgerFailed: the store failed.
        """
        network = self.networks.get(wanted or next(iter(self.networks), ""))
        ledger = self.ledger
        refusal = why_no_ad(ledger.state, ledger.state.users[user_id], ledger.now_ms())
        # Who gets no ad anyway is told of that, and not sent to a channel for nothing.
        if network is not None and refusal is None and not await self.may_earn(user_id):
            return NotInChannel()
        # Telegram's answer may have taken seconds: what counts is how things are now.
        user, now_ms = ledger.state.users[user_id], ledger.now_ms()
        if refusal := why_no_ad(ledger.state, user, now_ms):
            return refusal
        if network is None:
            return NoAds()
        fresh = session = AdSession(user_id, user.ads_watched + 1, now_ms, new_nonce())
        if not network.names_sessions:
            session = await self._record(session, network)
        # The number that the session names must not be known before it is on the disk.
        await ledger.settled()
        self.hooks.session_started(network.name)
        left_ms = session.opened_at_ms + session.life_ms - now_ms
        return Started(
            session=mint(self._session_key, session),
            network=network,
            expires_in_s=max(0, left_ms // 1000),
            is_new=session.nonce == fresh.nonce,
        )

    async def _record(self, session: AdSession, network: AdNetwork) -> AdSession:
        """The session that the network's callback will count for: this, or one just opened."""
        await self.ledger.execute(
            c.OpenAd(
                by=f"user:{session.user_id}",
                user_id=session.user_id,
                ad_number=session.ad_number,
                since_ms=session.opened_at_ms - RENEW_OPENING_MS,
                network=network.name,
                session_id=session.nonce,
            )
        )
        return newest_opening(self.ledger, session.user_id, network.name) or session

    def note_page_ended(self, user_id: int, session: str, how: PageOutcome) -> bool:
        """Count how an ad ended on the page. False if the session is not this person's."""
        found = read_any(self._session_key, session)
        if found is None or found.user_id != user_id:
            return False
        self.hooks.page_ended(self._network_of(found), how)
        return True

    def _network_of(self, session: AdSession) -> str:
        """Whose ad this session is for; empty if that can't be told. Good enough for counting."""
        opening = self.ledger.state.openings.get(session.user_id)
        if opening is not None and opening.session_id == session.nonce:
            return opening.network
        names = [one.name for one in self.networks.values() if one.names_sessions]
        return names[0] if len(names) == 1 else ""

    async def settle(self, network: AdNetwork, query: str) -> PostbackOutcome:
        """What becomes of a network's callback (see `ads.postbacks.settle`). It is counted too.

        Raises:
            LedgerFailed: the store failed.
        """
        outcome: PostbackOutcome = "not_stored"
        try:
            outcome = await settle(self.ledger, self._session_key, network, query, self._paying)
        finally:
            self.hooks.postback(network.name, outcome)
        return outcome

    async def open_link(self, text: str) -> bool:
        """Record that the ad of a button was opened. False if the button is too old, or forged.

        Raises:
            LedgerFailed: the store failed.
        """
        session = read_any(self._session_key, text)
        if session is None or session.nonce or session.is_expired(self.ledger.now_ms()):
            return False
        await self.ledger.execute(
            c.OpenAd(
                by=f"user:{session.user_id}",
                user_id=session.user_id,
                ad_number=session.ad_number,
                since_ms=session.opened_at_ms,
            )
        )
        return True

    def session_of(self, event: e.AdRewarded) -> str:
        """The session that is just being paid, as its page knows it; empty if it isn't ours.

        For followers of the ledger, who are called before the network has its answer.
        """
        session = self._paying.get(event.session_id)
        return mint(self._session_key, session) if session else ""
