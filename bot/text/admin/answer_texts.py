"""What admins read about messages from people, and about their own answers."""

from bot.text.admin.admin_texts import who
from bot.text.contact_texts import kind_of
from bot.text.formats import points, shortened
from i18n import N_, Html, Translator
from ledger.state import User

TELEGRAM_ANSWER_CHARS_MAX = 300

WHOSE_ALBUM = N_(
    "I no longer know whose album this is. Nothing was sent. Please reply to the message under it, "
    "the one with the name."
)
PART_LEFT_OUT = N_(
    "A part of your album came too late and was left out. Please send the whole album once more."
)


def from_user(t: Translator, user: User) -> Html:
    """Stands under a message that a person wrote to the admins."""
    person, balance = who(t, user), points(t, user.balance)
    if user.banned:
        return t(
            "📨 Message from {who}, {balance} ⛔️ banned: the one of today",
            who=person,
            balance=balance,
        )
    return t("📨 Message from {who}, {balance}", who=person, balance=balance)


def cannot_pass_on(t: Translator, user: User, kind: str) -> Html:
    """A person wrote something that Telegram refuses to copy; they know it."""
    return t(
        "📨 Message from {who}: Telegram doesn't let me pass it on ({kind}). I have asked for "
        "another form.",
        who=who(t, user),
        kind=kind_of(t, kind),
    )


def ask_for_answer(t: Translator, user: User) -> Html:
    """Before an admin writes to a person."""
    return t("✍️ Write your message to {who} now.\n\n/cancel to stop.", who=who(t, user))


def delivered(t: Translator, user: User) -> Html:
    """An answer was delivered."""
    return t("✅ Delivered to {who}.", who=who(t, user))


def delivered_in_part(t: Translator, user: User) -> Html:
    """Telegram has left out parts of an album."""
    return t(
        "⚠️ Only a part of the album was delivered to {who}: Telegram left out the rest. Please "
        "send that once more.",
        who=who(t, user),
    )


def not_copied(t: Translator, user: User, kind: str, telegram_answer: str) -> Html:
    """Telegram refuses to copy an answer."""
    return t(
        "❌ Not delivered to {who}: Telegram doesn't let me pass this on ({kind}). Its answer: "
        "{answer}",
        who=who(t, user),
        kind=kind_of(t, kind),
        answer=shortened(telegram_answer, TELEGRAM_ANSWER_CHARS_MAX),
    )


def not_delivered(t: Translator, user: User, reason: str, telegram_answer: str) -> Html:
    """An answer could not be delivered.

    Args:
        t: the admin's translator.
        user: the person it was for.
        reason: `blocked`, `deactivated`, or anything else.
        telegram_answer: what Telegram said, for any other reason.
    """
    match reason:
        case "blocked":
            return t("❌ Not delivered to {who}: they have blocked the bot.", who=who(t, user))
        case "deactivated":
            return t("❌ Not delivered to {who}: their account is deleted.", who=who(t, user))
        case _:
            answer = shortened(telegram_answer, TELEGRAM_ANSWER_CHARS_MAX)
            return t(
                "❌ Not delivered to {who}. Telegram's answer: {answer}",
                who=who(t, user),
                answer=answer,
            )
