"""What the next ad of a network does: on the screen, and as postbacks."""

from typing import Literal, NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

LATE_S = 20.0

Screen = Literal[
    "ad",  # a full-screen ad; the promise settles after it
    "no_feed",  # no ad available
    "reject",  # the promise rejects with the text
    "never_settles",  # an ad is shown, and the promise never settles
    "blocked",  # the script answers 404, as with an ad blocker
]


class PostbackPlan(Struct, forbid_unknown_fields=True):
    """A call of the publisher's postback address."""

    when: Literal["start", "before", "after"] = "start"
    """When the ad starts to render; or before or after the promise has settled."""
    delay_s: float = 0
    """This long after that moment; `release` sends it at once."""
    times: int = 1
    """How many copies are sent at the same time."""
    event: str = "impression"
    reward: str = "valued"
    price: str = "0.00352"
    wrong_secret: bool = False
    other_user: bool = False
    unreplaced: list[str] = field(default_factory=list)
    """Macros that the network leaves in the address as they are."""


class Plan(Struct, forbid_unknown_fields=True):
    """The next ad."""

    screen: Screen = "ad"
    times: int | None = 1
    """For how many ads; None until changed."""
    text: str = "Network error"
    """What the promise rejects with."""
    reward: str = "valued"
    """What the promise says of the payment."""
    load_s: float = 0
    """How long the network takes to find an ad."""
    postbacks: list[PostbackPlan] = field(default_factory=lambda: [PostbackPlan()])


class Preset(NamedTuple):
    """A plan with a name, for tests and for the chat page."""

    label: str
    plan: Plan


def _sent(*postbacks: PostbackPlan) -> Plan:
    return Plan(postbacks=list(postbacks))


_UNPAID = PostbackPlan(reward="not_valued")

PRESETS = {
    "paid": Preset("Shown and paid", Plan()),
    "not_valued": Preset(
        "Shown, but not paid (not_valued)", Plan(reward="not_valued", postbacks=[_UNPAID])
    ),
    "no_feed": Preset("No ad now", Plan("no_feed", postbacks=[])),
    "reject": Preset("The ad fails (Network error)", Plan("reject", postbacks=[])),
    "never_settles": Preset(
        "Shown, and the page never hears of it", Plan("never_settles", postbacks=[PostbackPlan()])
    ),
    "blocked": Preset("The script is blocked (404)", Plan("blocked", postbacks=[])),
    "late": Preset("Paid, the postback late", _sent(PostbackPlan(when="after", delay_s=LATE_S))),
    "twice": Preset("Paid, the postback twice", _sent(PostbackPlan(times=2))),
    "before": Preset(
        "Paid, the postback just before the page hears", _sent(PostbackPlan(when="before"))
    ),
    "after": Preset(
        "Paid, the postback just after the page hears", _sent(PostbackPlan(when="after"))
    ),
    "clicked": Preset(
        "Paid and clicked: two postbacks",
        _sent(PostbackPlan(), PostbackPlan(when="before", event="click")),
    ),
    "unpaid_then_paid": Preset(
        "First not paid, then paid", _sent(_UNPAID, PostbackPlan(when="before"))
    ),
    "none": Preset("Shown, and no postback", _sent()),
    "wrong_secret": Preset(
        "A postback with a wrong secret", _sent(PostbackPlan(wrong_secret=True))
    ),
    "other_user": Preset("A postback for somebody else", _sent(PostbackPlan(other_user=True))),
    "macros": Preset(
        "A postback with macros not replaced",
        _sent(PostbackPlan(unreplaced=["reward_event_type", "estimated_price", "request_var"])),
    ),
}


class Step(Struct, forbid_unknown_fields=True):
    """One step of a script: a preset with changes, or a whole plan."""

    preset: str = "paid"
    times: int | None = 1
    delay_s: float | None = None
    """For all its postbacks."""
    text: str = ""
    plan: Plan | None = None


def plan_of(step: Step) -> Plan:
    """The plan that a step asks for. Raises KeyError for a name that is no preset."""
    if step.plan is not None:
        return step.plan
    plan = PRESETS[step.preset].plan
    late = step.delay_s
    postbacks = [
        replace(one, delay_s=one.delay_s if late is None else late) for one in plan.postbacks
    ]
    return replace(plan, times=step.times, text=step.text or plan.text, postbacks=postbacks)
