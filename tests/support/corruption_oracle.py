"""What must hold when a data folder is read, whatever bytes are in it; for tests and the fuzzer."""

from pathlib import Path

from ledger.audit.verify import Report, verify
from ledger.store.reader import BadLog
from ledger.store.recovery import Recovered, recover
from support.reference_model import recount


def check_reading(folder: Path) -> tuple[Recovered | None, Report]:
    """Read the folder as a start does (None: an error with a place), and verify it.

    Raises:
        AssertionError: it is neither an error with the right place, nor the balances that the text
            of the log adds up to. Any other exception is just as wrong.
    """
    log = (folder / "events.jsonl").read_bytes()
    report = verify(folder)
    try:
        found = recover(folder)
    except BadLog as error:
        assert_place(error, log)
        assert not report.holds, report
        return None, report
    assert_adds_up(found, log)
    return found, report


def assert_place(bad: BadLog, log: bytes) -> None:
    """Assert that the error names a line, and the byte where it begins."""
    lines = log.split(b"\n")
    assert 1 <= bad.line_number <= len(lines)
    assert bad.offset_bytes == sum(len(line) + 1 for line in lines[: bad.line_number - 1])


def assert_adds_up(found: Recovered, log: bytes) -> None:
    """Assert that the balances are those in the log's text, and that the ledger's sums hold."""
    state = found.state
    balances = {f"user:{user.user_id}": user.balance for user in state.users.values()}
    balances |= {f"order:{order.order_id}": order.reserve_points for order in state.orders.values()}
    whole_bytes = len(log) - found.torn_bytes
    counted = recount(log[:whole_bytes])
    assert {account: points for account, points in balances.items() if points} == counted
    assert min([0, *balances.values()]) == 0
    assert sum(balances.values()) + sum(state.accounts.values()) == 0
    assert log[:whole_bytes].count(b"\n") == found.head.seq
    assert log[:whole_bytes].endswith(b"\n") or not whole_bytes
