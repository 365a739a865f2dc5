"""The reference model: a second ledger, in plain dicts, that shares no code with the first.

It is written from the rules in words, to be compared with the real one. A command that must be
refused is answered with the names of all refusals that fit; which of them comes first is no rule.
"""

import json
from collections import defaultdict
from typing import Any

from support.reference_orders import STAGES, Answer, Fact, OrderRules

DAY_MS = 86_400_000
SETTINGS = {
    "ad_reward_points": 1,
    "ad_cooldown_s": 30,
    "ad_watch_s": 15,
    "ads_per_day_max": 100,
    "referral_bonus_points": 1000,
    "referral_welcome_points": 0,
    "referral_after_ads": 5,
    "referral_within_days": 30,
    "referrals_per_day_max": 20,
    "points_per_1000_views": 10_000,
    "order_views_min": 10,
    "order_views_max": 100_000,
    "orders_per_minute_max": 10,
    "order_attempts_max": 30,
    "order_poll_s": 60,
    "order_stuck_hours": 72,
    "point_value_micro": 100,
}
BALANCE_MAX_POINTS = 10**15

_MOVES = {"amount_points": 1, "refund_points": 1, "price_points": -1}


class ReferenceModel(OrderRules):
    """Everybody's points, by the rules as they are written down."""

    def __init__(self) -> None:
        super().__init__()
        self.users: dict[int, dict[str, Any]] = {}
        self.broadcasts: dict[str, dict[str, Any]] = {}
        self.settings = dict(SETTINGS)
        self.keys: set[str] = set()
        self.bonus_day = 0
        self.openings: dict[int, tuple[int, str, int]] = {}
        self.history: dict[int, list[Fact]] = defaultdict(list)
        self.read_ms: int | None = None
        self.newest_ms: int | None = None
        self.steps_ms = 0
        self.channel = ""

    def play(self, command: Any, at_ms: int) -> Answer:
        """Execute a command: its facts, which go into the histories, or the refusals."""
        self.read_clock(at_ms)
        name = type(command).__name__
        if name in STAGES:
            answer = self.move(name, command, at_ms)
        else:
            answer = getattr(self, f"_{name}")(command, at_ms)
        if isinstance(answer, list):
            self.newest_ms = at_ms
            for kind, user_id, change in answer:
                if user_id is not None:
                    user = self.users[user_id]
                    user["balance"] += change
                    self.history[user_id].append((kind, change, user["balance"]))
            if hasattr(command, "order_id"):
                self.note_order_line(command.order_id, at_ms)
        return answer

    def read_clock(self, at_ms: int) -> None:
        """A clock that goes back was set, and this is recorded; steps forward go unnoticed."""
        if self.read_ms is not None and at_ms < self.read_ms:
            self.steps_ms += at_ms - self.read_ms
            self.newest_ms = at_ms
        self.read_ms = at_ms

    def restart(self) -> None:
        """The program begins anew, and knows the time of the last line."""
        self.read_ms = self.newest_ms

    def _Join(self, command: Any, at_ms: int) -> Answer:  # noqa: N802 - named as the command
        no = set()
        if command.user_id in self.users:
            no.add("AlreadyJoined")
        if any(user["code"] == command.referral_code for user in self.users.values()):
            no.add("ReferralCodeTaken")
        if no:
            return no
        inviters = [
            user_id
            for user_id, user in self.users.items()
            if user["code"] == command.invited_by_code and not user["banned"]
        ]
        by = inviters[0] if inviters else None
        self.users[command.user_id] = {
            "code": command.referral_code,
            "by": by,
            "balance": 0,
            "ads": 0,
            "last_ad_ms": None,
            "today": 0,
            "paid": False,
            "gift": False,
            "bonus_day": (0, 0),
            "banned": False,
            "gone": False,
            "joined_ms": at_ms,
            "waits": False,
            "frozen": False,
            "in_debt": False,
        }
        facts: list[Fact] = [("UserJoined", command.user_id, 0)]
        if by is not None and self.settings["referral_after_ads"] == 0:
            facts += self._bonus(command.user_id, at_ms)
        return facts

    def _bonus(self, friend_id: int, at_ms: int) -> list[Fact]:
        """The inviter's bonus, unless the day's are used up; the friend's gift, once."""
        friend, today = self.users[friend_id], at_ms // DAY_MS
        inviter = self.users[friend["by"]]
        if inviter["banned"] or inviter["frozen"]:
            return self._wait(friend)
        # The newest day on which anybody got a bonus counts; with a clock set back, it is over.
        if self.bonus_day == today and inviter["bonus_day"][0] == today:
            count = inviter["bonus_day"][1]
        else:
            count = 0
        facts = self._wait(friend) if count >= self.settings["referrals_per_day_max"] else []
        if count < self.settings["referrals_per_day_max"]:
            friend["paid"] = True
            if self.bonus_day != today:
                self.bonus_day = today
                for user in self.users.values():
                    user["bonus_day"] = (0, 0)
            inviter["bonus_day"] = (today, count + 1)
            facts.append(
                ("ReferralBonusPaid", friend["by"], self.settings["referral_bonus_points"])
            )
        gift = self.settings["referral_welcome_points"]
        if gift and not friend["gift"]:
            friend["gift"] = True
            facts.append(("ReferralWelcomePaid", friend_id, gift))
        return facts

    def _wait(self, friend: dict[str, Any]) -> list[Fact]:
        """That a bonus waits is written down once; it has no deadline from then on."""
        if friend["waits"]:
            return []
        friend["waits"] = True
        return [("ReferralBonusWaits", friend["by"], 0)]

    def _RewardAd(self, command: Any, at_ms: int) -> Answer:  # noqa: N802
        user = self.users.get(command.user_id)
        if user is None:
            return {"UnknownUser"}
        if command.ad_number <= user["ads"]:
            return {"AdAlreadyPaid"}
        if no := self._against_ad(user, command, at_ms):
            return no
        user["today"] = self._ads_today(user, at_ms) + 1
        user["ads"] += 1
        user["last_ad_ms"] = at_ms - self.steps_ms
        self.openings.pop(command.user_id, None)
        facts: list[Fact] = [("AdRewarded", command.user_id, self.settings["ad_reward_points"])]
        due = user["by"] is not None and not user["paid"]
        days = self.settings["referral_within_days"]
        late = days > 0 and not user["waits"] and at_ms - user["joined_ms"] > days * DAY_MS
        if due and not late and user["ads"] >= self.settings["referral_after_ads"]:
            facts += self._bonus(command.user_id, at_ms)
        return facts

    def _ads_today(self, user: dict[str, Any], at_ms: int) -> int:
        """An ad keeps its distance in time when the clock is set; its day is counted from that."""
        if user["last_ad_ms"] is None:
            return 0
        return (
            user["today"]
            if (user["last_ad_ms"] + self.steps_ms) // DAY_MS == at_ms // DAY_MS
            else 0
        )

    def _against_ad(  # noqa: C901 - one row per refusal
        self, user: dict[str, Any], command: Any, at_ms: int
    ) -> set[str]:
        no = set()
        if command.ad_number > user["ads"] + 1:
            no.add("UnknownAd")
        if user["banned"]:
            no.add("UserIsBanned")
        if user["frozen"]:
            no.add("EarningIsFrozen")
        if self._ads_today(user, at_ms) >= self.settings["ads_per_day_max"]:
            no.add("DailyCapReached")
        if user["last_ad_ms"] is not None:
            last_ms, asked_ms = user["last_ad_ms"] + self.steps_ms, at_ms
            if command.network and last_ms <= command.opened_at_ms <= at_ms:
                asked_ms = command.opened_at_ms
            if asked_ms - last_ms < self.settings["ad_cooldown_s"] * 1000:
                no.add("CooldownActive")
        from_ms = command.opened_at_ms
        if command.timed and command.after_opening:
            number, network, from_ms = self.openings.get(command.user_id, (0, "", 0))
            if (number, network) != (command.ad_number, "") or from_ms < command.opened_at_ms:
                return no | {"AdNotOpened"}
        watched_ms = at_ms - from_ms
        if command.timed and 0 <= watched_ms < self.settings["ad_watch_s"] * 1000:
            no.add("AdNotWatchedLongEnough")
        return no

    def _OpenAd(self, command: Any, at_ms: int) -> Answer:  # noqa: N802
        user = self.users.get(command.user_id)
        if user is None:
            return {"UnknownUser"}
        if command.ad_number <= user["ads"]:
            return {"AdAlreadyPaid"}
        no = set()
        if command.ad_number > user["ads"] + 1:
            no.add("UnknownAd")
        if user["banned"]:
            no.add("UserIsBanned")
        number, network, opened_ms = self.openings.get(command.user_id, (0, "", 0))
        is_same = (number, network) == (command.ad_number, command.network)
        if is_same and opened_ms >= command.since_ms:
            no.add("AlreadyDone")
        if no:
            return no
        self.openings[command.user_id] = (command.ad_number, command.network, at_ms)
        return [("AdOpened", command.user_id, 0)]

    def _AdjustBalance(self, command: Any, _at_ms: int) -> Answer:  # noqa: N802
        if command.key in self.keys:
            return {"AlreadyDone"}
        user = self.users.get(command.user_id)
        if user is None:
            return {"UnknownUser"}
        after = user["balance"] + command.amount_points
        if after < 0 and command.amount_points < 0:
            return {"NotEnoughPoints"}
        if command.amount_points == 0 or after > BALANCE_MAX_POINTS:
            return {"NothingToAdjust"}
        self.keys.add(command.key)
        return [("BalanceAdjusted", command.user_id, command.amount_points)]

    def _Ban(self, command: Any, _at_ms: int) -> Answer:  # noqa: N802
        return self._set_ban(command, "UserBanned", "AlreadyBanned", banned=True)

    def _Unban(self, command: Any, _at_ms: int) -> Answer:  # noqa: N802
        return self._set_ban(command, "UserUnbanned", "NotBanned", banned=False)

    def _set_ban(self, command: Any, kind: str, refusal: str, *, banned: bool) -> Answer:
        if command.key in self.keys:
            return {"AlreadyDone"}
        user = self.users.get(command.user_id)
        if user is None:
            return {"UnknownUser"}
        if user["banned"] == banned:
            return {refusal}
        user["banned"] = banned
        self.keys.add(command.key)
        return [(kind, command.user_id, 0)]

    def _FreezeEarning(self, command: Any, _at_ms: int) -> Answer:  # noqa: N802
        return self._set_frozen(command, "EarningFrozen", "AlreadyFrozen", frozen=True)

    def _UnfreezeEarning(self, command: Any, _at_ms: int) -> Answer:  # noqa: N802
        return self._set_frozen(command, "EarningUnfrozen", "NotFrozen", frozen=False)

    def _set_frozen(self, command: Any, kind: str, refusal: str, *, frozen: bool) -> Answer:
        if command.key in self.keys:
            return {"AlreadyDone"}
        user = self.users.get(command.user_id)
        if user is None:
            return {"UnknownUser"}
        if user["frozen"] == frozen:
            return {refusal}
        user["frozen"] = frozen
        self.keys.add(command.key)
        return [(kind, command.user_id, 0)]

    def _TakeBackEarnings(self, command: Any, _at_ms: int) -> Answer:  # noqa: N802
        if command.key in self.keys:
            return {"AlreadyDone"}
        user = self.users.get(command.user_id)
        if user is None:
            return {"UnknownUser"}
        after = user["balance"] - command.amount_points
        no = set()
        if command.amount_points < 1 or after < -BALANCE_MAX_POINTS:
            no.add("NothingToAdjust")
        if after < 0 and not command.below_zero:
            no.add("NotEnoughPoints")
        if no:
            return no
        user["in_debt"] |= after < 0
        self.keys.add(command.key)
        return [("EarningsTakenBack", command.user_id, -command.amount_points)]

    def _RequireChannel(self, command: Any, _at_ms: int) -> Answer:  # noqa: N802
        if command.key in self.keys:
            return {"AlreadyDone"}
        if command.channel not in ("", "@news", "@other"):
            return {"NotAChannelName"}
        if command.channel == self.channel:
            return {"NothingChanges"}
        self.channel = command.channel
        self.keys.add(command.key)
        return [("ChannelRequired", None, 0)]

    def _ChangeSetting(self, command: Any, _at_ms: int) -> Answer:  # noqa: N802
        if command.key in self.keys:
            return {"AlreadyDone"}
        if command.name not in self.settings:
            return {"UnknownSetting"}
        wished = {**self.settings, command.name: command.value}
        if command.value < 0 or wished["order_views_min"] > wished["order_views_max"]:
            return {"SettingOutOfRange"}
        if wished == self.settings:
            return {"NothingChanges"}
        self.settings = wished
        self.keys.add(command.key)
        return [("SettingChanged", None, 0)]

    def _StartBroadcast(self, command: Any, _at_ms: int) -> Answer:  # noqa: N802
        if command.broadcast_id in self.broadcasts:
            return {"AlreadyDone"}
        if not self.users:
            return {"NobodyToWrite"}
        self.broadcasts[command.broadcast_id] = {
            "audience": len(self.users),
            "cursor": 0,
            "counts": (0, 0, 0),
            "finished": False,
        }
        return [("BroadcastStarted", None, 0)]

    def _ProgressBroadcast(self, command: Any, _at_ms: int) -> Answer:  # noqa: N802
        broadcast = self.broadcasts.get(command.broadcast_id)
        if broadcast is None or broadcast["finished"]:
            return {"UnknownBroadcast"}
        counts = (command.sent, command.unreachable, command.failed)
        known = (broadcast["cursor"], broadcast["counts"])
        if command.cursor > broadcast["audience"] or command.cursor < broadcast["cursor"]:
            return {"NothingChanges"}
        if known == (command.cursor, counts):
            return {"NothingChanges"}
        broadcast.update(cursor=command.cursor, counts=counts)
        return [("BroadcastProgressed", None, 0)]

    def _FinishBroadcast(self, command: Any, _at_ms: int) -> Answer:  # noqa: N802
        broadcast = self.broadcasts.get(command.broadcast_id)
        if broadcast is None or broadcast["finished"]:
            return {"UnknownBroadcast"}
        broadcast["finished"] = True
        return [("BroadcastFinished", None, 0)]

    def _NoteUnreachable(self, command: Any, _at_ms: int) -> Answer:  # noqa: N802
        return self._set_gone(command, "UserUnreachable", gone=True)

    def _NoteReachable(self, command: Any, _at_ms: int) -> Answer:  # noqa: N802
        return self._set_gone(command, "UserReachable", gone=False)

    def _set_gone(self, command: Any, kind: str, *, gone: bool) -> Answer:
        user = self.users.get(command.user_id)
        if user is None:
            return {"UnknownUser"}
        if user["gone"] == gone:
            return {"NothingChanges"}
        user["gone"] = gone
        return [(kind, command.user_id, 0)]


def facts_of(events: tuple[Any, ...]) -> list[Fact]:
    """The ledger's events as facts."""
    facts: list[Fact] = []
    for event in events:
        fields = {name: getattr(event, name, 0) for name in _MOVES}
        facts.append((type(event).__name__, getattr(event, "user_id", None), _moved(fields)))
    return facts


def recount(log: bytes) -> dict[str, int]:
    """Every account that is not zero, counted from the text of a log's whole commands.

    Knows field names only: `amount_points` and `refund_points` come to the person,
    `price_points` leaves them for the order, from which `spent_points` and `refund_points` leave.
    There are three exceptions. An imported order is history and moves nothing. What a correction
    gives back was spent before. And an acceptance that says neither `followed` nor what is spent
    spends all that the order has.
    """
    accounts: dict[str, int] = defaultdict(int)
    waiting: list[dict[str, Any]] = []
    for line in log.split(b"\n")[:-1]:
        event = json.loads(line)
        waiting.append(event)
        if event.get("more", 0):
            continue
        for one in waiting:
            if one["type"] == "order_imported":
                continue
            change = _moved(one)
            if "user_id" in one:
                accounts[f"user:{one['user_id']}"] += change
            if "order_id" in one and one["type"] != "order_corrected":
                accounts[f"order:{one['order_id']}"] -= change + int(one.get("spent_points", 0))
            if one["type"] == "order_accepted" and not {"followed", "spent_points"} & one.keys():
                accounts[f"order:{one['order_id']}"] = 0
        waiting = []
    return {account: points for account, points in accounts.items() if points}


def _moved(event: dict[str, Any]) -> int:
    return sum(sign * int(event.get(name, 0)) for name, sign in _MOVES.items())
