"""The pages for people, made from the templates in the reader's language.

Jinja2 escapes every value, unless it is `Html` from a `Translator`.
"""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from i18n.languages import LANGUAGES
from web import texts
from web.language import Reader
from web.status import Status

ROOM = Path(__file__).parent
FILES = {path.name: path for path in (ROOM / "static").iterdir()}
"""What is served under `/static/`, by name."""
FINGERPRINTS = {name: sha256(path.read_bytes()).hexdigest()[:16] for name, path in FILES.items()}
"""Of their content: an address with the right one can be kept for ever."""

_TEMPLATES = Environment(
    loader=FileSystemLoader(ROOM / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    auto_reload=False,
    trim_blocks=True,
    lstrip_blocks=True,
)


class Stage(NamedTuple):
    """The orders of one status, as a bar."""

    status: str
    name: str
    orders: int
    percent: str


def status_page(reader: Reader, status: Status, bot_username: str) -> str:
    """The figures as a page. `bot_username` is empty if the page leads to no bot."""
    t = reader.t
    return render(
        "status.html",
        reader,
        status=status,
        bot_username=bot_username,
        stages=list(_stages(reader, status)),
        ago=texts.ago(t, status.last_event.age_s),
        now=texts.ago(t, 0),
        hash_ends=texts.hash_ends(status.last_event.hash),
        started_at=t.day_and_time(datetime.fromisoformat(status.started_at)),
    )


def static(name: str) -> str:
    """The address of one of `FILES`."""
    return f"/static/{name}?v={FINGERPRINTS[name]}"


def message_page(reader: Reader, title: str, sentence: str) -> str:
    """A page with one sentence, for errors."""
    return render("message.html", reader, title=title, sentence=sentence)


def render(template: str, reader: Reader, **values: object) -> str:
    """A template with its values and what every template needs."""
    t = reader.t
    return _TEMPLATES.get_template(template).render(
        t=t,
        static=static,
        plural=t.plural,
        number=t.number,
        language=t.language,
        languages=LANGUAGES,
        home=f"/?lang={t.language.tag}" if reader.chosen else "/",
        **values,
    )


def _stages(reader: Reader, status: Status) -> Iterator[Stage]:
    """Every status that orders have now."""
    for name, count in status.orders.items():
        if count:
            percent = f"{100 * count / max(1, status.orders_total):.1f}"
            yield Stage(name, texts.order_stage(reader.t, name), count, percent)
