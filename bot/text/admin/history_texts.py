"""A person's history, as admins read it."""

from bot.text.admin.admin_texts import who
from bot.text.event_texts import actor, describe
from bot.text.formats import day_and_time, points
from i18n import N_, Html, Translator
from ledger.history import HistoryLine
from ledger.ranges import Until, is_today
from ledger.state import User

NO_HISTORY = N_("There is nothing older.")
NO_TIME = N_("I can't read this as a time, nor as the number of a line.")
USE_HISTORY = N_(
    "Use it like this: <code>/history 42</code> or <code>/history @name</code>, and for an earlier "
    "time <code>/history 42 at 2026-11-22</code> or <code>/history 42 at 2026-11-22 16:00</code> "
    "(UTC)"
)


def title(t: Translator, user: User) -> Html:
    """Above a page of somebody's history."""
    return t(
        "🧾 {who}\nBalance now: <b>{balance}</b> (times in UTC)",
        who=who(t, user),
        balance=points(t, user.balance),
    )


def title_at(t: Translator, user: User, until: Until, balance_points: int) -> Html:
    """Above somebody's history as of a line or a moment."""
    person, balance = who(t, user), points(t, balance_points)
    if isinstance(until, int):
        return t(
            "🧾 {who}\nBalance at line {line}: <b>{balance}</b> (times in UTC)",
            who=person,
            line=until,
            balance=balance,
        )
    return t(
        "🧾 {who}\nBalance at {time} UTC: <b>{balance}</b> (times in UTC)",
        who=person,
        time=day_and_time(t, until),
        balance=balance,
    )


def title_ahead(t: Translator, user: User, until: Until, now: str, last_line: int) -> Html:
    """Above somebody's history as of a line or a moment that is still to come."""
    person, balance = who(t, user), points(t, user.balance)
    if is_today(until, now):
        return t(
            "🧾 {who}\nBalance so far today: <b>{balance}</b> (times in UTC)",
            who=person,
            balance=balance,
        )
    if isinstance(until, int):
        return t(
            "🧾 {who}\nThere is no line {line} yet: the last one is {last_line}. "
            "Balance now: <b>{balance}</b> (times in UTC)",
            who=person,
            line=until,
            last_line=last_line,
            balance=balance,
        )
    return t(
        "🧾 {who}\n{time} UTC is still to come. Balance now: <b>{balance}</b> (times in UTC)",
        who=person,
        time=day_and_time(t, until),
        balance=balance,
    )


def nothing_until(t: Translator, user: User, until: Until) -> Html:
    """Nothing had happened with a person by a line or a moment."""
    person = who(t, user)
    if isinstance(until, int):
        return t("🧾 {who}\nNothing had happened by line {line}.", who=person, line=until)
    time = day_and_time(t, until)
    return t("🧾 {who}\nNothing had happened by {time} UTC.", who=person, time=time)


def history_line(t: Translator, line: HistoryLine) -> Html:
    """One event: its number, time and actor, what happened, and the balance after it."""
    head = Html(" · ").join(
        [
            Html(f"#{line.event.seq}"),
            day_and_time(t, line.event.at),
            actor(t, line.event.by),
        ]
    )
    what = describe(t, line.event)
    if line.change_points:
        what = Html("<b>") + t.signed(line.change_points) + Html("</b> · ") + what
    return Html("\n").join([head, what, t("balance {balance}", balance=line.balance_points)])
