"""`Translator`: every text, number and date in one language, as HTML.

A reply never fails because of a text. Whatever is wrong with a translation was found when the
catalog was read, and the English text took its place. What is wrong with a call (an argument too
few or too many) is logged and shown as `{name}`; a strict translator raises it, for tests.
"""

import logging
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache, partial
from gettext import NullTranslations

from i18n import formats
from i18n.languages import SOURCE, Language
from i18n.markup import Html, escape
from i18n.messages import Message
from i18n.template import CACHED_MAX, Template, TemplateError, literally, parse

_MINUTE_S = 60
_HOUR_S = 3600

_log = logging.getLogger(__name__)


class Translator:
    """Texts in one language. Made once at start, shared by all readers of the language."""

    def __init__(
        self,
        language: Language = SOURCE,
        translations: NullTranslations | None = None,
        *,
        strict: bool = False,
    ) -> None:
        self.language = language
        self._translations = translations or NullTranslations()
        self._strict = strict
        self._number = partial(formats.number, language.locale)
        self._template = lru_cache(CACHED_MAX)(self._look_up)

    def __call__(self, source: str | Message, /, **arguments: str | int) -> Html:
        """A text in this language.

        Args:
            source: the English text, a literal where it stands or a constant marked with `N_`.
            **arguments: one for each `{name}` in it. A `str` is escaped unless it is `Html`. An
                `int` is written as a number with digit groups: pass an id as `str`.
        """
        if isinstance(source, Message):
            return self._filled(self._template(source.source, source.context), arguments)
        return self._filled(self._template(source), arguments)

    def ctx(self, context: str, source: str, /, **arguments: str | int) -> Html:
        """As a call, for an English text whose meaning depends on the context."""
        return self._filled(self._template(source, context), arguments)

    def message(self, message: Message, /, **arguments: str | int) -> Html:
        """As a call, for a marked text out of a variable, where the checker sees that it is one."""
        return self(message, **arguments)

    def plural(self, one: str, many: str, n: int, /, **arguments: str | int) -> Html:
        """A text that depends on a number: `t.plural("{n} point", "{n} points", n)`.

        Args:
            one: the English singular. It must have `{n}` too: other languages use their first
                form for 21 as well.
            many: the English plural.
            n: the number; a negative one has the form of its absolute value.
            **arguments: as for a call, besides `n`.
        """
        found = self._translations.ngettext(one, many, abs(n))
        return self._filled(self._parsed(found), {"n": n, **arguments})

    def number(self, value: int) -> Html:
        """`1,234`; a negative one has a real minus sign."""
        return Html(self._number(value))

    def signed(self, value: int) -> Html:
        """A change: `+1,234`, or with a minus sign, or `0`."""
        return Html("+") + self.number(value) if value > 0 else self.number(value)

    def usd(self, microusd: int) -> Html:
        """Millionths of a US dollar as dollars: `$12.35`."""
        return Html(escape(formats.usd(self.language.locale, microusd)))

    def money(self, micro: int, currency: str) -> Html:
        """Millionths of a currency, exactly: `$12.40`, `$0.0045`."""
        return Html(escape(formats.money(self.language.locale, micro, currency)))

    def day(self, value: date) -> Html:
        """`22 Nov 2026`."""
        return Html(formats.day(self.language.locale, value))

    def day_and_time(self, value: datetime) -> Html:
        """`22 Nov 2026, 16:20`, in the time zone that the value is in."""
        return Html(formats.day_and_time(self.language.locale, value))

    def all_of(self, items: Iterable[str]) -> Html:
        """`a, b and c`."""
        return Html(formats.all_of(self.language.locale, tuple(escape(item) for item in items)))

    def any_of(self, items: Iterable[str]) -> Html:
        """`a, b or c`."""
        return Html(formats.any_of(self.language.locale, tuple(escape(item) for item in items)))

    def duration(self, seconds: int) -> Html:
        """`45 seconds`, `2 minutes and 1 second`, `3 hours and 5 minutes`; rounded up."""
        if seconds < 2 * _MINUTE_S:
            return self._seconds(seconds)
        if seconds < _HOUR_S:
            minutes, rest = divmod(seconds, _MINUTE_S)
            parts = [self._minutes(minutes), self._seconds(rest)]
        else:
            hours, rest = divmod(-(-seconds // _MINUTE_S), 60)
            parts = [
                self.plural("{n} hour", "{n} hours", hours),
                self._minutes(rest),
            ]
        return self.all_of(parts if rest else parts[:1])

    def _minutes(self, n: int) -> Html:
        return self.plural("{n} minute", "{n} minutes", n)

    def _seconds(self, n: int) -> Html:
        return self.plural("{n} second", "{n} seconds", n)

    def _look_up(self, source: str, context: str = "") -> Template:
        if not source:
            return parse("")  # gettext would answer with the catalog's header
        if context:
            return self._parsed(self._translations.pgettext(context, source))
        return self._parsed(self._translations.gettext(source))

    def _parsed(self, text: str) -> Template:
        try:
            return parse(text)
        except TemplateError as error:
            self._report(error)
            return literally(text)

    def _filled(self, template: Template, arguments: Mapping[str, str | int]) -> Html:
        if not arguments and not template.gaps:
            return template.whole
        if arguments.keys() != template.names:
            arguments = self._mended(template, arguments)
        return template.filled(arguments, self._number)

    def _mended(
        self, template: Template, arguments: Mapping[str, str | int]
    ) -> Mapping[str, str | int]:
        """The arguments that the template has; a missing one shows its own name."""
        names = template.names
        self._report(
            TemplateError(f"{template.source!r} takes {sorted(names)}, not {sorted(arguments)}")
        )
        return {name: arguments.get(name, f"{{{name}}}") for name in names}

    def _report(self, error: TemplateError) -> None:
        if self._strict:
            raise error
        _log.error("A text is used wrongly: %s", error)
