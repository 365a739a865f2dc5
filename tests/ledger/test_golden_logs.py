"""Old files: every version reads those of earlier ones, and leaves those of later ones unchanged.

The golden folders are in `tests/golden`, one for each format, with a README.
"""

import asyncio
import importlib.util
import json
import shutil
from collections import defaultdict
from hashlib import sha256
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from ledger import events as e
from ledger.audit.verify import verify
from ledger.ledger import Ledger
from ledger.reason_codes import MismatchCode, OrderRequest, PauseReason, ReasonCode
from ledger.store.file_log import FileLog
from ledger.store.reader import BadLog, LogReader
from ledger.store.rebuild import rebuild
from ledger.store.record import ZERO_HASH, seal
from ledger.store.recovery import recover
from ledger.store.snapshot import refresh
from ledger.store.user_data import USER_DATA_FORMAT

GOLDEN = Path(__file__).parents[1] / "golden"
FOLDERS = sorted(path for path in GOLDEN.iterdir() if path.name.startswith("format-"))


def maker():
    spec = importlib.util.spec_from_file_location("golden_make", GOLDEN / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


balances, statuses = maker().balances, maker().statuses


def files_of(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def expected_of(folder):
    """What the log must be read to.

    The only difference to what older versions noted: they left the points of accepted orders
    reserved for ever. Today an acceptance that is the end of its order spends them, in lines of
    those versions too.
    """
    expected = json.loads((folder / "balances.json").read_bytes())
    points = expected["balances"]
    if "house:orders" not in points:
        accepted = [one for one, status in expected["status"].items() if status == "accepted"]
        points["house:orders"] = sum(points[f"order:{one}"] for one in accepted)
        points |= {f"order:{one}": 0 for one in accepted}
    return expected


def events_of_all():
    for folder in FOLDERS:
        yield from LogReader(FileLog(folder / "events.jsonl")).events()


def written_by_an_earlier_version(folder):
    return json.loads((folder / "user_data.json").read_bytes())["format"] < USER_DATA_FORMAT


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.name)
def golden(request, tmp_path):
    return shutil.copytree(request.param, tmp_path / "data")


def test_there_is_a_golden_log_of_every_format_with_every_event_in_it():
    formats = {int(folder.name.split("-")[1]) for folder in FOLDERS}
    assert formats == set(range(1, e.LOG_FORMAT + 1))
    kinds = {type(event) for event in events_of_all()}
    assert kinds == set(get_args(e.AnyEvent))


def test_there_is_a_golden_line_with_every_reason_code():
    codes = {getattr(event, "reason_code", None) for event in events_of_all()}
    assert codes - {None} == set(ReasonCode)


def test_there_is_a_golden_line_with_every_other_code():
    events = list(events_of_all())
    offers = [event for event in events if isinstance(event, e.OfferChanged)]
    requests = [event for event in events if isinstance(event, e.OrderRequestMade)]
    compared = [event for event in events if isinstance(event, e.OrdersReconciled)]
    assert {offer.paused_because for offer in offers} == {None, *PauseReason}
    assert {request.what for request in requests} == set(OrderRequest)
    assert {one.code for event in compared for one in event.mismatches} == set(MismatchCode)


def test_there_is_a_golden_line_with_every_field_of_the_events_of_orders_and_offers():
    """A field that no golden line has can be renamed without a test that fails."""
    found = defaultdict(set)
    for folder in FOLDERS:
        for line in (folder / "events.jsonl").read_bytes().splitlines():
            event = json.loads(line)
            found[event["type"]] |= event.keys()
    kinds = [kind for kind in get_args(e.AnyEvent) if issubclass(kind, e.OrderEvent)]
    for kind in [*kinds, e.OfferChanged, e.OrdersReconciled]:
        everywhere = {"more", "joined"}  # lines of all kinds can have them
        missing = set(kind.__struct_fields__) - everywhere - found[kind.__struct_config__.tag]
        assert missing <= MISSING.get(kind, set()), (kind, missing)


MISSING = {
    e.OrderNotSent: {"reason"},
    e.OrderNeedsReview: {"reason"},
    e.OrderCompleted: {"refund_points"},
}
"""Sentences of older versions, and what is always the default."""


@pytest.mark.parametrize("user_data", [True, False], ids=["with user_data", "log alone"])
def test_a_golden_log_is_read_to_the_same_balances(golden, user_data):
    expected = expected_of(golden)
    if not user_data:
        (golden / "user_data.json").unlink()
    recovered = recover(golden)
    state = recovered.state
    assert (recovered.head.seq, recovered.head.hash) == (expected["seq"], expected["hash"])
    assert balances(state) == expected["balances"]
    assert statuses(state) == expected["status"]
    assert sum(expected["balances"].values()) == 0
    assert balances(rebuild(golden).state) == expected["balances"]


def test_a_golden_log_is_proved_and_can_be_gone_on_with(golden):
    assert verify(golden).problems == ()
    before = (golden / "events.jsonl").read_bytes()

    async def go_on():
        ledger = await Ledger.open_folder(golden)
        decision = await ledger.execute(maker().join(999, "newcomer"))
        await ledger.close()
        return decision

    (joined,) = asyncio.run(go_on())
    assert joined.seq == json.loads((golden / "balances.json").read_bytes())["seq"] + 1
    assert (golden / "events.jsonl").read_bytes().startswith(before)
    refresh(golden)
    assert verify(golden).problems == ()


def test_an_earlier_user_data_is_no_error_and_costs_one_replay(golden):
    """Its state had the points of accepted orders in another place."""
    earlier = written_by_an_earlier_version(golden)
    recovered, report = recover(golden), verify(golden)
    assert report.problems == ()
    if not earlier:
        assert recovered.from_seq == report.compared_seq > 0
        assert (recovered.warning, report.notes) == ("", ())
        return
    assert (recovered.from_seq, report.compared_seq) == (0, 0)
    assert recovered.warning.endswith(
        "was written by an earlier version; the whole log is replayed this once"
    )
    (note,) = report.notes
    assert "is from an earlier version, so it was not compared" in note
    refresh(golden)
    assert recover(golden).warning == ""
    assert verify(golden).compared_seq == recovered.head.seq


def test_there_are_files_of_earlier_versions_and_of_this_one():
    assert {written_by_an_earlier_version(folder) for folder in FOLDERS} == {True, False}


def test_the_maker_is_deterministic(tmp_path):
    """Or else nobody could tell what a golden folder was made from."""
    for name in ("one", "two"):
        maker().make(tmp_path / name)
    assert files_of(tmp_path / "one") == files_of(tmp_path / "two")
    assert (tmp_path / "one" / "events.jsonl").stat().st_size > 5000


# A later version of the events: one has a new field, and there is a new one.


class NewerUserJoined(e.UserJoined, frozen=True, kw_only=True, tag="user_joined"):
    campaign: str = ""


class GiftSent(e.UserEvent, frozen=True, kw_only=True, tag="gift_sent"):
    amount_points: int


def newer_decoder():
    union = NewerUserJoined | GiftSent
    for kind in set(get_args(e.AnyEvent)) - {e.UserJoined}:
        union |= kind
    return msgspec.json.Decoder(union)


def test_a_new_event_and_a_new_field_with_a_default_do_not_break_old_logs(golden):
    decoder = newer_decoder()
    lines = (golden / "events.jsonl").read_bytes().splitlines()
    newer = [decoder.decode(line) for line in lines]
    joined = [event for event in newer if isinstance(event, NewerUserJoined)]
    assert {event.campaign for event in joined} == {""}
    assert len(joined) >= 3
    # And, written anew, they are the same bytes: the hashes still fit.
    previous, again = ZERO_HASH, []
    for event in newer:
        line, previous = seal(msgspec.structs.replace(event, hash=""), previous)
        again.append(line)
    assert b"".join(again).splitlines() == lines


def sealed_behind(log, *events):
    """The log with further lines by a newer program, which knows how to seal them."""
    previous = json.loads(log.splitlines()[-1])["hash"]
    for event in events:
        body = e.encode.encode(event)[:-1]
        previous = sha256(previous.encode() + body).hexdigest()
        log += body + f',"hash":"{previous}"}}\n'.encode()
    return log


def stamped(kind, seq, **fields):
    return kind(seq=seq, at="2026-01-02T12:00:00.000Z", by="user:999", user_id=999, **fields)


def unknown_event(log):
    seq = len(log.splitlines())
    joined = stamped(e.UserJoined, seq + 1, referral_code="x")
    return sealed_behind(log, joined, stamped(GiftSent, seq + 2, prev=seq + 1, amount_points=5))


def unknown_field(log):
    seq = len(log.splitlines())
    return sealed_behind(
        log, stamped(NewerUserJoined, seq + 1, referral_code="x", campaign="spring")
    )


class NewerOrderUnclear(e.OrderEvent, frozen=True, kw_only=True, tag="order_unclear"):
    reason_code: str


def unknown_reason_code(log):
    seq = len(log.splitlines())
    return sealed_behind(
        log, stamped(NewerOrderUnclear, seq + 1, order_id="a", reason_code="seen_elsewhere")
    )


def higher_format(log):
    first = msgspec.json.decode(log.splitlines()[0], type=e.LogStarted)
    body = e.encode.encode(msgspec.structs.replace(first, format=e.LOG_FORMAT + 1, hash=""))[:-1]
    digest = sha256(b"0" * 64 + body).hexdigest()
    return body + f',"hash":"{digest}"}}\n'.encode() + b'{"whatever":"it then has"}\n'


@pytest.mark.parametrize("half_a_line", [b"", b'{"type":"user_jo'], ids=["whole", "torn"])
@pytest.mark.parametrize("with_user_data", [True, False])
@pytest.mark.parametrize(
    ("newer", "line_behind", "complaint"),
    [
        (unknown_event, 2, "gift_sent"),
        (unknown_field, 1, "unknown field `campaign`"),
        (unknown_reason_code, 1, r"'seen_elsewhere' - at `\$.reason_code`"),
        (higher_format, None, "use the newer version that wrote it"),
    ],
)
def test_a_log_of_a_newer_version_is_a_clear_error_and_nothing_is_cut_off(  # noqa: PLR0917
    golden, newer, line_behind, complaint, with_user_data, half_a_line
):
    log = golden / "events.jsonl"
    old = log.read_bytes()
    if not with_user_data:
        (golden / "user_data.json").unlink()
    log.write_bytes(newer(old) + half_a_line)
    before = files_of(golden)
    bad_line = len(old.splitlines()) + line_behind if line_behind else 1
    for read in (recover, rebuild, refresh, lambda path: asyncio.run(Ledger.open_folder(path))):
        with pytest.raises(BadLog, match=complaint) as raised:
            read(golden)
        assert raised.value.line_number == bad_line
    assert verify(golden).problems[0].line_number == bad_line
    assert files_of(golden) == before
