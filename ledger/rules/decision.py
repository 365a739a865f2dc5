"""The type of a decision: what every rule returns."""

from typing import TypeAlias

from ledger import events as e
from ledger import refusals as r

Decision: TypeAlias = tuple[e.AnyEvent, ...] | r.AnyRefusal
"""The events of a command that is carried out, or the refusal of one that is not."""
