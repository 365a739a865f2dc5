"""One simulated ad network: its settings, its plan, the ads it showed, the postbacks it sent."""

from collections.abc import Callable
from urllib.parse import urlsplit

from msgspec import Struct, field

from sandbox.faults import Gate
from sandbox.feed import Pulse
from sandbox.networks.plans import Plan

ADS_KEPT = 20_000


class WrongNetworkConfigError(Exception):
    """What the network's dashboard does not accept."""


class NetworkConfig(Struct, forbid_unknown_fields=True):
    """What a publisher sets in the network's dashboard."""

    postback_url: str = ""
    """With macros; empty: no postbacks."""
    zone: str = ""
    """The zone or block that exists; empty: any."""
    countdown_s: float = 3
    """How long an ad runs before it can be closed."""
    repeats: int = 0
    """How often a postback that was not answered with 200 is sent again."""

    def check(self) -> None:
        """Raise WrongNetworkConfigError for an address that can't be called."""
        parts = urlsplit(self.postback_url)
        if self.postback_url and (parts.scheme not in {"http", "https"} or not parts.netloc):
            raise WrongNetworkConfigError(
                f"the postback address is {self.postback_url!r}; it takes an http:// or https:// "
                "address, with macros"
            )


class NewAd(Struct):
    """What the network's script sends when the page asks for an ad."""

    zone: str = ""
    ymid: str = ""
    request_var: str = ""
    telegram_id: str = ""
    format: str = "interstitial"
    debug: bool = False


class Ad(Struct):
    """One request for an ad, and what became of it."""

    number: int
    asked: NewAd
    plan: Plan
    at: float
    closed: bool = False
    finished: bool = False
    """Watched to the end."""
    settled: bool = False


class SentPostback(Struct):
    """One postback, with the publisher's answer."""

    number: int
    ad: int
    url: str
    at: float
    status: int
    """0: nobody answered."""
    text: str = ""


class AdNetwork:
    """The state of one network."""

    def __init__(self, name: str, clock: Callable[[], float]) -> None:
        self.name = name
        self.clock = clock
        self.config = NetworkConfig()
        self.script: list[Plan] = []
        self.ads: dict[int, Ad] = {}
        self.ads_started = 0
        self.postbacks: list[SentPostback] = []
        self.pulse = Pulse()
        self.gate = Gate()

    def close(self) -> None:
        """End all waiting."""
        self.pulse.close()
        self.gate.pulse.close()

    def calm(self) -> int:
        """Show and pay normally again; send late postbacks at once and return how many."""
        self.script = []
        return self.gate.release()

    def script_is_blocked(self) -> bool:
        """Whether this request for the script fails; counted as one use of the plan."""
        if not self.script or self.script[0].screen != "blocked":
            return False
        self._use(self.script[0])
        return True

    def preload(self, asked: NewAd) -> Plan:
        """What the next ad would be; without an ad, the page asks no further: that plan is done."""
        plan = self._next_plan(asked)
        if plan.screen in {"no_feed", "reject"}:
            self._use(plan)
        return plan

    def start(self, asked: NewAd) -> Ad:
        """Show the next ad, as planned."""
        plan = self._next_plan(asked)
        self._use(plan)
        self.ads_started += 1
        ad = Ad(self.ads_started, asked, plan, self.clock())
        self.ads[ad.number] = ad
        if len(self.ads) > ADS_KEPT:
            del self.ads[next(iter(self.ads))]
        self.pulse.beat()
        return ad

    def sent(self, ad: Ad, url: str, status: int, text: str) -> None:
        """Record a postback and its answer."""
        number = self.postbacks[-1].number + 1 if self.postbacks else 1
        self.postbacks.append(SentPostback(number, ad.number, url, self.clock(), status, text))
        del self.postbacks[:-ADS_KEPT]
        self.pulse.beat()

    def _next_plan(self, asked: NewAd) -> Plan:
        if self.config.zone and asked.zone != self.config.zone:
            return Plan("reject", text="Zone misconfigured", postbacks=[])
        return next((one for one in self.script if one.screen != "blocked"), Plan())

    def _use(self, plan: Plan) -> None:
        if plan.times is None:
            return
        plan.times -= 1
        if plan.times <= 0:
            self.script = [one for one in self.script if one is not plan]


class Networks(Struct):
    """All networks of the sandbox."""

    by_name: dict[str, AdNetwork] = field(default_factory=dict)

    @classmethod
    def make(cls, clock: Callable[[], float]) -> "Networks":
        """Monetag and AdsGram."""
        return cls({name: AdNetwork(name, clock) for name in ("monetag", "adsgram")})

    @property
    def monetag(self) -> AdNetwork:
        """The network with sessions and postbacks for impressions and clicks."""
        return self.by_name["monetag"]

    @property
    def adsgram(self) -> AdNetwork:
        """The network whose reward address knows the person only."""
        return self.by_name["adsgram"]

    def close(self) -> None:
        """End all waiting."""
        for network in self.by_name.values():
            network.close()
