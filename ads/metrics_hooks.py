"""Metrics hooks of the ads: called with what happens; no-op by default."""

from typing import Literal, TypeAlias

PostbackOutcome: TypeAlias = Literal[
    "paid",
    "unpaid",
    "duplicate",
    "click",
    "expired",
    "foreign",
    "unknown",
    "malformed",
    "banned",
    "frozen",
    "cooldown",
    "cap",
    "wrong_secret",
    "not_stored",
]
"""What became of a network's callback.

- `paid`: the person got their points.
- `unpaid`: the network does not pay for the ad, so nobody gets anything; it may pay later.
- `duplicate`: the ad was paid before.
- `click`: somebody tapped on the ad; only a showing pays.
- `expired`: the session was opened too long ago.
- `foreign`: of another zone, or for another person than the session's.
- `unknown`: it names no session, or none of ours.
- `malformed`: it can't be read.
- `banned`, `frozen`, `cooldown`, `cap`: the ledger refused, for this reason.
- `wrong_secret`: nobody knows who sent it.
- `not_stored`: the ledger could not store it; the network is asked to send it again.
"""
PageOutcome: TypeAlias = Literal["shown", "no_ad", "blocked", "failed", "timeout"]
"""How an ad ended on the page, as the page tells it. Nothing is paid for that."""


class AdHooks:
    """What can be counted. This one counts nothing."""

    def session_started(self, network: str) -> None:
        """Somebody was given a session for an ad of this network."""

    def page_ended(self, network: str, outcome: PageOutcome) -> None:
        """An ad has ended on somebody's page."""

    def postback(self, network: str, outcome: PostbackOutcome) -> None:
        """A network's callback was answered."""
