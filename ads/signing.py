"""Signing: texts that only this program can have made, for one purpose each."""

import hmac
from base64 import urlsafe_b64encode
from functools import lru_cache
from hashlib import sha256

_SIGNATURE_BYTES = 16


def derive_key(secret: str, purpose: bytes) -> bytes:
    """A key for one purpose, from a secret that has other uses too."""
    return hmac.digest(secret.encode(), b"viewbank " + purpose, sha256)


def seal(key: bytes, body: str) -> str:
    """The text with its signature behind a dot: 22 characters of A-Z, a-z, 0-9, `-` and `_`."""
    return f"{body}.{_sign(key, body)}"


def unseal(key: bytes, text: str) -> str | None:
    """The text that was signed; None if nobody with the key signed it."""
    body, _, signature = text.rpartition(".")
    # What is not ASCII can't be compared, nor encoded if it is half a surrogate pair.
    if not text.isascii() or not hmac.compare_digest(signature.encode(), _sign(key, body).encode()):
        return None
    return body


def _sign(key: bytes, body: str) -> str:
    signature = _begun(key).copy()
    signature.update(body.encode())
    return urlsafe_b64encode(signature.digest()[:_SIGNATURE_BYTES]).rstrip(b"=").decode()


@lru_cache(maxsize=8)
def _begun(key: bytes) -> hmac.HMAC:
    """An HMAC with this key and nothing in it yet, for copying. Setting one up takes longer."""
    return hmac.new(key, digestmod=sha256)
