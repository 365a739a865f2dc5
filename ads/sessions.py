"""Ad sessions: signed tokens, each of which lets one ad of one person be paid once.

A session is minted for a verified Telegram user, for one ad number (the ledger pays each number
once) and at one moment. It carries no secret, cannot be made or changed without the key, and
expires. Nothing is stored for it, so it survives a restart and takes no memory. One session at a
time follows from the number: a new one always names the person's next ad.

There are two forms. What an ad network gets as the id of an attempt has a nonce of 128 random
bits and lives for 15 minutes. What a button of `link` mode carries has none, because it must fit
into 64 bytes, and lives for an hour.
"""

import hmac
import secrets
from hashlib import sha256
from typing import NamedTuple

from ads.signing import derive_key, seal, unseal

SESSION_LIFE_MS = 900_000
LINK_SESSION_LIFE_MS = 3_600_000
AHEAD_MAX_MS = 60_000
"""A session that is further in the future was minted by a clock that has been set back since."""
_NONCE_BYTES = 16
_LINK_PARTS = 3
_LINK_SIGNATURE_LENGTH = 20


class AdSession(NamedTuple):
    """The content of a genuine session.

    Attributes:
        user_id: the person's Telegram id.
        ad_number: which of their ads it is for.
        opened_at_ms: when it was minted, in epoch milliseconds.
        nonce: its random part; empty in `link` mode.
    """

    user_id: int
    ad_number: int
    opened_at_ms: int
    nonce: str = ""

    @property
    def life_ms(self) -> int:
        """How long it lives."""
        return SESSION_LIFE_MS if self.nonce else LINK_SESSION_LIFE_MS

    def is_expired(self, at_ms: int) -> bool:
        """Whether it was opened too long before this moment to be paid, or after it."""
        return not -AHEAD_MAX_MS <= at_ms - self.opened_at_ms <= self.life_ms


def session_key(secret: str) -> bytes:
    """The signing key for sessions, derived from a secret that has other uses too."""
    return derive_key(secret, b"ad session")


def new_nonce() -> str:
    """128 random bits as 22 characters of A-Z, a-z, 0-9, `-` and `_`."""
    return secrets.token_urlsafe(_NONCE_BYTES)


def mint(key: bytes, session: AdSession) -> str:
    """The session as text that can stand in an address.

    At most 100 characters; without a nonce at most 50, of a-z, 0-9 and dots.
    """
    body = f"{session.user_id:x}.{session.ad_number:x}.{session.opened_at_ms:x}"
    if session.nonce:
        return seal(key, f"{body}.{session.nonce}")
    return f"{body}.{_link_signature(key, body)}"


def read(key: bytes, text: str, at_ms: int) -> AdSession | None:
    """The session, if it is genuine and not expired at this moment; None otherwise."""
    session = read_any(key, text)
    return None if session is None or session.is_expired(at_ms) else session


def read_any(key: bytes, text: str) -> AdSession | None:
    """The session, if it is genuine, expired or not; None otherwise."""
    body = unseal(key, text)
    if body is None:
        body = _unseal_link(key, text)
    if body is None:
        return None
    user_id, ad_number, opened_at_ms, *rest = body.split(".")
    return AdSession(int(user_id, 16), int(ad_number, 16), int(opened_at_ms, 16), *rest)


def _unseal_link(key: bytes, text: str) -> str | None:
    body, _, signature = text.rpartition(".")
    if not text.isascii() or body.count(".") != _LINK_PARTS - 1:
        return None
    expected = _link_signature(key, body)
    return body if hmac.compare_digest(signature.encode(), expected.encode()) else None


def _link_signature(key: bytes, body: str) -> str:
    return hmac.new(key, body.encode(), sha256).hexdigest()[:_LINK_SIGNATURE_LENGTH]
