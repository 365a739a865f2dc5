"""A simulated user: who they are, what they prefer, and what the bot has told them."""

import random
from collections.abc import Callable
from typing import NamedTuple

from personas.actions import Action, Message, Unexpected


class Temper(NamedTuple):
    """How somebody behaves.

    Attributes:
        ad_reward_points: what the bot must say that an ad pays.
        double_tap_share: of the taps that move points, how many are made twice at once.
        give_up_share: of the orders that could be confirmed, how many are given up.
    """

    ad_reward_points: int
    double_tap_share: float = 0
    give_up_share: float = 0


class Ordered(NamedTuple):
    """An order as the bot reported it to its buyer. `quantity` is in views."""

    video: str
    quantity: int
    price_points: int


class Persona:
    """One simulated user, and what they know for certain.

    Attributes:
        user_id: Telegram's id.
        temper: how they behave.
        dice: all their choices come from it.
        prefers_buttons: where there is a button for something, they press it.
        is_new: they have never met the bot, so they know all that it says about them.
        invited_by: the user id of their inviter; 0 if nobody invited them.
        inviter_code: that inviter's code.
        code: their own invitation code, once they have seen it.
        welcomed: the bot has greeted them.
        ads: numbers of the ads that they were told are paid.
        orders: orders that they were told are placed, by id.
        account: the latest message with their balance.
        paid: the message about the last paid ad, which leads to the next one.
        written: texts that they were told are with the admin.
        forgotten: how often the bot had forgotten a conversation after a restart.
    """

    def __init__(
        self,
        user_id: int,
        temper: Temper,
        dice: random.Random,
        *,
        is_new: bool = True,
        invited_by: int = 0,
        inviter_code: str = "",
        restarts: Callable[[], int] = lambda: 0,
    ) -> None:
        """Nothing has been said yet.

        `restarts` tells how often the bot was restarted. A restart, and nothing else, may make it
        forget a conversation.
        """
        self.user_id = user_id
        self.temper = temper
        self.dice = dice
        self.prefers_buttons = dice.random() < 1 / 2
        self.is_new = is_new
        self.invited_by = invited_by
        self.inviter_code = inviter_code
        self.restarts = restarts
        self.code = ""
        self.welcomed = False
        self.ads: set[int] = set()
        self.orders: dict[str, Ordered] = {}
        self.account: Message | None = None
        self.paid: Message | None = None
        self.written: list[str] = []
        self.forgotten = 0

    @property
    def ads_count(self) -> int | None:
        """How many ads they have watched; None if there may be more than they know of."""
        return len(self.ads) if self.is_new else None

    def says(
        self, text: str, *words: str, repeated: tuple[str, ...] = (), writes: bool = False
    ) -> Action:
        """Type a text; the reply is a message with one of these words in it."""
        return Action(text, words, repeated=repeated, writes=writes)

    def presses(
        self, under: Message, prefix: str, *words: str, repeated: tuple[str, ...] = ()
    ) -> Action:
        """Press the button whose data starts with `prefix`; the reply is a new message."""
        return Action("", words, under=under, data=_data(under, prefix), repeated=repeated)

    def changes(
        self,
        under: Message,
        prefix: str,
        *words: str,
        toasts: tuple[str, ...] = (),
        repeated: tuple[str, ...] = (),
        writes: bool = True,
    ) -> Action:
        """Press a button that edits its message; `writes`: the ledger records something for it."""
        return Action(
            "",
            words,
            under=under,
            data=_data(under, prefix),
            edits=True,
            toasts=toasts,
            repeated=repeated,
            writes=writes,
        )

    def note_forgotten(self, restarts_before: int) -> None:
        """The bot no longer knew what this persona was doing.

        Raises:
            Unexpected: it was not restarted meanwhile, so it had no reason to.
        """
        if self.restarts() == restarts_before:
            raise Unexpected("the conversation was forgotten without a restart of the bot")
        self.forgotten += 1


def _data(under: Message, prefix: str) -> str:
    data = under.button(prefix)
    if not data:
        raise Unexpected(f"there is no button {prefix!r} under {under.text!r}")
    return data
