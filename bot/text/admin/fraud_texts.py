"""Texts about fraud, for admins: the signs in plain words, freezes, what is taken back."""

from collections.abc import Sequence
from typing import NamedTuple, assert_never

from bot.text.admin.admin_texts import user_card, who
from bot.text.event_texts import SIGNS
from bot.text.formats import points
from i18n import N_, Html, Translator
from ledger.fraud import signs as s
from ledger.state import State, User

ACCOUNTS_SHOWN = 8

USE_FREEZE = N_("Use it like this: <code>/freeze 42 reason</code>")
USE_UNFREEZE = N_("Use it like this: <code>/unfreeze 42</code>")
NO_SIGNS = N_("🕵️ <b>Fraud</b>\n\nNothing stands out at the moment.")


class Earned(NamedTuple):
    """What somebody got for ads and for friends, and what was taken back before, in points."""

    ads_points: int
    friends_points: int
    taken_points: int

    @property
    def left_points(self) -> int:
        """What could still be taken back."""
        return max(0, self.ads_points + self.friends_points - self.taken_points)


def signs(t: Translator, found: Sequence[s.Sign]) -> Html:
    """Above the list of what was found; each is a button."""
    if not found:
        return t(NO_SIGNS)
    count = t.plural("{n} sign stands out.", "{n} signs stand out.", len(found))
    return Html("\n\n").join(
        [
            t("🕵️ <b>Fraud</b>"),
            count,
            t(
                "A sign is no proof. Look at each, then decide: nothing happens by itself, and the "
                "accounts aren't told that you look."
            ),
        ]
    )


def sign(t: Translator, state: State, found: s.Sign) -> Html:
    """One sign: the evidence, what it may mean, and the accounts."""
    accounts = [
        account(t, state, state.users[user_id]) for user_id in found.accounts[:ACCOUNTS_SHOWN]
    ]
    if len(found.accounts) > ACCOUNTS_SHOWN:
        more = len(found.accounts) - ACCOUNTS_SHOWN
        accounts.append(t.plural("and {n} more account", "and {n} more accounts", more))
    return Html("\n\n").join([*_evidence(t, found), Html("\n").join(accounts)])


def account(t: Translator, state: State, user: User) -> Html:
    """An account in one line."""
    mark = Html("⛔️ ") if user.banned else Html("❄️ " if is_frozen(state, user) else "")
    person, balance = who(t, user), points(t, user.balance)
    # Translators: {who} is a name with an id.
    line = t.plural(
        "{who}: {balance}, {n} ad",
        "{who}: {balance}, {n} ads",
        user.ads_watched,
        who=person,
        balance=balance,
    )
    return mark + line


def is_frozen(state: State, user: User) -> bool:
    """Whether this person earns nothing for now."""
    return user.user_id in state.books.frozen


def _evidence(t: Translator, found: s.Sign) -> list[Html]:
    match found:
        case s.AdsTogether():
            return _together(t, found)
        case s.SteadyPace():
            return _steady(t, found)
        case s.FriendsStop():
            return _stop(t, found)
        case s.FriendsTogether():
            return _rush(t, found)
        case s.UnpaidSessions():
            return _unpaid(t, found)
        case _:
            assert_never(found)


def _together(t: Translator, found: s.AdsTogether) -> list[Html]:
    accounts = len(found.accounts)
    evidence = [
        t.plural(
            "👥 <b>{n} account is paid for ads together with others</b>",
            "👥 <b>{n} accounts are paid for ads together</b>",
            accounts,
        ),
        t.plural(
            "The newest {n} ad of the first account was looked at: nearly every time the others "
            "were paid within 3 seconds of it.",
            "The newest {n} ads of the first account were looked at: nearly every time the others "
            "were paid within 3 seconds of it.",
            found.ads,
        ),
    ]
    if found.at_one_address:
        evidence.append(
            t.plural(
                "{n} of them comes from one network address.",
                "{n} of them come from one network address.",
                found.at_one_address,
            )
        )
    innocent = t(
        "Most likely one person has several phones or a program. Friends who sit together can "
        "look like this for a short time."
    )
    return [*evidence, innocent]


def _steady(t: Translator, found: s.SteadyPace) -> list[Html]:
    pause = t.duration(found.pause_s)
    return [
        t("🤖 <b>The pace of a robot</b>"),
        t.plural(
            "{n} ad in a row, each within 3 seconds after the pause of {pause} was over. This went "
            "on for {time}.",
            "{n} ads in a row, each within 3 seconds after the pause of {pause} was over. This "
            "went on for {time}.",
            found.ads,
            pause=pause,
            time=t.duration(found.lasted_s),
        ),
        t("Most likely a program taps the buttons. Few people are that quick for that long."),
    ]


def _stop(t: Translator, found: s.FriendsStop) -> list[Html]:
    paid = t.plural(
        "The first account below was paid for {n} friend.",
        "The first account below was paid for {n} friends.",
        found.paid,
    )
    stopped = t.plural(
        "{n} of them watched no more ads than were needed for that (at most 1 more), and none in "
        "the last 2 days.",
        "{n} of them watched no more ads than were needed for that (at most 1 more), and none in "
        "the last 2 days.",
        found.stopped,
    )
    return [
        t("🔁 <b>Friends who stop once they are paid for</b>"),
        Html(" ").join([paid, stopped]),
        t(
            "Most likely these are second accounts of one person. It may also be that the friends "
            "only wanted to help, and did not like the bot."
        ),
    ]


def _rush(t: Translator, found: s.FriendsTogether) -> list[Html]:
    return [
        t("🏃 <b>Friends who joined within minutes</b>"),
        t.plural(
            "{n} friend of the first account below joined within {time}: most of all their "
            "friends.",
            "{n} friends of the first account below joined within {time}: most of all their "
            "friends.",
            found.friends,
            time=t.duration(found.within_s),
        ),
        t(
            "Accounts that are made for the bonus come in a row. So do real people after a post in "
            "a large group."
        ),
    ]


def _unpaid(t: Translator, found: s.UnpaidSessions) -> list[Html]:
    return [
        t("🚫 <b>Ads that the ad network doesn't confirm</b>"),
        t.plural(
            "{n} ad was opened; not confirmed: {unpaid}. Of everybody's ads, {percent} % are not "
            "confirmed.",
            "{n} ads were opened; not confirmed: {unpaid}. Of everybody's ads, {percent} % are not "
            "confirmed.",
            found.opened,
            unpaid=found.unpaid,
            percent=found.usual_percent,
        ),
        t(
            "It may be a program that opens ads without showing them. An ad blocker or a bad "
            "connection looks the same."
        ),
    ]


def frozen_now(t: Translator, user: User, *, lifted: bool) -> Html:
    """Somebody's earning was frozen, or no longer is."""
    if lifted:
        return t("✅ {who} can earn again.", who=who(t, user))
    return t("❄️ {who} can't earn for now. The points stay.", who=who(t, user))


def sure_of_freeze(t: Translator, state: State, user: User, sign: str) -> Html:
    """Before a freeze, which the person is told of at once."""
    question = t(
        "❓ <b>Stop what {who} earns?</b> Ads and friends will pay them nothing for now. They keep "
        "their points and can spend them. They will be told.",
        who=who(t, user),
    )
    parts = [question]
    if sign:
        parts.append(t("Because of: {sign}", sign=t.message(SIGNS[sign])))
    return Html("\n\n").join([*parts, user_card(t, state, user)])


def ask_to_take_back(t: Translator, user: User, earned: Earned) -> Html:
    """Before points are taken back."""
    found = t(
        "↩️ {who}\n\nGot for ads: {ads}\nGot for friends: {friends}\nTaken back before: {taken}\n"
        "Balance: {balance}",
        who=who(t, user),
        ads=points(t, earned.ads_points),
        friends=points(t, earned.friends_points),
        taken=points(t, earned.taken_points),
        balance=points(t, user.balance),
    )
    if not earned.left_points:
        return Html("\n\n").join([found, t("There is nothing left to take back.")])
    if earned.left_points <= user.balance:
        return Html("\n\n").join([found, t("The person will be told.")])
    explained = t(
        "A part is spent already. Take only what is there, or let the balance go below zero: then "
        "the next points that come fill it up. The person will be told."
    )
    return Html("\n\n").join([found, explained])
