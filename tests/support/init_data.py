"""initData as Telegram would sign it, for a bot's token."""

import hmac
from hashlib import sha256
from urllib.parse import urlencode

BOT_TOKEN = "123456789:FAKE-token_for-tests-0123456789abcde"


def sign(fields: dict[str, str], token: str = BOT_TOKEN) -> str:
    """The raw text with these fields, and the hash that belongs to them."""
    secret = hmac.digest(b"WebAppData", token.encode(), sha256)
    text = "\n".join(f"{name}={value}" for name, value in sorted(fields.items()))
    return urlencode(fields | {"hash": hmac.new(secret, text.encode(), sha256).hexdigest()})


def init_data_of(user_id: int, at_s: int, token: str = BOT_TOKEN) -> str:
    """What a person's Telegram sends who opened the page at this moment."""
    user = f'{{"id":{user_id},"first_name":"Ana"}}'
    return sign({"auth_date": str(at_s), "query_id": "AAHtest", "user": user}, token)
