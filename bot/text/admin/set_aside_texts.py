"""What admins read about an update that was set aside, because the program died of it."""

from bot.text.admin.admin_texts import who
from bot.text.formats import day_and_time, shortened
from i18n import N_, Html, Translator
from ledger.state import User

TEXT_CHARS_MAX = 200

KINDS = {
    "message": N_("a message"),
    "edited_message": N_("a changed message"),
    "callback_query": N_("a tap on a button"),
    "my_chat_member": N_("the bot was blocked or unblocked"),
}
OTHER_KIND = N_("something that I can't read")
TRIED_BEFORE = N_("This was tried again already.")


def set_aside(
    t: Translator,
    person: User | None,
    kind: str,
    text: str,
    *,
    sent_at: str,
    at: str,
    deaths: int,
) -> Html:
    """Something was set aside.

    Args:
        t: the admin's translator.
        person: who sent it; None if it doesn't say.
        kind: Telegram's name for what it is.
        text: what they wrote, or the data of the button.
        sent_at: when they sent it; empty if it doesn't say.
        at: when it was set aside.
        deaths: how often the program ended with it.
    """
    parts = [
        t("🧯 <b>Set aside: the program ended while it handled this</b>"),
        Html("\n").join(
            [
                t("From: {who}", who=t("unknown") if person is None else who(t, person)),
                t("What: {what}", what=t.message(KINDS.get(kind, OTHER_KIND))),
                *([t("Sent: {time} UTC", time=day_and_time(t, sent_at))] if sent_at else []),
                t("Set aside: {time} UTC", time=day_and_time(t, at)),
            ]
        ),
    ]
    if text:
        parts.append(t("Text: {text}", text=shortened(text, TEXT_CHARS_MAX)))
    parts.append(
        t.plural(
            "It happened {n} time, with nothing else being handled. Everybody else is served as "
            "usual. Nothing is lost: all of it is in the file <code>set_aside.jsonl</code>. Please "
            "show this and the log to whoever looks after the program.",
            "It happened {n} times, with nothing else being handled. Everybody else is served as "
            "usual. Nothing is lost: all of it is in the file <code>set_aside.jsonl</code>. Please "
            "show this and the log to whoever looks after the program.",
            deaths,
        )
    )
    return Html("\n\n").join(parts)


def tried_again(t: Translator) -> Html:
    """An admin has asked for another try."""
    return t(
        "🔁 It is being handled again. If the program ends three more times with it, it is set "
        "aside again, and you get another message."
    )
