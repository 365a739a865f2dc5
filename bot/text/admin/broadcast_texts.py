"""What admins read about a message to everybody."""

from bot.text.contact_texts import kind_of
from bot.text.formats import bar
from i18n import N_, Html, Translator
from ledger.state import Broadcast

ASK_FOR_BROADCAST = N_(
    "📣 Send me the message for everybody now: text, photo, video, an album. You will be asked "
    "once more before it goes out.\n\n/cancel to stop."
)
BROADCAST_STARTS = N_("📣 Sending …")
BROADCAST_ON_ITS_WAY = N_("Too late: it is being sent already.")
BROADCAST_GIVEN_UP = N_("OK, nothing was sent.")


def cannot_send_to_all(t: Translator, kind: str) -> Html:
    """Telegram refuses to copy what an admin wants to send, or a part of it."""
    return t(
        "❌ Telegram doesn't let me pass this on ({kind}), or not all of it. Nothing was sent. "
        "Please send me something else, or /cancel.",
        kind=kind_of(t, kind),
    )


def confirm_broadcast(t: Translator, audience: int) -> Html:
    """The last question before a message goes to everybody."""
    return t.plural(
        "Send the message above to <b>{n} person</b>?",
        "Send the message above to <b>{n} people</b>?",
        audience,
    )


def broadcast_progress(t: Translator, broadcast: Broadcast) -> Html:
    """How far a broadcast is, or how it ended."""
    if broadcast.finished:
        return Html("\n").join(_end(t, broadcast))
    done = broadcast.sent + broadcast.unreachable + broadcast.failed
    lines = [
        t(
            "📣 Sending: {done} of {audience} ({percent} %)",
            done=done,
            audience=broadcast.audience,
            percent=100 * done // max(1, broadcast.audience),
        ),
        bar(done, broadcast.audience),
        t(
            "{sent} delivered, {unreachable} not reachable.",
            sent=broadcast.sent,
            unreachable=broadcast.unreachable,
        ),
    ]
    return Html("\n").join(lines + _failed(t, broadcast))


def _end(t: Translator, broadcast: Broadcast) -> list[Html]:
    unknown = broadcast.audience - broadcast.sent - broadcast.unreachable - broadcast.failed
    lines = [
        t(
            "📣 Done: {sent} delivered, {unreachable} not reachable.",
            sent=broadcast.sent,
            unreachable=broadcast.unreachable,
        ),
        *_failed(t, broadcast),
    ]
    if unknown:
        lines.append(
            t.plural(
                "{n} is unknown: the bot was restarted while it sent this message. It sends to "
                "nobody twice.",
                "{n} are unknown: the bot was restarted while it sent these messages. It sends to "
                "nobody twice.",
                unknown,
            )
        )
    return lines


def _failed(t: Translator, broadcast: Broadcast) -> list[Html]:
    if not broadcast.failed:
        return []
    return [t.plural("{n} message failed.", "{n} messages failed.", broadcast.failed)]
