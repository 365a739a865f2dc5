"""Owns the pages for people: figures and messages, put into the templates.

Every value is escaped on its way in, unless it is `Html`, which only this module makes.
"""

import html
from pathlib import Path
from string import Template

from ledger.order_status import OrderStatus
from web import texts
from web.status import Status

ROOM = Path(__file__).parent
FILES = {path.name: path for path in (ROOM / "static").iterdir()}
"""What may be had under `/static/`, by name."""


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def _template(name: str) -> Template:
    return Template((ROOM / "templates" / name).read_text(encoding="utf-8"))


_FRAME = _template("frame.html")
_STATUS = _template("status.html")
_STAGE = _template("stage.html")
_MESSAGE = _template("message.html")


def show_status(status: Status, bot_username: str) -> str:
    """The figures as a page."""
    last = status.last_event
    main = _fill(
        _STATUS,
        run=f"{status.version} {status.started_at}",
        mode_note=status.mode_note,
        mode_note_hidden=_hidden(not status.mode_note),
        problems=Html("".join(f"<li>{html.escape(each)}</li>" for each in status.problems)),
        problems_hidden=_hidden(not status.problems),
        right_hidden=_hidden(not status.postings_sum_to_zero),
        wrong_hidden=_hidden(status.postings_sum_to_zero),
        bot_link=f"https://t.me/{bot_username}",
        bot_hidden=_hidden(not bot_username),
        users=texts.number(status.users),
        users_hidden=_hidden(not status.users),
        no_users_hidden=_hidden(bool(status.users)),
        users_banned=texts.number(status.users_banned),
        users_unreachable=texts.number(status.users_unreachable),
        users_points=texts.number(status.users_points),
        reserved_points=texts.number(status.reserved_points),
        house_points=texts.number(status.house_points),
        postings_sum_points=texts.number(status.postings_sum_points),
        orders_total=texts.number(status.orders_total),
        no_orders_hidden=_hidden(bool(status.orders_total)),
        stages_hidden=_hidden(not status.orders_total),
        stages=Html("".join(_stage(status, stage) for stage in status.orders)),
        last_seq=texts.number(last.seq),
        last_at=last.at,
        last_age_s=str(last.age_s),
        last_ago=texts.ago(last.age_s),
        last_hash=last.hash,
        last_hash_short=texts.short_hash(last.hash),
        version=status.version,
        started_at=status.started_at,
        started_words=texts.moment(status.started_at),
    )
    return _fill(_FRAME, title="Viewbank: the open book", main=main)


def show_message(title: str, sentence: str) -> str:
    """A page that only says something: an error, mostly."""
    return _fill(_FRAME, title=title, main=_fill(_MESSAGE, title=title, sentence=sentence))


def _stage(status: Status, stage: OrderStatus) -> str:
    count = status.orders[stage]
    return _fill(
        _STAGE,
        stage=stage,
        name=texts.ORDER_STAGES.get(stage, stage.capitalize()),
        count=texts.number(count),
        share=f"{100 * count / max(1, status.orders_total):.1f}",
        hidden=_hidden(not count),
    )


def _hidden(hidden: bool) -> Html:
    return Html(" hidden" if hidden else "")


def _fill(template: Template, **values: str) -> Html:
    safe = {
        name: value if isinstance(value, Html) else html.escape(value)
        for name, value in values.items()
    }
    return Html(template.substitute(safe))
