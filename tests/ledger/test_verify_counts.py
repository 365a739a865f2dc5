"""`verify` counts what is right before the first wrong line: exactly, whatever is wrong with it."""

import shutil
from itertools import accumulate

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from support.books import ANNA, BEN, CLEO, Story, events_of, write_books

from ledger import commands as c
from ledger import events as e
from ledger.audit.verify import Report, verify
from ledger.store import reader
from ledger.store.record import Head, encode_records

SETTINGS = settings(
    deadline=None,
    max_examples=150,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


async def a_long_story(story: Story) -> None:
    """Longer than a block that is read at once, with commands of two and three lines."""
    await story.join(ANNA)
    for name, value in (("referral_welcome_points", 5), ("ads_per_day_max", 1000)):
        await story.do(c.ChangeSetting(by="admin:7", name=name, value=value, key=story.key()))
    await story.join(BEN, f"code{ANNA}")
    await story.join(CLEO, f"code{BEN}")
    await story.ads(BEN, 1, 160)
    await story.ads(CLEO, 1, 160)
    await story.ads(ANNA, 1, 160)


@pytest.fixture(scope="module")
def long(tmp_path_factory):
    return write_books(tmp_path_factory.mktemp("long"), a_long_story, user_data=False)


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory):
    return tmp_path_factory.mktemp("spoilt")


def expected(lines: list[bytes], events: list[e.AnyEvent], bad_line: int) -> tuple[int, ...]:
    """Right lines and bytes, then those of whole commands, and the number of those."""
    ends = [0, *accumulate(map(len, lines))]
    whole = [event.seq for event in events[: bad_line - 1] if not event.more]
    last = whole[-1] if whole else 0
    return bad_line - 1, ends[bad_line - 1], last, ends[last], len(whole)


def counts(report: Report) -> tuple[int, ...]:
    right = report.right
    return right.lines, right.size_bytes, right.head.seq, right.head_bytes, right.commands


def garbage(line: bytes) -> bytes:
    return b"x" * (len(line) - 1) + b"\n"


def halved(line: bytes) -> bytes:
    return line[: len(line) // 2] + b"\n"


def another_amount(line: bytes) -> bytes:
    return line.replace(b'"at":"2026', b'"at":"2027')


def more_lines_to_come(line: bytes) -> bytes:
    return line.replace(b'"type":', b'"more":7,"type":')


def another_number(line: bytes) -> bytes:
    return line.replace(b'"seq":', b'"seq":9')


def empty(line: bytes) -> bytes:
    del line
    return b"\n"


def no_utf8(line: bytes) -> bytes:
    return b"\xff" + line[1:]


BREAKS = [garbage, halved, another_amount, more_lines_to_come, another_number, empty, no_utf8]


@SETTINGS
@given(place=st.integers(1, 10_000), spoil=st.sampled_from(BREAKS))
def test_whatever_breaks_a_line_the_lines_before_it_are_counted(long, spoilt, place, spoil):
    events, lines = events_of(long), long.read_bytes().splitlines(keepends=True)
    bad_line = 1 + place % len(lines)
    before = expected(lines, events, bad_line)
    lines[bad_line - 1] = spoil(lines[bad_line - 1])
    (spoilt / "events.jsonl").write_bytes(b"".join(lines))
    report = verify(spoilt)
    assert [one.line_number for one in report.problems] == [bad_line]
    assert counts(report) == before


@SETTINGS
@given(place=st.integers(1, 10_000), gap=st.integers(1, 300))
def test_where_lines_are_missing_or_there_twice_the_lines_before_are_counted(
    long, spoilt, place, gap
):
    events, lines = events_of(long), long.read_bytes().splitlines(keepends=True)
    bad_line = 1 + place % (len(lines) - gap)
    before = expected(lines, events, bad_line)
    (spoilt / "events.jsonl").write_bytes(
        b"".join(lines[: bad_line - 1] + lines[bad_line + gap - 1 :])
    )
    assert counts(verify(spoilt)) == before
    twice = expected([*lines[:bad_line], lines[bad_line - 1]], events, bad_line + 1)
    (spoilt / "events.jsonl").write_bytes(b"".join(lines[:bad_line] + lines[bad_line - 1 :]))
    assert counts(verify(spoilt)) == twice


@SETTINGS
@given(place=st.integers(1, 10_000))
def test_a_line_against_the_rules_ends_what_is_right_though_its_hash_fits(long, spoilt, place):
    events = events_of(long)
    index = next(
        index % len(events)
        for index in range(place, place + len(events))
        if isinstance(events[index % len(events)], e.AdRewarded)
    )
    forged = [*events]
    forged[index] = replace(events[index], ad_number=events[index].ad_number + 1)
    lines, _ = encode_records(forged, Head(), one_write=False)
    (spoilt / "events.jsonl").write_bytes(b"".join(lines))
    assert counts(verify(spoilt)) == expected(lines, events, index + 1)


def test_of_two_wrong_lines_the_first_is_named_whatever_is_wrong_with_either(long, spoilt):
    """A line against the rules stands before one with a wrong hash, in one block."""
    events = events_of(long)
    events[9] = replace(events[9], ad_number=77)
    lines, _ = encode_records(events, Head(), one_write=False)
    lines[11] = garbage(lines[11])
    (spoilt / "events.jsonl").write_bytes(b"".join(lines))
    report = verify(spoilt)
    assert [one.line_number for one in report.problems] == [10]
    assert counts(report)[0] == 9


@pytest.mark.process
@pytest.mark.parametrize("bad_line", [1, 3, 200, 400])
def test_a_wrong_hash_that_the_other_process_finds_is_counted_the_same(
    long, spoilt, bad_line, monkeypatch
):
    monkeypatch.setattr(reader, "WORTH_A_PROCESS_BYTES", 0)
    events, lines = events_of(long), long.read_bytes().splitlines(keepends=True)
    before = expected(lines, events, bad_line)
    line = lines[bad_line - 1]
    lines[bad_line - 1] = line[:-5] + (b"0" if line[-5:-4] != b"0" else b"1") + line[-4:]
    (spoilt / "events.jsonl").write_bytes(b"".join(lines))
    report = verify(spoilt)
    assert [one.line_number for one in report.problems] == [bad_line]
    assert counts(report) == before


def test_lines_of_a_command_that_is_not_right_as_a_whole_are_counted_apart(long, spoilt):
    events, lines = events_of(long), long.read_bytes().splitlines(keepends=True)
    begin = next(event.seq for event in events if event.more == 2)
    lines[begin + 1] = garbage(lines[begin + 1])
    (spoilt / "events.jsonl").write_bytes(b"".join(lines))
    report = verify(spoilt)
    assert report.right.lines == begin + 1
    assert report.head.seq == begin - 1


def test_an_unfinished_end_is_what_is_not_right(long, spoilt):
    events, lines = events_of(long), long.read_bytes().splitlines(keepends=True)
    begin = next(event.seq for event in events if event.more == 2)
    cut = b"".join(lines[: begin + 1])
    (spoilt / "events.jsonl").write_bytes(cut)
    assert counts(verify(spoilt)) == expected(lines, events, begin)
    shutil.copy(long, spoilt / "events.jsonl")
    report = verify(spoilt)
    assert report.holds
    assert counts(report) == expected(lines, events, len(lines) + 1)


def test_the_bonus_of_a_day_is_counted_again(long, spoilt):
    events = events_of(long)
    index = next(i for i, one in enumerate(events) if isinstance(one, e.ReferralBonusPaid))
    log = spoilt / "events.jsonl"
    for fields, complaint in (
        ({"number_today": 2}, "expected bonus 1 of the day"),
        ({"day_max": 0}, "had all 0 bonuses of the day"),
    ):
        forged = [*events]
        forged[index] = replace(events[index], **fields)
        log.write_bytes(b"".join(encode_records(forged, Head(), one_write=False)[0]))
        (problem,) = verify(spoilt).problems
        assert problem.line_number == index + 1
        assert complaint in problem.what


def test_a_line_that_is_older_than_the_limit_of_bonuses_is_right(long, spoilt):
    events = [
        replace(one, number_today=0, day_max=0) if isinstance(one, e.ReferralBonusPaid) else one
        for one in events_of(long)
    ]
    lines, _ = encode_records(events, Head(), one_write=False)
    (spoilt / "events.jsonl").write_bytes(b"".join(lines))
    assert verify(spoilt).holds
    assert b"number_today" not in b"".join(lines)
    assert msgspec.json.decode(lines[0])["type"] == "log_started"
