"""The system's limit on open files, of which every connection is one."""

import resource

WEB_SHARE = 3
"""The web server gets one in so many; calls to Telegram, the log and processes need the rest."""


def raise_limit() -> None:
    """Allow this process as many open files as it may have without being root."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == hard:
        return
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    except (OSError, ValueError):
        # macOS says "unlimited" and takes less. The usual limit is enough for most.
        return


def limit() -> int | None:
    """How many open files this process may have; None if there is no limit."""
    soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return None if soft == resource.RLIM_INFINITY else soft


def web_connections(at_most: int) -> int:
    """How many connections the web server may have, so that it leaves files for the others."""
    files = limit()
    return at_most if files is None else min(at_most, max(1, files // WEB_SHARE))
