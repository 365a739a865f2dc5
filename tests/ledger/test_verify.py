"""`verify`: every change of the files is found, with its place."""

import fcntl
import shutil
from hashlib import sha256
from itertools import combinations, pairwise

import msgspec
import pytest
from msgspec.structs import replace
from support.books import ANNA, BEN, a_little, deliveries, events_of, forge, offsets_of, write_books

from ledger import events as e
from ledger.audit.verify import DIFFERENCES_SHOWN, Problem, Report, verify
from ledger.order_status import OrderStatus
from ledger.reason_codes import OrderRequest
from ledger.store.record import Head, encode_records
from ledger.store.snapshot import refresh


@pytest.fixture(scope="session")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    write_books(folder)
    return folder


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    folder = tmp_path_factory.mktemp("small")
    write_books(folder, a_little)
    return folder


@pytest.fixture(scope="session")
def delivered(tmp_path_factory):
    folder = tmp_path_factory.mktemp("delivered")
    write_books(folder, deliveries)
    return folder


@pytest.fixture
def data(whole, tmp_path):
    """A copy of the books that a test may spoil."""
    return shutil.copytree(whole, tmp_path / "data")


@pytest.fixture
def log_only(small, tmp_path):
    """The small log, without anything that could tell on it."""
    shutil.copy(small / "events.jsonl", tmp_path)
    return tmp_path


def only_problem(folder) -> Problem:
    report = verify(folder)
    assert len(report.problems) == 1, report.problems
    return report.problems[0]


def place(problem: Problem) -> tuple[int | None, int | None]:
    return problem.line_number, problem.offset_bytes


def test_untouched_books_hold(whole):
    report = verify(whole)
    log = whole / "events.jsonl"
    events = events_of(log)
    assert report.problems == ()
    assert report.notes == ()
    assert report.head.seq == len(events)
    assert report.size_bytes == log.stat().st_size
    assert report.commands == sum(event.more == 0 for event in events)
    assert (report.people, report.orders) == (4, 4)
    assert report.compared_seq == len(events)
    # One was rejected and gave its 100 back.
    assert (report.reserved_points, report.spent_points) == (200, 100)


def test_the_stories_have_nearly_every_event(whole, delivered):
    kinds = {
        type(event) for folder in (whole, delivered) for event in events_of(folder / "events.jsonl")
    }
    elsewhere = {
        e.AdOpened,
        e.AppealSent,
        e.ReferralBonusWaits,
        e.EarningFrozen,
        e.EarningUnfrozen,
        e.EarningsTakenBack,
        e.ChannelRequired,
        e.TailCut,
        e.OpeningBalanceRecorded,
        e.OrderImported,
        e.DigestSent,
        e.ClockStepped,
    }
    assert set(e.AnyEvent.__args__) - kinds == elsewhere


def test_verifying_changes_no_file(data):
    before = {path.name: path.read_bytes() for path in data.iterdir()}
    verify(data)
    assert {path.name: path.read_bytes() for path in data.iterdir()} == before


def test_progress_ends_with_all_bytes(whole):
    told = []
    verify(whole, lambda done, total: told.append((done, total)))
    size = (whole / "events.jsonl").stat().st_size
    assert told[-1] == (size, size)


def test_a_flipped_bit_in_any_byte_is_found_where_it_is(log_only):
    log = log_only / "events.jsonl"
    good = log.read_bytes()
    starts = [*offsets_of(log), len(good)]
    commands = [event.seq for event in events_of(log) if event.more == 0]
    last_command_at = starts[commands[-2]]
    checked = 0
    for line, (start, end) in enumerate(pairwise(starts), 1):
        for offset in range(start, end):
            bad = bytearray(good)
            bad[offset] ^= 1 << (offset % 8)
            log.write_bytes(bad)
            found = only_problem(log_only)
            if offset == len(good) - 1:  # the last line feed: the line has no end any more
                assert place(found) == (commands[-2] + 1, last_command_at)
            else:
                assert place(found) == (line, start), f"byte {offset}"
            checked += 1
    assert checked == len(good) > 2000


def test_any_other_byte_in_the_last_line_is_found(log_only):
    log = log_only / "events.jsonl"
    good = log.read_bytes()
    start = offsets_of(log)[-1]
    for offset in range(start, len(good)):
        for bit in range(8):
            bad = bytearray(good)
            bad[offset] ^= 1 << bit
            log.write_bytes(bad)
            assert only_problem(log_only).offset_bytes == start


def test_any_removed_line_but_the_last_is_found_where_it_is_missing(log_only):
    log = log_only / "events.jsonl"
    lines = log.read_bytes().splitlines(keepends=True)
    starts = offsets_of(log)
    for index in range(len(lines) - 1):
        log.write_bytes(b"".join(lines[:index] + lines[index + 1 :]))
        assert place(only_problem(log_only)) == (index + 1, starts[index])


def test_a_removed_last_line_is_known_from_user_data(data):
    log = data / "events.jsonl"
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(lines[:-1]))
    found = only_problem(data)
    assert place(found) == (len(lines), log.stat().st_size)
    assert f"stands at line {len(lines)}" in found.what
    assert f"the log ends with line {len(lines) - 1}" in found.what


def test_removed_lines_at_the_end_that_were_written_anew_are_known_from_user_data(data):
    """The same number of lines, and a chain that fits, but not the lines that were there."""
    log = data / "events.jsonl"
    events = events_of(log)
    forge(log, [*events[:-1], replace(events[-1], sent=3)])
    texts = [str(problem) for problem in verify(data).problems]
    assert any("broadcast 7:90, sent: the file says 2, the log says 3" in text for text in texts)
    assert any("hash: the file says" in text for text in texts)


def test_any_two_swapped_lines_are_found_at_the_first_of_them(log_only):
    log = log_only / "events.jsonl"
    lines = log.read_bytes().splitlines(keepends=True)
    starts = offsets_of(log)
    for first, second in combinations(range(len(lines)), 2):
        swapped = list(lines)
        swapped[first], swapped[second] = swapped[second], swapped[first]
        log.write_bytes(b"".join(swapped))
        assert place(only_problem(log_only)) == (first + 1, starts[first])


def test_a_doubled_line_is_found(log_only):
    log = log_only / "events.jsonl"
    lines = log.read_bytes().splitlines(keepends=True)
    for index in range(len(lines)):
        log.write_bytes(b"".join([*lines[: index + 1], *lines[index:]]))
        assert only_problem(log_only).line_number == index + 2


def test_any_missing_end_is_found_with_the_place_where_what_is_whole_ends(log_only):
    log = log_only / "events.jsonl"
    good = log.read_bytes()
    starts = [*offsets_of(log), len(good)]
    ends = {0: 0} | {starts[event.seq]: event.seq for event in events_of(log) if event.more == 0}
    torn = 0
    for size in range(len(good)):
        log.write_bytes(good[:size])
        report = verify(log_only)
        whole_bytes = max(end for end in ends if end <= size)
        if size == whole_bytes and size:
            assert report.holds, "whole commands are missing, which the log alone can't know"
            continue
        torn += 1
        (problem,) = report.problems
        assert place(problem) == (ends[whole_bytes] + 1, whole_bytes)
        assert report.size_bytes == whole_bytes
        if size:
            assert problem.what.startswith(f"{size - whole_bytes} bytes of an unfinished command")
    assert torn > 2000


def test_an_empty_log_does_not_hold(tmp_path):
    (tmp_path / "events.jsonl").touch()
    assert "the log is empty" in only_problem(tmp_path).what


def test_a_log_that_is_not_there_does_not_hold(data):
    (data / "events.jsonl").unlink()
    assert only_problem(data).what == "the log is not there"


def test_an_unfinished_end_is_no_problem_while_somebody_is_writing(data):
    log = data / "events.jsonl"
    size = log.stat().st_size
    with log.open("ab") as writer:
        writer.write(b'{"type":"us')
        writer.flush()
        fcntl.flock(writer, fcntl.LOCK_EX)
        report = verify(data)
    assert report.holds
    assert len(report.notes) == 1
    assert "being written right now" in report.notes[0]
    found = only_problem(data)  # the writer has gone
    assert found.offset_bytes == size
    assert found.what.startswith("11 bytes of an unfinished command")


def test_verify_holds_nobody_up_afterwards(log_only):
    log = log_only / "events.jsonl"
    log.write_bytes(log.read_bytes()[:-5])
    verify(log_only)
    with log.open("ab") as writer:
        fcntl.flock(writer, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_a_command_finished_while_we_looked_counts(log_only, monkeypatch):
    """Torn when it was read, whole when it is known that nobody writes."""
    log = log_only / "events.jsonl"
    good = log.read_bytes()
    log.write_bytes(good[:-5])
    flock, calls = fcntl.flock, []

    def finish_first(fd, operation):
        calls.append(operation)
        log.write_bytes(good)
        return flock(fd, operation)

    monkeypatch.setattr(fcntl, "flock", finish_first)
    report = verify(log_only)
    assert len(calls) == 1
    assert report.holds
    assert report.size_bytes == len(good)


def test_without_user_data_the_log_is_still_proved(log_only):
    report = verify(log_only)
    assert report.holds
    assert len(report.notes) == 1
    assert "user_data.json is not there" in report.notes[0]
    assert report.compared_seq == 0


def test_user_data_of_an_earlier_line_is_compared_with_the_state_of_that_line(data, tmp_path):
    earlier = tmp_path / "earlier"
    earlier.mkdir()
    lines = (data / "events.jsonl").read_bytes().splitlines(keepends=True)
    (earlier / "events.jsonl").write_bytes(b"".join(lines[:4]))
    refresh(earlier)
    shutil.copy(earlier / "user_data.json", data)
    assert verify(data).holds
    text = (data / "user_data.json").read_text()
    (data / "user_data.json").write_text(text.replace('"balance":0', '"balance":1', 1))
    assert str(only_problem(data)).endswith(
        f"user {ANNA}, balance: the file says 1, the log says 0"
    )


def change(folder, edit) -> Report:
    path = folder / "user_data.json"
    content = msgspec.json.decode(path.read_bytes())
    edit(content)
    path.write_bytes(msgspec.json.encode(content))
    return verify(folder)


def said(report: Report) -> list[str]:
    return [problem.what for problem in report.problems]


def test_every_difference_is_told_by_person_and_field(data):
    def edit(content):
        content["users"][str(BEN)]["balance"] += 7
        content["referrals"][str(ANNA)][0]["reward"] = 1
        content["orders"][0]["status"] = "placed"
        content["accounts"]["house:ads"] = 0
        content["economy"]["ad_cooldown_s"] = 1
        content["users"]["999"] = content["users"][str(BEN)] | {"user_id": 999}
        del content["admin_keys"]["7:1"]

    found = said(change(data, edit))
    assert f"user {BEN}, balance: the file says 262, the log says 255" in found
    assert f"friends of user {ANNA}, number 1, reward: the file says 1, the log says 1000" in found
    assert 'order 000000000001, status: the file says "placed", the log says "accepted"' in found
    assert "account house:ads: the file says 0, the log says -5" in found
    assert "setting ad_cooldown_s: the file says 1, the log says 30" in found
    assert any(text.startswith("user 999: the file says {") for text in found)
    assert "admin's message 7:1: the file says nothing, the log says 3" in found
    assert len(found) == 7


@pytest.mark.parametrize("number", [b"255.0", b"true", b'"255"', b"null", b"-255"])
def test_a_balance_that_is_not_that_whole_number_does_not_hold(data, number):
    path = data / "user_data.json"
    good = path.read_bytes()
    assert good.count(b'"balance":255') == 1
    path.write_bytes(good.replace(b'"balance":255', b'"balance":' + number))
    assert not verify(data).holds


def test_a_field_that_the_log_knows_nothing_of_is_a_difference(data):
    def edit(content):
        content["users"][str(ANNA)]["spare"] = 1

    found = said(change(data, edit))
    assert found == [f"user {ANNA}, spare: the file says 1, the log says nothing"]


def test_many_differences_are_counted_after_the_first_ones(data):
    def edit(content):
        for number in range(50):
            content["accounts"][f"house:{number}"] = 1

    found = said(change(data, edit))
    assert len(found) == DIFFERENCES_SHOWN + 1
    assert found[-1] == "and 30 more differences"


def test_names_and_the_layout_of_the_file_are_no_differences(data):
    path = data / "user_data.json"

    def rename(content):
        content["users"][str(ANNA)]["first_name"] = "Annabel"

    assert change(data, rename).holds
    path.write_bytes(msgspec.json.format(path.read_bytes(), indent=2))
    assert verify(data).holds


def test_the_order_of_joining_is_part_of_user_data(data):
    def turn(content):
        content["users"] = dict(reversed(content["users"].items()))

    assert said(change(data, turn)) == [
        "people in their order, number 1: the file says 104, the log says 101"
    ]


def test_an_order_that_stands_in_the_file_twice_is_a_difference(data):
    def double(content):
        content["orders"].append(content["orders"][-1])

    assert said(change(data, double)) == [
        "orders in their order, number 5: the file says 000000000004, the log says nothing"
    ]


def test_user_data_that_is_not_from_this_log_is_named(data):
    def move(content):
        content["seq"] = next(event.seq for event in events_of(data / "events.jsonl") if event.more)

    assert "where no command ends" in said(change(data, move))[0]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b'{"format":1}'])
def test_user_data_that_can_not_be_read_is_a_problem_and_the_log_is_still_proved(data, content):
    (data / "user_data.json").write_bytes(content)
    report = verify(data)
    assert "can't be understood" in said(report)[0]
    assert report.size_bytes == (data / "events.jsonl").stat().st_size


def test_a_newer_user_data_is_a_problem(data):
    def raise_format(content):
        content["format"] = 3

    assert said(change(data, raise_format)) == [
        "has format 3, and this version of Viewbank reads 2"
    ]


def test_any_flipped_bit_in_user_data_is_found_unless_it_is_in_a_name(small, tmp_path):
    data = shutil.copytree(small, tmp_path / "data")
    path = data / "user_data.json"
    good = path.read_bytes()
    missed = set()
    for offset in range(len(good)):
        bad = bytearray(good)
        bad[offset] ^= 1 << (offset % 7)
        path.write_bytes(bad)
        report = verify(data)
        if report.holds:
            assert any("its checksum doesn't fit" in note for note in report.notes)
            missed.add(offset)
    names = {b'"username":"', b'"first_name":"', b'"language":"'}
    in_names = {
        offset
        for offset in missed
        if any(name in good[max(0, offset - 24) : offset] for name in names)
    }
    in_checksum = set(range(len(good) - len('0"}') - 63, len(good) - len('"}')))
    assert len(good) > 1000
    assert missed <= in_names | in_checksum


# Logs whose hashes fit: written by somebody who knows how, but not by our rules.


def forged(log, change_events) -> Problem:
    events = events_of(log)
    forge(log, change_events(events))
    found = only_problem(log.parent)
    assert found.offset_bytes == offsets_of(log)[(found.line_number or 0) - 1]
    return found


def first(events, kind) -> int:
    return next(index for index, event in enumerate(events) if isinstance(event, kind))


def with_change(events, kind, **fields):
    index = first(events, kind)
    return [*events[:index], replace(events[index], **fields), *events[index + 1 :]]


@pytest.mark.parametrize(
    ("kind", "fields", "complaint"),
    [
        (e.LogStarted, {"format": 2}, "reads up to 1"),
        (e.LogStarted, {"seq": 2}, "expected seq 1, found 2"),
        (e.UserJoined, {"seq": 9}, "expected seq 2, found 9"),
        (e.UserJoined, {"at": "2026-11-22 16:00:00.123Z"}, "expected a moment"),
        (e.UserJoined, {"at": "2026-02-30T16:00:00.123Z"}, "expected a moment"),
        (e.UserJoined, {"at": "yesterday"}, "expected a moment"),
        (e.UserJoined, {"by": ""}, 'expected "by"'),
        (e.UserJoined, {"prev": 1}, "prev is 1, not 0"),
        (e.UserJoined, {"referred_by": 555}, "speaks of 555"),
        (e.UserJoined, {"referred_by": ANNA}, "invited by themselves"),
        (e.SettingChanged, {"name": "nonsense"}, "speaks of 'nonsense'"),
        (e.SettingChanged, {"more": 2}, 'expected "more":1 within a command'),
        (e.AdRewarded, {"ad_number": 2}, "expected ad 1 of user 102, found 2"),
        (e.AdRewarded, {"amount_points": -1}, "expected a reward of 0 points or more"),
        (e.AdRewarded, {"user_id": ANNA}, "prev is"),
        (e.AdRewarded, {"more": 5}, 'expected "more":4 within a command'),
        (e.AdRewarded, {"more": -1}, 'expected "more" to be 0 or above'),
        (e.AdRewarded, {"price_microusd": -1}, "price_microusd"),
        (e.ReferralBonusPaid, {"referee_id": ANNA}, "no bonus for user 101 is due"),
        (e.ReferralWelcomePaid, {"referrer_id": BEN}, "no welcome gift is due"),
        (e.OrderPlaced, {"price_points": 100_000}, "would be -"),
        (e.OrderPlaced, {"quantity": 0}, "expected an order of 1 view or more"),
        (e.OrderSending, {"attempt": 2}, "expected attempt 1, found 2"),
        (e.OrderSending, {"user_id": BEN}, "is of user 101, not 102"),
        (e.OrderSending, {"order_id": "nobody's"}, "speaks of"),
        (e.OrderRejected, {"refund_points": 99}, "to hold 0 points in reserve, found 1"),
        (e.OrderRejected, {"refund_points": 101}, "order:00000000000a would be -1"),
    ],
)
def test_a_forged_line_that_breaks_the_rules_is_named(log_only, kind, fields, complaint):
    log = log_only / "events.jsonl"
    index = first(events_of(log), kind)
    found = forged(log, lambda events: with_change(events, kind, **fields))
    # A wrong "more" shows in the line behind it.
    behind = fields.get("more", 0) > 0
    assert found.line_number == index + 1 + behind
    assert complaint in found.what


@pytest.fixture
def delivered_log(delivered, tmp_path):
    """The log of the deliveries alone."""
    shutil.copy(delivered / "events.jsonl", tmp_path)
    return tmp_path / "events.jsonl"


def test_books_with_deliveries_hold(delivered):
    report = verify(delivered)
    assert (report.problems, report.notes) == ((), ())
    assert (report.orders, report.reserved_points) == (4, 100)
    # One was delivered in full, and a tenth of another one.
    assert report.spent_points == 333 + 34


@pytest.mark.parametrize(
    ("kind", "fields", "complaint"),
    [
        (e.OrderAccepted, {"spent_points": 333}, "expected 0 points to be spent, found 333"),
        (e.OrderAccepted, {"provider_order_id": ""}, "no number by which"),
        (e.OrderAccepted, {"followed": False}, "does not report on the order 000000000001"),
        (
            e.OrderAccepted,
            {"followed": False, "spent_points": 332},
            "expected 333 points to be spent, found 332",
        ),
        (e.OrderCompleted, {"spent_points": 332}, "expected 0 points to be given back"),
        (e.OrderCompleted, {"spent_points": 0, "refund_points": 333}, "expected 0 points"),
        (e.OrderPartial, {"refund_points": 167, "spent_points": 166}, "expected 166 points"),
        (e.OrderPartial, {"refund_points": 166, "spent_points": 300}, "expected 166 points"),
        (e.OrderPartial, {"remains": 501, "refund_points": 167}, "expected 166 points"),
        (e.OrderPartial, {"remains": None}, "nobody can say"),
        (
            e.OrderPartial,
            {"remains": None, "refund_points": -1, "spent_points": 334},
            "nobody can say",
        ),
        (e.OrderCanceled, {"refund_points": 334, "spent_points": -1}, "expected 333 points"),
        (e.OrderCanceled, {"remains": 500}, "expected 166 points to be given back, found 333"),
        (e.OrderCorrected, {"refund_points": 134}, "expected 133 points of difference, found 134"),
        (e.OrderCorrected, {"refund_points": 299}, "expected 133 points of difference"),
        (e.OrderCorrected, {"excess_points": 5}, "expected 133 points of difference"),
        (e.OrderCorrected, {"remains": None}, "nobody can say"),
        (
            e.OrderCorrected,
            {"remains": None, "refund_points": 0, "excess_points": 167},
            "nobody can say",
        ),
        (e.OrderCorrected, {"status": OrderStatus.REJECTED}, "no order can end as rejected"),
        (e.OrderCorrected, {"order_id": "000000000001"}, "expected 299 points of difference"),
        (e.OrderInProgress, {"order_id": "ffffffffffff"}, "speaks of 'ffffffffffff'"),
        (e.OrderRequestAnswered, {"what": OrderRequest.REFILL}, "nothing was asked"),
        (e.OrderPlaced, {"service_id": "9"}, "the service 9 was never offered"),
        (e.OfferChanged, {"points_per_1000": 0}, "has impossible numbers"),
        (e.OfferChanged, {"quantity_min": 0}, "has impossible numbers"),
        (e.OfferChanged, {"quantity_max": 9}, "has impossible numbers"),
        (e.OfferChanged, {"key": "7:1"}, "counted before"),
        (e.OrderEvidenceFound, {"order_id": "000000000001"}, "can't follow"),
    ],
)
def test_a_forged_line_about_a_delivery_is_named(delivered_log, kind, fields, complaint):
    found = forged(delivered_log, lambda events: with_change(events, kind, **fields))
    assert complaint in found.what


def test_an_acceptance_of_an_older_line_spends_what_was_reserved(data):
    """Lines without `spent_points` are right, and mean the same."""
    (data / "user_data.json").unlink()
    log = data / "events.jsonl"
    forge(log, with_change(events_of(log), e.OrderAccepted, spent_points=0))
    report = verify(data)
    assert report.problems == ()
    assert (report.reserved_points, report.spent_points) == (200, 100)


@pytest.mark.parametrize(
    ("kind", "complaint"),
    [
        (e.OrderCompleted, "can't follow"),
        (e.OrderPartial, "can't follow"),
        (e.OrderCanceled, "can't follow"),
        (e.OrderCorrected, "expected 0 points of difference, found 133 more"),
        (e.OrderInProgress, "can't follow"),
        (e.OrderRequestMade, "was asked for before"),
        (e.OrderRequestAnswered, "nothing was asked"),
        (e.OfferChanged, "counted before"),
        (e.OrdersReconciled, "were compared before"),
    ],
)
def test_nothing_about_a_delivery_counts_twice(delivered_log, kind, complaint):
    count = len(events_of(delivered_log))
    found = forged(delivered_log, lambda events: again(events, kind))
    assert found.line_number == count + 1
    assert complaint in found.what


def test_nothing_can_happen_to_an_order_that_left_the_memory(delivered_log):
    def add(events):
        later = {"at": "2026-02-01T12:00:00.000Z", "more": 0}
        of_another = replace(
            events[first(events, e.OrderEvidenceFound)],
            **later,
            seq=len(events) + 1,
            prev=max(one.seq for one in events if getattr(one, "user_id", 0) == ANNA),
        )
        ended = replace(
            events[first(events, e.OrderCorrected)],
            **later,
            seq=len(events) + 2,
            prev=len(events) + 1,
        )
        return [*events, of_another, ended]

    assert "000000000002 was closed long before" in forged(delivered_log, add).what


def again(events, kind):
    """A command's event once more at the end, stamped as if it were news."""
    event = events[first(events, kind)]
    fields = {"seq": len(events) + 1, "more": 0}
    if isinstance(event, e.UserEvent):
        fields["prev"] = max(
            other.seq for other in events if getattr(other, "user_id", None) == event.user_id
        )
    return [*events, replace(event, **fields)]


@pytest.mark.parametrize(
    ("kind", "complaint"),
    [
        (e.LogStarted, "only the first line can be log_started"),
        (e.UserJoined, "joined before"),
        (e.SettingChanged, "counted before"),
        (e.AdRewarded, "expected ad"),
        (e.ReferralBonusPaid, "no bonus"),
        (e.ReferralWelcomePaid, "no welcome gift"),
        (e.OrderPlaced, "was placed before"),
        (e.OrderSending, "this can't follow"),
        (e.OrderAccepted, "this can't follow"),
        (e.OrderRejected, "this can't follow"),
        (e.OrderUnclear, "this can't follow"),
        (e.OrderNotSent, "this can't follow"),
        (e.BalanceAdjusted, "counted before"),
        (e.UserBanned, "counted before"),
        (e.BroadcastStarted, "was started before"),
        (e.BroadcastProgressed, "had ended"),
        (e.BroadcastFinished, "had ended"),
    ],
)
def test_nothing_counts_twice(data, kind, complaint):
    (data / "user_data.json").unlink()
    log = data / "events.jsonl"
    count = len(events_of(log))
    found = forged(log, lambda events: again(events, kind))
    assert found.line_number == count + 1
    assert complaint in found.what


def test_somebody_elses_referral_code_is_found(data):
    (data / "user_data.json").unlink()
    log = data / "events.jsonl"

    def add(events):
        joined = e.UserJoined(
            seq=len(events) + 1, at=events[-1].at, by="user:9", user_id=9, referral_code="code101"
        )
        return [*events, joined]

    assert "belongs to somebody" in forged(log, add).what


def test_a_tag_that_this_version_does_not_know_is_named(log_only):
    log = log_only / "events.jsonl"
    event = e.UserReachable(seq=1, at="2026-11-22T16:00:00.123Z", by="x", user_id=1)
    (line,), _ = encode_records([event], Head())
    body, _, _ = line.replace(b"user_reachable", b"user_wondrous_").rpartition(b',"hash"')
    digest = sha256(b"0" * 64 + body).hexdigest()
    log.write_bytes(body + f',"hash":"{digest}"}}\n'.encode())
    found = only_problem(log_only)
    assert found.line_number == 1
    assert "user_wondrous_" in found.what


def test_a_bad_line_in_the_middle_leaves_what_is_before_it_proved(data):
    log = data / "events.jsonl"
    starts = offsets_of(log)
    content = bytearray(log.read_bytes())
    content[starts[9] + 20] ^= 1
    log.write_bytes(content)
    report = verify(data)
    assert report.head.seq <= 9
    assert place(report.problems[0]) == (10, starts[9])
    assert report.problems[0].what.startswith("expected the hash ")
    assert any("was not compared" in note for note in report.notes)
