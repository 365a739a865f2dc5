"""Planned and random faults of the panel: which requests go wrong, how, and how often."""

from collections.abc import Mapping
from random import Random
from typing import Literal, TypeVar, get_args

from msgspec import Struct, field

from sandbox.faults import SLOW_MAX_S

Action = Literal["services", "add", "status", "balance", "refill", "refill_status", "cancel"]
T = TypeVar("T", bound=str)
ACTIONS: tuple[str, ...] = get_args(Action)

PanelFaultKind = Literal[
    "ok",  # no fault: lets requests pass before the next step of the script
    "error",  # 200 with {"error": text}
    "status",  # the given status with {"error": text}
    "body",  # the given status with the text as it is; {order} and {link} are filled in
    "html",  # 200 with a page
    "empty",  # 200 with nothing
    "bare_string",  # 200 with the text as a JSON string
    "redirect",  # 302
    "half_json",  # acts, then answers with the first half of the JSON
    "cut_body",  # acts, then breaks off in the middle of the body
    "slow",  # acts, then holds back the answer
    "wake",  # sleeps first, and all requests with it; then acts
    "break_after",  # acts, then breaks off the connection
    "break_before",  # breaks off without acting
    "wrong_id",  # acts, but names (add) or shows (status) another order
    "half_batch",  # multi-status: only the first half of the orders asked for
    "bad_id",  # multi-status: the first one has an error instead of a status
    "wrong_row",  # multi-status: an unknown id, or else the last one, shows the row before it
    "unknown_word",  # the text in place of every status word
]

WRONG_BEFORE_ACTING = frozenset(
    {"error", "status", "body", "html", "empty", "bare_string", "redirect", "break_before"}
)

USUAL_TEXT: dict[str, str] = {
    "error": "neworder.error.not_enough_funds",
    "status": "Internal Server Error",
    "bare_string": "error",
    "unknown_word": "Awaiting moderation",
}


BATCH_ONLY = frozenset({"half_batch", "bad_id", "wrong_row"})


def applies(kind: PanelFaultKind, action: str, *, is_batch: bool) -> bool:
    """Whether a kind can show in such a request; `is_batch`: it names several orders."""
    if kind in BATCH_ONLY:
        return action == "status" and is_batch
    if kind == "wrong_id":
        return action == "add" or (action == "status" and not is_batch)
    return kind != "unknown_word" or action == "status"


class PanelFault(Struct, forbid_unknown_fields=True):
    """One step of the script."""

    kind: PanelFaultKind
    action: Action | Literal["*"] = "*"
    """The requests that it is for."""
    times: int | None = 1
    """For how many requests; None until changed."""
    status: int = 500
    text: str = ""
    """Empty: one that fits the kind."""
    takes_order: bool = False
    """For a fault that is no act: the request takes effect anyway."""
    retry_after_s: int = 0
    delay_s: float = SLOW_MAX_S
    """How long `slow` and `wake` last, unless they are released."""
    hits: int = 0

    @property
    def words(self) -> str:
        """The text, or the one that fits the kind."""
        return self.text or USUAL_TEXT.get(self.kind, "")

    @property
    def acts(self) -> bool:
        """Whether the request takes effect."""
        return self.takes_order or self.kind not in WRONG_BEFORE_ACTING

    def fits(self, action: str, *, is_batch: bool) -> bool:
        """Whether it is still due, and for such a request."""
        is_due = self.times is None or self.hits < self.times
        is_meant = self.action in {"*", action}
        return is_due and is_meant and applies(self.kind, action, is_batch=is_batch)


class Chaos(Struct, forbid_unknown_fields=True):
    """Faults by chance. They depend on the seed, the action and the request's number in it."""

    seed: int = 1
    odds: dict[PanelFaultKind, float] = field(default_factory=dict)
    """Probability of each kind, 0 to 1; what is left to 1 is an answer without a fault."""
    actions: list[Action] = field(default_factory=lambda: ["add", "status"])
    ends: dict[str, float] = field(default_factory=dict)
    """Probability of each end of an order, by its name; the rest is as planned."""
    text: str = ""
    """Of `error`; empty: the usual one."""
    delay_s: float = 1
    """How long `slow` and `wake` last."""

    def fault(self, number: int, action: str, *, is_batch: bool = False) -> PanelFault | None:
        """The fault of an action's request with this number, if chance wants one that applies."""
        if action not in self.actions:
            return None
        chance = Random(f"{self.seed}:{action}:{number}")
        kind = drawn(self.odds, chance)
        if kind is None or not applies(kind, action, is_batch=is_batch):
            return None
        # Nobody outside can tell whether a request that went wrong took effect. A clear refusal
        # never does: a panel that takes an order and refuses it has no fair treatment.
        takes = kind != "error" and chance.random() < HALF
        is_limit = kind == "status" and not takes and chance.random() < HALF
        status, retry_after_s = (429, 1) if is_limit else (500, 0)
        return PanelFault(
            kind,
            status=status,
            text=self.text if kind == "error" else "",
            takes_order=takes,
            retry_after_s=retry_after_s,
            delay_s=self.delay_s,
        )

    def end(self, number: int) -> str | None:
        """The name of an order's end, if chance wants one."""
        return drawn(self.ends, Random(f"{self.seed}:end:{number}"))


HALF = 0.5


def drawn(odds: Mapping[T, float], chance: Random) -> T | None:
    """One of the kinds by their probabilities, or none."""
    point = chance.random()
    for kind, share in odds.items():
        if point < share:
            return kind
        point -= share
    return None
