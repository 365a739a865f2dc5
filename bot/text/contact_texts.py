"""What people read about their conversation with the admin.

Each of these messages begins with one of `MARKS`, in all languages, as does the news of a ban. A
reply to such a message is for the admins, also years later and after any restart.
"""

from i18n import N_, Html, Message, Translator

MARKS = ("📞", "💬", "⛔️")

ASK_FOR_MESSAGE = N_(
    "📞 Write your message now: text, a photo, a file or a voice message. A human will read it "
    "and answer here.\n\n/cancel to stop."
)
ASK_FOR_APPEAL = N_(
    "📞 You can't earn or order now, but you can write one message a day to the admin. Write it "
    "now, all in one.\n\n/cancel to stop."
)
MESSAGE_SENT = N_(
    "📞 ✅ Your message is with the admin. The answer will come here.\n\n"
    "What you write in the next 30 minutes goes to the admin too. The menu and "
    "commands work as always."
)
PASSED_ON = N_("📞 ✅ This is with the admin too.")
REPLY_SENT = N_("📞 ✅ Your message is with the admin. The answer will come here.")
APPEAL_SENT = N_(
    "📞 ✅ Your message is with the admin. The answer will come here. You can write one message a "
    "day, so the next one tomorrow (UTC)."
)
MESSAGE_NOT_SENT = N_(
    "📞 Sorry, your message could not be passed on just now. Please try again later."
)
PARTS_LEFT_OUT = N_(
    "📞 ⚠️ A part of your album could not be passed on. Please send that part once more, alone."
)
CONVERSATION_ENDED = N_(
    "📞 OK. What you write now no longer goes to the admin. If you reply to a message here, it "
    "does."
)
ANSWER_FROM_ADMIN = N_("💬 <b>Answer from the admin</b> ☝️")
WRITE_MORE = N_("✍️ Write again")
END = N_("✔️ That's all")
ANSWER = N_("✍️ Answer")

KINDS: dict[str, Message] = {
    "animation": N_("GIF"),
    "audio": N_("music"),
    "checklist": N_("checklist"),
    "contact": N_("contact"),
    "dice": N_("dice"),
    "document": N_("file"),
    "game": N_("game"),
    "location": N_("location"),
    "paid_media": N_("paid photo or video"),
    "photo": N_("photo"),
    "poll": N_("poll"),
    "sticker": N_("sticker"),
    "story": N_("story"),
    "text": N_("text"),
    "venue": N_("place"),
    "video": N_("video"),
    "video_note": N_("video message"),
    "voice": N_("voice message"),
}
"""What a message holds, by Telegram's name for it."""


def kind_of(t: Translator, kind: str) -> Html:
    """What a message holds, in a word or two."""
    return t.message(KINDS[kind]) if kind in KINDS else t("unknown kind")


def cannot_pass_on(t: Translator, kind: str) -> Html:
    """Telegram refuses to copy a person's message."""
    return t(
        "📞 ⚠️ Telegram doesn't let me pass this message on ({kind}). Please write it as text, or "
        "send a photo, a video, a file or a voice message.",
        kind=kind_of(t, kind),
    )


def wait_to_write(t: Translator, seconds: int) -> Html:
    """A person has written to the admins as often as one may in a while."""
    return t(
        "📞 ⏳ You have written a lot, and the admin has it all. What you send now is not passed "
        "on; you can write again in {time}.",
        time=t.duration(seconds),
    )


def wait_to_appeal(t: Translator, seconds: int) -> Html:
    """A banned person has sent their message of the day."""
    return t(
        "📞 ⏳ Your message of today is with the admin. What you send now is not passed on; you "
        "can write again in {time}.",
        time=t.duration(seconds),
    )
