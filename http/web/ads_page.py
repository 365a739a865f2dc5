"""The Mini App page that `GET /ads` serves: its texts and figures in the reader's language.

The page is the same for everybody: who the reader is, it learns from Telegram and asks for with
`static/ads*.js`. A counted text (`1 point`, `2 points`) is chosen in the browser, so the page
brings its forms along.
"""

from collections.abc import Callable
from typing import NamedTuple

import msgspec
from babel import Locale

from i18n import Html, Translator
from i18n.words import COUNTED, points, units
from web.language import Reader
from web.pages import FILES, render

TELEGRAM_SCRIPT_URL = "https://telegram.org/js/telegram-web-app.js"

_SAMPLES = 200
"""Every plural form of CLDR for whole numbers has one below this."""

_MODULES = sorted(name for name in FILES if name.startswith("ads-") and name.endswith(".js"))
"""What `ads.js` imports; the browser fetches all of it at once."""

_STYLE = Html(FILES["ads.css"].read_text(encoding="utf-8"))
"""Within the page: the first paint waits for nothing but the page."""

_SLOT = '<span data-slot="{}">…</span>'


class AdsPageConfig(NamedTuple):
    """What the page is told by the server before it knows its reader."""

    bot_username: str
    """For links to the bot; empty if it is not known yet."""
    networks: tuple[str, ...]
    """The ad networks, in the order in which they are tried."""
    nonce: str = ""
    """Of the page's Content-Security-Policy, for its own scripts."""
    telegram_script_url: str = TELEGRAM_SCRIPT_URL


def render_ads_page(reader: Reader, config: AdsPageConfig) -> str:
    """The page in the reader's language."""
    return render(
        "ads.html",
        reader,
        config=config,
        slot=_slot,
        words=_words(reader.t),
        modules=_MODULES,
        style=_STYLE,
    )


def _slot(name: str) -> Html:
    """A gap in a text that the script fills."""
    return Html(_SLOT.format(name))


def _words(t: Translator) -> str:
    """The forms of the counted texts, as JSON."""
    words = {name: _forms(t, text) for name, text in _COUNTED.items()}
    return msgspec.json.encode(words).decode()


def _forms(t: Translator, text: Callable[[Translator, int], Html]) -> dict[str, str]:
    """A counted text in each plural form, with `{n}` for the number."""
    return {
        form: text(t, sample).text.replace(t.number(sample).text, "{n}")
        for form, sample in _samples(t).items()
    }


def _samples(t: Translator) -> dict[str, int]:
    """A number for each plural form, by the names that browsers use too (CLDR)."""
    form_of = Locale.parse(t.language.locale).plural_form
    samples: dict[str, int] = {}
    for number in range(_SAMPLES):
        samples.setdefault(form_of(number), number)
    return samples


def _hours(t: Translator, n: int) -> Html:
    return t.plural("{n} hour", "{n} hours", n)


def _minutes(t: Translator, n: int) -> Html:
    return t.plural("{n} minute", "{n} minutes", n)


def _seconds(t: Translator, n: int) -> Html:
    return t.plural("{n} second", "{n} seconds", n)


_COUNTED: dict[str, Callable[[Translator, int], Html]] = {
    "points": points,
    **COUNTED,
    "units": units,
    "hours": _hours,
    "minutes": _minutes,
    "seconds": _seconds,
}
