"""Ad sessions: signed tokens, each of which lets one ad of one person be paid once.

A session is minted for a verified Telegram user, for one ad number (the ledger pays each number
once) and at one moment. It carries no secret, cannot be made or changed without the key, and
expires. Both ad modes, the link and the Mini App, use it.
"""

import hmac
from hashlib import sha256
from typing import NamedTuple

SESSION_LIFE_MS = 3_600_000
AHEAD_MAX_MS = 60_000
"""A session that is further in the future was minted by a clock that has been set back since."""
_SIGNATURE_LENGTH = 20


class AdSession(NamedTuple):
    """The content of a genuine session. `opened_at_ms`: when it was minted, epoch milliseconds."""

    user_id: int
    ad_number: int
    opened_at_ms: int


def session_key(secret: str) -> bytes:
    """The signing key for sessions, derived from a secret that has other uses too."""
    return hmac.digest(secret.encode(), b"viewbank ad session", sha256)


def mint(key: bytes, session: AdSession) -> str:
    """The session as text: at most 50 characters of a-z, 0-9 and dots."""
    body = f"{session.user_id:x}.{session.ad_number:x}.{session.opened_at_ms:x}"
    return f"{body}.{_sign(key, body)}"


def read(key: bytes, text: str, at_ms: int) -> AdSession | None:
    """The session, if it is genuine and not expired at this moment; None otherwise."""
    body, _, signature = text.rpartition(".")
    # What is not ASCII can't be compared, nor encoded if it is half a surrogate pair.
    if not text.isascii() or not hmac.compare_digest(signature.encode(), _sign(key, body).encode()):
        return None
    user_id, ad_number, opened_at_ms = (int(part, 16) for part in body.split("."))
    if not -AHEAD_MAX_MS <= at_ms - opened_at_ms <= SESSION_LIFE_MS:
        return None
    return AdSession(user_id, ad_number, opened_at_ms)


def _sign(key: bytes, body: str) -> str:
    return hmac.new(key, body.encode(), sha256).hexdigest()[:_SIGNATURE_LENGTH]
