"""What all commands have."""

import msgspec


class Command(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    tag_field="type",
    forbid_unknown_fields=True,
    omit_defaults=True,
    gc=False,
):
    """A request. `by` says whose it is, as in the log: `user:42`, `admin:7`, `system` ..."""

    by: str
