"""Owns every text that admins read, as Telegram's HTML. Names, links and reasons are escaped."""

from html import escape

from bot.context import name_of
from bot.text import reason_texts
from bot.text.untranslated import bar, day_and_time, points, views
from ledger.economy import BOUNDS, Economy
from ledger.order_status import OrderStatus
from ledger.projections import Broadcast, Order, State, User
from orders.alerts import Alert

ADMIN_COMMANDS = (
    ("admin", "Numbers, people, message to everybody"),
    ("history", "A person's history: /history id or @username, now or then"),
    ("adjust", "Change a balance: /adjust id ±points reason"),
    ("ban", "Stop a person: /ban id reason"),
    ("unban", "Lift a ban: /unban id"),
    ("set", "Show or change the economy"),
)

PANEL = "🛠 <b>Admin</b>\n\nChoose what you would like to see."
STATS = "📊 Numbers"
USERS = "👥 People"
BROADCAST = "📣 Write to everybody"
SETTINGS = "⚙️ Economy"
UNCLEAR = "🔎 Unclear orders"
REFRESH = "🔄 Refresh"
BACK = "‹ Admin"
SEARCH = "🔍 Search"
HISTORY = "🧾 History"
BAN = "⛔️ Ban"
UNBAN = "✅ Unban"
WRITE = "✍️ Write"
REPLY = "↩️ Reply"
CARD = "👤 Person"
SEND_TO_ALL = "📣 Send"
IT_ARRIVED = "✅ It arrived"
IT_DID_NOT = "↩️ It did not: refund"

ASK_FOR_SEARCH = "🔍 Send me an id or a @username.\n\n/cancel to stop."
ASK_FOR_BROADCAST = (
    "📣 Send me the message for everybody now: text, photo, video, anything. You will be asked "
    "once more before it goes out.\n\n/cancel to stop."
)
BROADCAST_GIVEN_UP = "OK, nothing was sent."
BROADCAST_ON_ITS_WAY = "Too late: it is being sent already."
BROADCAST_STARTS = "📣 Sending …"
NOBODY_YET = "Nobody has joined yet."
NO_UNCLEAR = "There are no unclear orders. 👍"
NO_HISTORY = "Nothing is recorded about this person beyond this."
NOT_FOUND = (
    "I can't find this person. Send an id (a number), or the @username of somebody who has used "
    "the bot."
)

USE_ADJUST = "Use it like this: <code>/adjust 42 +100 thanks for waiting</code>"
USE_BAN = "Use it like this: <code>/ban 42 reason</code>"
USE_UNBAN = "Use it like this: <code>/unban 42</code>"
USE_HISTORY = (
    "Use it like this: <code>/history 42</code> or <code>/history @name</code>, and for how it was "
    "then <code>/history 42 at 2026-11-22</code> or <code>/history 42 at 2026-11-22 16:00</code> "
    "(UTC)"
)
NO_TIME = "I can't read this as a time, nor as the number of a line."
SET_EXAMPLE = "<code>/set ad_reward_points 2</code>"
USE_SET = f"Use it like this: {SET_EXAMPLE}"

SHOWN_IDS_MAX = 10


def who(user: User) -> str:
    """A person as admins see them: name, @username, id."""
    username = f" @{escape(user.username)}" if user.username else ""
    return f"<b>{escape(name_of(user))}</b>{username} (id <code>{user.user_id}</code>)"


def not_one(ids: tuple[int, ...]) -> str:
    """Nobody goes by what was typed, or several people do."""
    if not ids:
        return NOT_FOUND
    listed = ", ".join(f"<code>{user_id}</code>" for user_id in ids[:SHOWN_IDS_MAX])
    more = " and more" if len(ids) > SHOWN_IDS_MAX else ""
    return f"Several people go by this name: {listed}{more}. Please use the id."


def audit_title(user: User) -> str:
    """Over a page of a person's history."""
    return f"🧾 {who(user)}\nBalance now: <b>{points(user.balance)}</b> (times in UTC)"


def audit_title_then(user: User, until: int | str, balance_points: int | None) -> str:
    """Over a person's history as of a line or a moment; no balance: nothing had happened yet."""
    then = f"line {until:,}" if isinstance(until, int) else f"{day_and_time(until)} UTC"
    if balance_points is None:
        return f"🧾 {who(user)}\nNothing had happened by {then}."
    return f"🧾 {who(user)}\nBalance at {then}: <b>{points(balance_points)}</b> (times in UTC)"


def stats(state: State) -> str:
    """The numbers."""
    by_status = {status: count for status, count in state.orders_by_status.items() if count}
    orders = ", ".join(f"{count:,} {status}" for status, count in sorted(by_status.items()))
    accounts = "\n".join(
        f"{escape(name)}: {-amount:+,}" for name, amount in sorted(state.accounts.items())
    )
    balanced = (
        "✅ every point is accounted for" if state.posted_points == 0 else "❌ THE BOOKS ARE OFF"
    )
    return (
        "📊 <b>Numbers</b>\n\n"
        f"People: <b>{len(state.users):,}</b> ({state.banned_count:,} banned, "
        f"{state.unreachable_count:,} can't be reached)\n"
        f"Orders: <b>{len(state.orders):,}</b>{f' ({orders})' if orders else ''}\n"
        f"Points people hold: <b>{state.users_points:,}</b>\n"
        f"Points held for orders: <b>{state.orders_points:,}</b>\n\n"
        f"<b>Where points came from</b>\n{accounts or 'nothing yet'}\n\n"
        f"Events: {state.seq:,}, the last at {day_and_time(state.books.at)} UTC\n{balanced}"
    )


def users_page(state: State, page: int, pages: int) -> str:
    """The title over a page of people."""
    return f"👥 <b>People</b>: {len(state.users):,}, newest first (page {page + 1:,} of {pages:,})"


def user_label(user: User) -> str:
    """A person on a button."""
    marks = ("⛔️ " if user.banned else "") + ("💤 " if user.unreachable else "")
    return f"{marks}{name_of(user)} · {user.user_id} · {points(user.balance)}"


def user_card(state: State, user: User) -> str:
    """All about one person."""
    inviter = state.users.get(user.referred_by) if user.referred_by is not None else None
    lines = [
        f"👤 {who(user)}",
        (
            f"Balance: <b>{points(user.balance)}</b>\n"
            f"Ads watched: {user.ads_watched:,} ({user.ads_today:,} on the last day)\n"
            f"Friends: {user.referrals_count:,}\n"
            f"Orders: {len(state.orders_of.get(user.user_id, ())):,}"
        ),
        f"Joined {day_and_time(user.join_date)} UTC"
        + (f", invited by {who(inviter)}" if inviter else ""),
    ]
    if user.banned:
        lines.append("⛔️ Banned")
    if user.unreachable:
        lines.append("💤 Can't be reached: has blocked the bot or is gone")
    return "\n\n".join(lines)


def from_user(user: User) -> str:
    """The line over a message that a person wrote."""
    return f"📨 Message from {who(user)}, {points(user.balance)}:"


def ask_for_answer(user: User) -> str:
    """Before an admin writes to a person."""
    return f"✍️ Write your message to {who(user)} now.\n\n/cancel to stop."


def delivered(user: User) -> str:
    """An answer has arrived."""
    return f"✅ Delivered to {who(user)}."


def not_delivered(user: User, why: str) -> str:
    """An answer could not be delivered."""
    return f"❌ Not delivered to {who(user)}: {escape(why)}."


def adjusted(user: User, amount: int) -> str:
    """An adjustment is in the books."""
    return f"✅ {amount:+,} points for {who(user)}. The balance is {points(user.balance)} now."


def banned(user: User) -> str:
    """A ban, or its end, is in the books."""
    return (
        f"{'⛔️' if user.banned else '✅'} {who(user)} is {'' if user.banned else 'not '}banned now."
    )


def economy(values: Economy) -> str:
    """All settings, with what they mean."""
    rows = [
        f"<code>{name}</code> = <b>{getattr(values, name):,}</b>\n   {escape(bounds.meaning)}"
        for name, bounds in BOUNDS.items()
    ]
    return "⚙️ <b>Economy</b>\n\n" + "\n".join(rows) + f"\n\nTo change one: {SET_EXAMPLE}"


def setting_changed(name: str, value: int) -> str:
    """A setting has its new value."""
    return (
        f"✅ <code>{escape(name)}</code> is {value:,} from now on ({escape(BOUNDS[name].meaning)})."
    )


def not_a_number(name: str, got: str) -> str:
    """A setting's value is no whole number."""
    return f"{escape(name)} takes a whole number, not “{escape(got[:40])}”."


def confirm_broadcast(audience: int) -> str:
    """The last question before a message goes to everybody."""
    people = "1 person" if audience == 1 else f"{audience:,} people"
    return f"Send the message above to <b>{people}</b>?"


def broadcast_progress(broadcast: Broadcast) -> str:
    """How far a broadcast is."""
    done = broadcast.sent + broadcast.unreachable + broadcast.failed
    failed = f", {broadcast.failed:,} failed" if broadcast.failed else ""
    counts = f"{broadcast.sent:,} delivered, {broadcast.unreachable:,} not reachable{failed}"
    if not broadcast.finished:
        percent = 100 * done // max(1, broadcast.audience)
        return (
            f"📣 Sending: {done:,} of {broadcast.audience:,} ({percent} %)\n"
            f"{bar(done, broadcast.audience)}\n{counts}"
        )
    unknown = broadcast.audience - done
    unknown_note = (
        f"\n{unknown:,} are unknown: the bot was restarted while they were being written to, and "
        "nobody is written to twice."
        if unknown
        else ""
    )
    return f"📣 Done: {counts}.{unknown_note}"


def unclear_order(order: Order, user: User) -> str:
    """An order that nobody can be sure of."""
    reason = reason_texts.of_order(order)
    return (
        f"🔎 <b>Unclear order</b> <code>{escape(order.order_id)}</code>\n\n"
        f"{views(order.quantity)} for {escape(order.video_link)}\n"
        f"{points(order.total_cost)}, of {who(user)}\n"
        f"{day_and_time(order.updated_at)} UTC: {escape(reason)}\n\n"
        "It is never sent again by itself. Please look at the provider's page: did it arrive?"
    )


def order_settled(order: Order) -> str:
    """What an unclear order's message becomes."""
    return f"🔎 Order <code>{escape(order.order_id)}</code>: " + (
        "noted as arrived." if order.status is OrderStatus.ACCEPTED else "points given back."
    )


def failure(kind: str) -> str:
    """A handler failed; the log has the details."""
    return f"⚠️ Something failed: <code>{escape(kind)}</code>. The log has the details."


def alert(what: Alert) -> str:
    """Something about the order provider that no event says."""
    return f"⚠️ {escape(reason_texts.of_alert(what))}"
