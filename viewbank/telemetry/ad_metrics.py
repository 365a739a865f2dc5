"""Metrics of the ads: sessions, how ads ended on the page, and what the networks confirmed."""

from typing import get_args

from prometheus_client import Counter

from ads.metrics_hooks import AdHooks, PageOutcome, PostbackOutcome
from ads.networks.table import NETWORKS
from viewbank.telemetry.registry import Children, Registry

_NAMES = tuple(row.name for row in NETWORKS)


class AdMetrics(AdHooks):
    """Counts, by network."""

    def __init__(self, registry: Registry) -> None:
        """All at zero."""
        sessions = Counter(
            "viewbank_ad_sessions_total",
            "Ads that somebody was given a session for.",
            ("network",),
            registry=registry,
        )
        self._sessions = Children(sessions, _NAMES)
        self._sessions.begin_at_zero()
        ends = Counter(
            "viewbank_ad_page_outcomes_total",
            "Ads that ended on the page, as the page says; nothing is paid for that.",
            ("network", "outcome"),
            registry=registry,
        )
        self._ends = Children(ends, _NAMES, get_args(PageOutcome))
        self._ends.begin_at_zero()
        postbacks = Counter(
            "viewbank_postbacks_total",
            "Confirmations of the ad networks, by what became of them.",
            ("network", "outcome"),
            registry=registry,
        )
        self._postbacks = Children(postbacks, _NAMES, get_args(PostbackOutcome))
        self._postbacks.begin_at_zero()

    def session_started(self, network: str) -> None:
        """One more."""
        self._sessions.of(network).inc()

    def page_ended(self, network: str, outcome: PageOutcome) -> None:
        """One more."""
        self._ends.of(network, outcome).inc()

    def postback(self, network: str, outcome: PostbackOutcome) -> None:
        """One more."""
        self._postbacks.of(network, outcome).inc()
