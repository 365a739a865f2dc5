"""initData: what Telegram says of the person who opened the Mini App, checked on the server.

Telegram signs the text with a key that is made from the bot's token, so nobody else can have made
it. Nothing in it is looked at before the signature is checked, and the person's data are parsed
last. The text is a credential: it must not get into a log, an address or an error.
"""

import hmac
import re
from hashlib import sha256
from typing import Annotated, Literal, TypeAlias
from urllib.parse import parse_qsl

import msgspec

LENGTH_MAX_BYTES = 4096
FRESH_FOR_S = 3600
FUTURE_MAX_S = 60
"""How far Telegram's clock may be ahead of ours."""
_FIELDS_MAX = 64
_MOMENT = re.compile(r"[0-9]{1,12}", re.ASCII)

InitDataProblem: TypeAlias = Literal["outside_telegram", "bad_init_data", "expired"]
"""Why somebody is not let in.

- `outside_telegram`: there is no initData, as in a browser.
- `bad_init_data`: it is not from Telegram, or not for this bot, or it was changed.
- `expired`: it was genuine more than an hour ago.
"""


class _TelegramUser(msgspec.Struct):
    # Telegram's ids have at most 52 significant bits.
    id: Annotated[int, msgspec.Meta(gt=0, lt=2**52)]


_decode_user = msgspec.json.Decoder(_TelegramUser).decode


def init_data_key(bot_token: str) -> bytes:
    """The key that Telegram signs with, for this bot."""
    return hmac.digest(b"WebAppData", bot_token.encode(), sha256)


def check_init_data(init_data: str, key: bytes, now_s: float) -> int | InitDataProblem:
    """The Telegram id of the person, or why the text can't be trusted.

    Args:
        init_data: the text as the Mini App got it, unchanged.
        key: from `init_data_key`.
        now_s: now, in epoch seconds.
    """
    if not init_data:
        return "outside_telegram"
    fields = _signed_fields(init_data, key)
    if fields is None or not _MOMENT.fullmatch(fields.get("auth_date", "")):
        return "bad_init_data"
    age_s = now_s - int(fields["auth_date"])
    if age_s > FRESH_FOR_S:
        return "expired"
    if age_s < -FUTURE_MAX_S:
        return "bad_init_data"
    try:
        return _decode_user(fields.get("user", "")).id
    except msgspec.DecodeError:
        return "bad_init_data"


def _signed_fields(init_data: str, key: bytes) -> dict[str, str] | None:
    """The fields without the hash, if that is right; None otherwise."""
    try:
        if len(init_data.encode()) > LENGTH_MAX_BYTES:
            return None
        pairs = parse_qsl(
            init_data,
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=_FIELDS_MAX,
        )
    except ValueError:
        return None
    fields = dict(pairs)
    # A line feed could make two fields of one, with the same text to sign. Telegram sends none.
    if len(fields) != len(pairs) or any("\n" in part for pair in pairs for part in pair):
        return None
    given = fields.pop("hash", "")
    # By code points, which is the order of the bytes of UTF-8.
    signed = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    expected = hmac.new(key, signed.encode(), sha256).hexdigest()
    return fields if hmac.compare_digest(given.encode(), expected.encode()) else None
