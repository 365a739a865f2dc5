"""Events that admins cause: corrections, bans, freezes, settings, broadcasts."""

from ledger.event_types.base import Event, Points, UserEvent


class BalanceAdjusted(UserEvent, frozen=True, kw_only=True, tag="balance_adjusted"):
    """An admin changed a balance by hand. By that admin.

    Attributes:
        amount_points: added, or subtracted if negative.
        reason: in the admin's words; the person reads it.
        key: bot, chat and message of the admin's command: the natural key.
    """

    amount_points: Points
    reason: str
    key: str


class UserBanned(UserEvent, frozen=True, kw_only=True, tag="user_banned"):
    """A person may no longer earn or order. By an admin. Fields as in `BalanceAdjusted`."""

    key: str
    reason: str = ""


class UserUnbanned(UserEvent, frozen=True, kw_only=True, tag="user_unbanned"):
    """A ban was lifted. By an admin. `key` as in `BalanceAdjusted`."""

    key: str


class EarningFrozen(UserEvent, frozen=True, kw_only=True, tag="earning_frozen"):
    """A person is no longer paid for ads or for friends. By an admin.

    They keep and spend their points. `key` and `reason` are as in `BalanceAdjusted`; `sign` is
    the code of the sign of fraud that the admin acted on (`ledger.fraud.signs`), if any.
    """

    key: str
    reason: str = ""
    sign: str = ""


class EarningUnfrozen(UserEvent, frozen=True, kw_only=True, tag="earning_unfrozen"):
    """A person is paid again. By an admin. `key` as in `BalanceAdjusted`."""

    key: str


class EarningsTakenBack(UserEvent, frozen=True, kw_only=True, tag="earnings_taken_back"):
    """Points that were earned by fraud went back to the house. By an admin.

    Attributes:
        amount_points: below zero, as it changes the balance.
        below_zero: whether the admin wanted the balance to go below zero.
        reason: in the admin's words, maybe empty. `key` is as in `BalanceAdjusted`.
    """

    amount_points: Points
    key: str
    reason: str = ""
    below_zero: bool = False


class SettingChanged(Event, frozen=True, kw_only=True, tag="setting_changed"):
    """An economy setting has a new value. By an admin, or by `system` in the demo.

    `name` is a field of `ledger.economy.Economy` and has the unit. `key` as in `BalanceAdjusted`.
    """

    name: str
    value: Points
    key: str


class ChannelRequired(Event, frozen=True, kw_only=True, tag="channel_required"):
    """From now on only members of a channel can earn; empty: everybody can. By an admin.

    `channel` is its @name, with the @. `key` as in `BalanceAdjusted`.
    """

    channel: str
    key: str


class BroadcastEvent(Event, frozen=True, kw_only=True):
    """An event about one broadcast.

    `broadcast_id` names bot, chat and message of the confirmation question: the natural key.
    """

    broadcast_id: str


class BroadcastStarted(BroadcastEvent, frozen=True, kw_only=True, tag="broadcast_started"):
    """An admin sent a message to all users. By that admin.

    Attributes:
        chat_id: the chat with the message to copy, `message_id`.
        more_message_ids: the other messages of the same album, ascending.
        audience: how many users had joined; the broadcast goes to them, in order of joining.
    """

    chat_id: int
    message_id: int
    audience: int
    more_message_ids: tuple[int, ...] = ()


class BroadcastProgressed(BroadcastEvent, frozen=True, kw_only=True, tag="broadcast_progressed"):
    """The next messages of a broadcast are about to be sent. By `system`.

    Durable before they are sent, so that after a crash nobody gets the message twice.

    Attributes:
        cursor: how many of the audience are done or in flight.
        sent: messages delivered so far.
        unreachable: messages to people who blocked the bot or are gone.
        failed: messages that Telegram refused for another reason.
    """

    cursor: int
    sent: int
    unreachable: int
    failed: int


class BroadcastFinished(BroadcastEvent, frozen=True, kw_only=True, tag="broadcast_finished"):
    """A broadcast is complete. By `system`. The counts are as in `BroadcastProgressed`."""

    sent: int
    unreachable: int
    failed: int
