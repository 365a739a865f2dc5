"""Commands of admins."""

from ledger.command_types.base import Command


class AdjustBalance(Command, frozen=True, kw_only=True, tag="adjust_balance"):
    """Change a balance by hand. Key: bot, chat and message of the admin's command."""

    user_id: int
    amount_points: int
    reason: str
    key: str


class Ban(Command, frozen=True, kw_only=True, tag="ban"):
    """Stop a person from earning and ordering. Key as in `AdjustBalance`."""

    user_id: int
    key: str
    reason: str = ""


class Unban(Command, frozen=True, kw_only=True, tag="unban"):
    """Lift a ban. Key as in `AdjustBalance`."""

    user_id: int
    key: str


class FreezeEarning(Command, frozen=True, kw_only=True, tag="freeze_earning"):
    """Stop paying a person for ads and friends. Fields as in `EarningFrozen`."""

    user_id: int
    key: str
    reason: str = ""
    sign: str = ""


class UnfreezeEarning(Command, frozen=True, kw_only=True, tag="unfreeze_earning"):
    """Pay a person again. Key as in `AdjustBalance`."""

    user_id: int
    key: str


class TakeBackEarnings(Command, frozen=True, kw_only=True, tag="take_back_earnings"):
    """Take back what was earned by fraud. Key as in `AdjustBalance`.

    `amount_points` is above zero. `below_zero`: the balance may go below zero with it.
    """

    user_id: int
    amount_points: int
    key: str
    reason: str = ""
    below_zero: bool = False


class ChangeSetting(Command, frozen=True, kw_only=True, tag="change_setting"):
    """Change an economy setting. Key as in `AdjustBalance`."""

    name: str
    value: int
    key: str


class RequireChannel(Command, frozen=True, kw_only=True, tag="require_channel"):
    """Let only members of a channel earn; empty: everybody. Key as in `AdjustBalance`."""

    channel: str
    key: str


class StartBroadcast(Command, frozen=True, kw_only=True, tag="start_broadcast"):
    """Send a message or album to all users. Key: the broadcast's id (see `ledger.events`)."""

    broadcast_id: str
    chat_id: int
    message_id: int
    more_message_ids: tuple[int, ...] = ()


class ProgressBroadcast(Command, frozen=True, kw_only=True, tag="progress_broadcast"):
    """Record how far a broadcast is about to go (`cursor`), and the results so far."""

    broadcast_id: str
    cursor: int
    sent: int
    unreachable: int
    failed: int


class FinishBroadcast(Command, frozen=True, kw_only=True, tag="finish_broadcast"):
    """Record the end of a broadcast, with its results."""

    broadcast_id: str
    sent: int
    unreachable: int
    failed: int
