"""Postbacks: which session a network's callback is for, and whether the ledger pays it."""

import logging

from ads.metrics_hooks import PostbackOutcome
from ads.networks.base import AdNetwork, Callback, Unmatched, read_query
from ads.sessions import AdSession, read_any
from ledger import commands as c
from ledger import refusals as r
from ledger.ledger import Ledger
from ledger.rules.ads import opened_at_ms
from ledger.rules.decision import Decision

log = logging.getLogger(__name__)


async def settle(
    ledger: Ledger,
    key: bytes,
    network: AdNetwork,
    query: str,
    paying: dict[str, AdSession],
) -> PostbackOutcome:
    """What becomes of a callback. What it changed is durable then.

    Args:
        ledger: pays.
        key: the sessions' key.
        network: whose callback it is; the caller has checked the secret.
        query: still percent-encoded, without the secret.
        paying: holds the session under its nonce while the ledger is asked to pay it.

    Raises:
        LedgerFailed: the store failed.
    """
    matched = _match(ledger, key, network, query)
    if isinstance(matched, Unmatched):
        # The query is not logged: what is in it is nobody's business.
        log.info("A postback of %s is %s: %s.", network.name, matched.problem, matched.why)
        return matched.problem
    callback, session = matched
    if callback.kind == "click":
        return "click"
    if not callback.paid:
        return "unpaid"
    if session.is_expired(ledger.now_ms()):
        return "expired"
    command = c.RewardAd(
        by=network.name,
        user_id=session.user_id,
        ad_number=session.ad_number,
        opened_at_ms=session.opened_at_ms,
        timed=False,
        network=network.name,
        session_id=session.nonce,
        price_microusd=callback.price_microusd,
    )
    paying[session.nonce] = session
    try:
        return _outcome(await ledger.execute(command))
    finally:
        paying.pop(session.nonce, None)


def _match(
    ledger: Ledger, key: bytes, network: AdNetwork, query: str
) -> tuple[Callback, AdSession] | Unmatched:
    """What the callback says, and the session that it says it of."""
    fields = read_query(query)
    if isinstance(fields, Unmatched):
        return fields
    callback = network.parse_callback(fields)
    if isinstance(callback, Unmatched):
        return callback
    if network.names_sessions:
        session = read_any(key, callback.session)
    else:
        session = newest_opening(ledger, callback.user_id or 0, network.name)
    # A session without a nonce is a button's, which no network is given.
    if session is None or not session.nonce:
        return Unmatched("unknown", "it names no session of ours")
    if callback.user_id not in (None, session.user_id):
        return Unmatched("foreign", "the session is another person's")
    return callback, session


def newest_opening(ledger: Ledger, user_id: int, network: str) -> AdSession | None:
    """The session that a person opened last with a network that names none in its callback."""
    opening = ledger.state.openings.get(user_id)
    if opening is None:
        return None
    opened_ms = opened_at_ms(ledger.state, user_id, opening.ad_number, network)
    if opened_ms is None:
        return None
    return AdSession(user_id, opening.ad_number, opened_ms, opening.session_id)


def _outcome(decision: Decision) -> PostbackOutcome:
    match decision:
        case tuple():
            return "paid"
        case r.AdAlreadyPaid():
            return "duplicate"
        case r.UserIsBanned():
            return "banned"
        case r.EarningIsFrozen():
            return "frozen"
        case r.CooldownActive():
            return "cooldown"
        case r.DailyCapReached():
            return "cap"
        case _:
            # The person's ads were counted anew since, as when they were imported.
            return "unknown"
