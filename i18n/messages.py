"""Messages that are marked in one place and translated in another.

A constant is made at import, when there is no reader yet. `N_` marks its text for the catalogs,
and the type checker doesn't let it pass for a `str`: `t(WATCH_ADS)` translates it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """A marked English text, with the context that tells it from an equal one."""

    source: str
    context: str = ""


def N_(source: str) -> Message:  # noqa: N802 - gettext's own name for a lazy marker
    """A text to be translated later, for instance the label of a button."""
    return Message(source)


def N_ctx(context: str, source: str) -> Message:  # noqa: N802 - as N_
    """As `N_`, for an English text whose meaning depends on the context."""
    return Message(source, context)
