"""How the bot gets its updates: getUpdates, and the webhook's settings."""

import re
from urllib.parse import urlsplit

from sandbox.botapi.call import Call
from sandbox.botapi.errors import WEBHOOK_ACTIVE, bad_request, conflict
from sandbox.botapi.updates import BATCH_MAX, Webhook
from sandbox.shapes import Json

SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
CONNECTIONS_MAX = 100


async def get_updates(call: Call) -> list[Json]:
    """`getUpdates`."""
    if call.sandbox.updates.state.webhook.url:
        raise conflict(WEBHOOK_ACTIVE)
    _remember_allowed(call)
    params = call.params
    return await call.sandbox.updates.poll(
        params.integer("offset"), params.integer("limit", BATCH_MAX), params.integer("timeout")
    )


async def set_webhook(call: Call) -> bool:
    """`setWebhook`; as a self-hosted server in local mode, it takes plain HTTP too."""
    params = call.params
    url, secret = params.text("url"), params.text("secret_token")
    if url and (urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname):
        raise bad_request("bad webhook: invalid webhook URL specified")
    if secret and not SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    connections = min(max(params.integer("max_connections", 40), 1), CONNECTIONS_MAX)
    webhook = Webhook(url, secret, connections, params.text("ip_address"))
    _remember_allowed(call)
    dropped = _drop_pending(call)
    # The same webhook again changes nothing; pending retries stay as they are.
    if dropped or not webhook.is_as(call.sandbox.updates.state.webhook):
        call.sandbox.updates.set_webhook(webhook)
    return True


async def delete_webhook(call: Call) -> bool:
    """`deleteWebhook`."""
    _drop_pending(call)
    call.sandbox.updates.set_webhook(Webhook())
    return True


async def get_webhook_info(call: Call) -> Json:
    """`getWebhookInfo`."""
    call.sandbox.updates.forget_stale()
    state = call.sandbox.updates.state
    webhook = state.webhook
    info: Json = {
        "url": webhook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(state.pending),
    }
    if webhook.url:
        info["max_connections"] = webhook.max_connections
    if webhook.last_error_date:
        info["last_error_date"] = webhook.last_error_date
        info["last_error_message"] = webhook.last_error_message
    if state.allowed:
        info["allowed_updates"] = state.allowed
    return info


def _remember_allowed(call: Call) -> None:
    """Left out: the setting stays. An empty list: the default again."""
    allowed = call.params.json("allowed_updates")
    if isinstance(allowed, list):
        call.sandbox.updates.state.allowed = [str(kind) for kind in allowed]


def _drop_pending(call: Call) -> bool:
    dropped = call.params.flag("drop_pending_updates")
    if dropped:
        call.sandbox.updates.drop_pending()
    return dropped
