"""What is wrong with the connection to Telegram, for the status page and the program's log."""

import re
from typing import NamedTuple

from i18n import N_, Message, Translator

_ENGLISH = Translator()


class Problem(NamedTuple):
    """What is wrong, in one sentence: no token, no address in it.

    Attributes:
        message: the sentence, with `{detail}` in it if there is a detail.
        detail: an error's name, or what Telegram said.
    """

    message: Message
    detail: str = ""

    def in_language(self, t: Translator) -> str:
        """The sentence in a reader's language, as plain text, without names of the program's."""
        return self._said(t, _in_words(t, self.detail))

    def __str__(self) -> str:
        """The sentence in English, for the log: with the error's own name."""
        return self._said(_ENGLISH, self.detail)

    def _said(self, t: Translator, detail: str) -> str:
        arguments = {"detail": detail} if detail else {}
        return t.message(self.message, **arguments).text


_ERRORS: dict[str, Message] = {
    "NetworkError": N_("there is no connection"),
    "TimedOut": N_("no answer in time"),
    "RetryAfter": N_("it asks the bot to wait"),
    "Forbidden": N_("it doesn't allow that"),
    "BadRequest": N_("it refuses the request"),
    "Conflict": N_("another program uses this bot"),
    "InvalidToken": N_("it doesn't know the token"),
}
_OTHER_ERROR = N_("the program's log says more")
_ERROR_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")


def _in_words(t: Translator, detail: str) -> str:
    """What Telegram said stays as it is; an error's name becomes words."""
    if not _ERROR_NAME.fullmatch(detail):
        return detail
    return t.message(_ERRORS.get(detail, _OTHER_ERROR)).text


NOT_CONNECTED = Problem(N_("The bot is not connected to Telegram yet."))
CONFLICT = Problem(
    N_(
        "Another program uses the same BOT_TOKEN right now, so updates go to either of the two. "
        "Stop the other one."
    )
)
WEBHOOK_SET = Problem(
    N_(
        "Another program has given Telegram an address of its own for this bot, so no updates "
        "come here. Stop the other one, then start this one again."
    )
)
OTHER_WEBHOOK = Problem(
    N_(
        "Another program has given Telegram an address of its own for this bot, so updates go "
        "there. Stop the other one, then start this one again."
    )
)
TOKEN_UNKNOWN = Problem(
    N_(
        "Telegram doesn't know the BOT_TOKEN any more. If @BotFather has given a new one, set it "
        "and start again."
    )
)
ASKED_TO_WAIT = Problem(N_("Telegram asks the bot to wait."))
ASKED_TO_SEND_LESS = Problem(N_("Messages wait, because Telegram asks the bot to send fewer."))

REFUSED = N_("Telegram refuses what the bot asks for ({detail}).")
NOT_TELEGRAM = N_("What answers at Telegram's address is not Telegram ({detail}).")
UNREACHABLE = N_("Telegram can't be reached ({detail}).")
POLL_OVERDUE = N_("The bot receives nothing: no poll to Telegram has come back for {detail} s.")
UNDELIVERED = N_("Telegram can't deliver updates to PUBLIC_URL: {detail}.")
MESSAGES_NOT_TAKEN = N_("Messages wait, because Telegram doesn't accept them now ({detail}).")
