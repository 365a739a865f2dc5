"""What admins read about people, changes by hand, and failures."""

from collections.abc import Sequence
from typing import NamedTuple

from bot.text import reason_texts
from bot.text.event_texts import describe, why_frozen
from bot.text.formats import day_and_time, full_name_of, gain, name_of, points, shortened
from bot.text.number_texts import number_refused
from i18n import N_, Html, Message, Translator, escape
from i18n.foreign import foreign_name
from ledger import events as e
from ledger.state import State, User
from ledger.untrusted.typed_numbers import NumberProblem
from orders.alerts import Alert

ADMIN_COMMANDS: tuple[tuple[str, Message], ...] = (
    ("admin", N_("Statistics, people, message to everybody")),
    ("history", N_("A person's history: /history id or @username, now or at a time")),
    ("adjust", N_("Change a balance: /adjust id ±points reason")),
    ("refund", N_("Refund an order that waits: /refund order")),
    ("ban", N_("Ban a person: /ban id reason")),
    ("unban", N_("Lift a ban: /unban id")),
    ("freeze", N_("Stop what a person earns: /freeze id reason")),
    ("unfreeze", N_("Let a person earn again: /unfreeze id")),
    ("set", N_("Show or change the settings")),
)

PANEL = N_("🛠 <b>Admin</b>\n\nChoose what you would like to see.")
ASK_FOR_SEARCH = N_("🔍 Send me an id, a @username, or a part of a name.\n\n/cancel to stop.")
NOBODY_YET = N_("Nobody has joined yet.")
NOT_FOUND = N_(
    "I can't find this person. Send an id (a number), or the @username of somebody who has used "
    "the bot."
)

# Translators: keep /adjust and the numbers; the words behind them are an example of a reason.
USE_ADJUST = N_("Use it like this: <code>/adjust 42 +100 thanks for waiting</code>")
USE_BAN = N_("Use it like this: <code>/ban 42 reason</code>")
USE_UNBAN = N_("Use it like this: <code>/unban 42</code>")

NO_AMOUNT = N_("The amount and the reason are missing.")
NO_REASON = N_("The reason is missing: this person and the log are told why.")

LISTED_IDS_MAX = 10
COMMAND_CHARS_MAX = 40


def who(t: Translator, user: User) -> Html:
    """A person as admins see them: name, @username, id."""
    name, user_id = full_name_of(t, user), str(user.user_id)
    username = foreign_name(user.username)
    if not username:
        return t("<b>{name}</b> (id <code>{user_id}</code>)", name=name, user_id=user_id)
    return t(
        "<b>{name}</b> @{username} (id <code>{user_id}</code>)",
        name=name,
        username=username,
        user_id=user_id,
    )


def no_single_match(t: Translator, ids: Sequence[int]) -> Html:
    """Nobody has the name that was typed, or these people have it."""
    if not ids:
        return t(NOT_FOUND)
    listed = Html(", ").join(Html(f"<code>{user_id}</code>") for user_id in ids[:LISTED_IDS_MAX])
    if len(ids) > LISTED_IDS_MAX:
        return t("Several people go by this name: {ids} and more. Please use the id.", ids=listed)
    return t("Several people go by this name: {ids}. Please use the id.", ids=listed)


def found_users(t: Translator, count: int, shown_max: int) -> Html:
    """Above the people that a search has found; each is a button."""
    if count > shown_max:
        return t("🔍 These are the first of many. Choose one, or send me more of the name.")
    return t.plural(
        "🔍 {n} person found. Choose one, or send me more of the name.",
        "🔍 {n} people found. Choose one, or send me more of the name.",
        count,
    )


def users_page(t: Translator, state: State, page: int, pages: int) -> Html:
    """The title of a page of people; the first page is 0."""
    return t(
        "👥 <b>People</b>: {count}, newest first (page {page} of {pages})",
        count=len(state.users),
        page=page + 1,
        pages=pages,
    )


def user_label(t: Translator, user: User) -> str:
    """A person on a button, as plain text."""
    marks = ("⛔️ " if user.banned else "") + ("💤 " if user.unreachable else "")
    return f"{marks}{name_of(t, user)} · {user.user_id} · {points(t, user.balance).text}"


def user_card(t: Translator, state: State, user: User) -> Html:
    """All about one person."""
    parts = [
        Html("👤 ") + who(t, user),
        t(
            "Balance: <b>{balance}</b>\n"
            "Ads watched: {ads} ({ads_today} on the last day)\n"
            "Friends: {friends}\n"
            "Orders: {orders}",
            balance=points(t, user.balance),
            ads=user.ads_watched,
            ads_today=user.ads_today,
            friends=user.referrals_count,
            orders=len(state.orders_of.get(user.user_id, ())),
        ),
        _joined(t, state, user),
    ]
    if user.banned:
        parts.append(t("⛔️ Banned"))
    if freeze := state.books.frozen.get(user.user_id):
        parts.append(Html("❄️ ") + why_frozen(t, t("Can't earn for now"), freeze))
    if user.unreachable:
        parts.append(t("💤 Can't be reached: has blocked the bot or deleted the account"))
    return Html("\n\n").join(parts)


def _joined(t: Translator, state: State, user: User) -> Html:
    time = day_and_time(t, user.join_date)
    inviter = state.users.get(user.referred_by) if user.referred_by is not None else None
    if inviter is None:
        return t("Joined {time} UTC", time=time)
    return t("Joined {time} UTC, invited by {inviter}", time=time, inviter=who(t, inviter))


def adjusted(t: Translator, user: User, amount_points: int) -> Html:
    """A balance was changed by hand."""
    return t(
        "✅ {change} for {who}. The balance is {balance} now.",
        change=gain(t, amount_points),
        who=who(t, user),
        balance=points(t, user.balance),
    )


class Misread(NamedTuple):
    """An amount that can't be read; with no problem, the reason behind it is missing."""

    typed_amount: str
    problem: NumberProblem | None


def adjustment_misread(t: Translator, misread: Misread) -> Html:
    """What is wrong with the words behind /adjust."""
    if not misread.typed_amount:
        return t(NO_AMOUNT)
    if misread.problem is None:
        return t(NO_REASON)
    return number_refused(t, misread.problem, misread.typed_amount)


def banned(t: Translator, user: User) -> Html:
    """Somebody was banned, or a ban was lifted."""
    if user.banned:
        return t("⛔️ {who} is banned now.", who=who(t, user))
    return t("✅ {who} is no longer banned.", who=who(t, user))


def sure_of_ban(t: Translator, state: State, user: User) -> Html:
    """Before a ban, which the person is told of at once."""
    question = t(
        "❓ <b>Ban {who}?</b> They will be told that they can't earn or order for now.",
        who=who(t, user),
    )
    return question + Html("\n\n") + user_card(t, state, user)


def no_ban_of_admins(t: Translator, user: User) -> Html:
    """An admin tried to ban an admin, maybe themselves."""
    return t("{name} is an admin, and admins can't be banned.", name=name_of(t, user))


def unknown_command(t: Translator, typed: str, *, is_begun: bool) -> Html:
    """A command that the bot doesn't have; `is_begun`: the admin is in the middle of something."""
    known = [Html(f"/{name}") for name, _ in ADMIN_COMMANDS]
    parts = [
        t(
            "I don't know the command {command}. Nothing was sent to anybody. There are: {known}, "
            "and /help.",
            command=shortened(typed, COMMAND_CHARS_MAX),
            known=Html(", ").join(known),
        )
    ]
    if is_begun:
        parts.append(t("What you had begun goes on; /cancel stops it."))
    return Html("\n\n").join(parts)


def many_friends(t: Translator, inviter: User, friends: int) -> Html:
    """Somebody has got the bonus for as many friends as a day may have."""
    person = who(t, inviter)
    return t.plural(
        "👥 {who} has got points for {n} friend today, the most in one day "
        "(<code>/set referrals_per_day_max</code>). The points for others wait for another day. "
        "Please look whether the friends are real people.",
        "👥 {who} has got points for {n} friends today, the most in one day "
        "(<code>/set referrals_per_day_max</code>). The points for others wait for another day. "
        "Please look whether the friends are real people.",
        friends,
        who=person,
    )


def failure(t: Translator, where: str) -> Html:
    """A handler failed; the log has the details."""
    return t(
        "⚠️ Something went wrong in the program ({where}). The person was asked to try again, and "
        "the program's log has the details.",
        where=where,
    )


def clock_stepped(t: Translator, event: e.ClockStepped) -> Html:
    """The machine's clock was set, by much."""
    return t(
        "🕰 Please note: {what}. Pauses between ads are counted as if it had not been. Please check "
        "the date and the time of the machine: the log and all messages show them.",
        what=describe(t, event),
    )


def alert(t: Translator, what: Alert) -> Html:
    """An alert of the order dispatcher."""
    return Html("⚠️ ") + escape(reason_texts.of_alert(t, what))
