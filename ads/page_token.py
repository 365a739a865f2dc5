"""Page tokens: what the ad page shows with each call, after Telegram's word was checked once.

A token names a person and a moment at which it ends. It is signed, and nothing is stored for it.
"""

from typing import NamedTuple

from ads.signing import derive_key, seal, unseal

TOKEN_LIFE_MS = 1_800_000


class PageToken(NamedTuple):
    """The content of a genuine token: the person, and when it ends in epoch milliseconds."""

    user_id: int
    ends_at_ms: int


def token_key(secret: str) -> bytes:
    """The signing key for tokens, derived from a secret that has other uses too."""
    return derive_key(secret, b"ad page token")


def mint_token(key: bytes, user_id: int, at_ms: int) -> str:
    """A token for this person, from this moment on."""
    return seal(key, f"{user_id:x}.{at_ms + TOKEN_LIFE_MS:x}")


def read_token(key: bytes, text: str, at_ms: int) -> PageToken | None:
    """The token, if it is genuine and has not ended; None otherwise."""
    body = unseal(key, text)
    if body is None:
        return None
    user_id, ends_at_ms = (int(part, 16) for part in body.split("."))
    # One that would live longer than any was minted before the clock was set back.
    return PageToken(user_id, ends_at_ms) if 0 < ends_at_ms - at_ms <= TOKEN_LIFE_MS else None
