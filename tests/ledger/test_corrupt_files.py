"""Arbitrary bytes in the log and user_data.json: an error with a place, or the right balances.

Never a wrong balance, a hang or a traceback. `HYPOTHESIS_PROFILE=deep` runs much longer;
`make fuzz` uses atheris.
"""

import asyncio
import json
import os
import shutil
from collections import Counter
from hashlib import sha256

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.books import a_little, deliveries, everything, write_books
from support.corruption_oracle import check_reading
from support.given import KEY, LINK, NOON_MS

from ledger import commands as c
from ledger.audit.verify import verify
from ledger.ledger import Ledger
from ledger.store.profiles import PROFILE_FIELDS
from ledger.store.reader import BadLog
from ledger.store.rebuild import rebuild
from ledger.store.record import Head
from ledger.store.recovery import recover
from ledger.store.snapshot import refresh
from ledger.store.user_data import USER_DATA_FORMAT, encode

DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"
pytestmark = pytest.mark.timeout(0 if DEEP else 120)


def looks(count):
    return settings(
        max_examples=count * 20 if DEEP else count,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture(scope="session")
def originals(tmp_path_factory):
    """Good folders to spoil: a little of everything, a small one, and one with deliveries."""
    folders = []
    for tell in (everything, a_little, deliveries):
        folder = tmp_path_factory.mktemp("good")
        write_books(folder, tell)
        folders.append(folder)
    return folders


@pytest.fixture(scope="session")
def spoiled(tmp_path_factory):
    return tmp_path_factory.mktemp("spoiled")


# Ways to spoil bytes.

NUMBERS = [b"-1", b"0", b"1.5", b"1e3", b"9" * 19, b"1" + b"0" * 30, b"1" * 5000, b"-0", b"NaN"]
NUMBERS += [b"true", b"null", b'"1"', b"[]", b"{}", b"1e999", b"18446744073709551616"]
JUNK = [b"\0" * 512, b"\xff", b"\xef\xbb\xbf", b"\r", b"\n", b"\r\n", b"[" * 5000, b'{"a":' * 3000]
JUNK += [
    b"x" * 200_000,
    b'"',
    b"\\",
    b"\xed\xa0\x80",
    b" ",
    b'"more":1,',
    b'{"type":"log_started"}\n',
]


@st.composite
def spoiling(draw, good, other):
    """The good bytes after a few accidents."""
    data = bytearray(good)
    for _ in range(draw(st.integers(1, 3))):
        place = st.integers(0, max(0, len(data) - 1))
        begin, end = sorted((draw(place), draw(place)))
        match draw(st.integers(0, 8)):
            case 0 if data:
                data[begin] ^= 1 << draw(st.integers(0, 7))
            case 1:
                del data[begin:end]
            case 2:
                data[begin:begin] = draw(st.sampled_from(JUNK) | st.binary(max_size=40))
            case 3:
                data[end:end] = data[begin:end]
            case 4:
                middle = (begin + end) // 2
                data[begin:end] = data[middle:end] + data[begin:middle]
            case 5:
                del data[begin:]
            case 6:
                data = data[:begin] + other[draw(st.integers(0, len(other))) :]
            case 7:
                lines = bytes(data).splitlines(keepends=True) or [b""]
                number = draw(st.integers(0, len(lines) - 1))
                lines[number] = draw(
                    st.sampled_from([b"", lines[number] * 2, lines[number].replace(b"\n", b"\r\n")])
                )
                data = bytearray(b"".join(lines))
            case _:
                data[begin:end] = b"\0" * (end - begin)
    return bytes(data)


def judged(folder, seen):
    """What was read, if `check_reading` finds it right; counted."""
    found, report = check_reading(folder)
    seen["an error with a place" if found is None else "the right balances"] += 1
    seen["verify has something to say"] += found is not None and not report.holds
    return found


# Accidents.


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_spoiled_log_is_an_error_with_a_place_or_read_right(originals, spoiled, which):
    good, other = ((originals[i] / "events.jsonl").read_bytes() for i in (which, 1 - which))
    seen = Counter()

    @looks(250)
    @given(spoiling(good, other))
    def look(data):
        (spoiled / "user_data.json").unlink(missing_ok=True)
        (spoiled / "events.jsonl").write_bytes(data)
        found = judged(spoiled, seen)
        # Accidents don't hit upon hashes: what is read is what was written.
        if found is not None and found.head.seq:
            kept = data[: len(data) - found.torn_bytes]
            assert good.startswith(kept) or other.startswith(kept)

    look()
    assert min(seen["an error with a place"], seen["the right balances"]) > 10, seen


@looks(200)
@given(data=st.binary(max_size=300))
def test_any_bytes_at_all_as_a_log(spoiled, data):
    (spoiled / "user_data.json").unlink(missing_ok=True)
    (spoiled / "events.jsonl").write_bytes(data)
    found = judged(spoiled, Counter())
    assert found is None or found.head == Head()


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 2_000_000,
        b'{"type":"log_started"' * 200_000,
        b"\n" * 1_000_000,
        b"\0" * 5_000_000,
        b"x" * 20_000_000,
        b'{"type":' + b'{"type":' * 100_000 + b"\n",
    ],
    ids=["brackets", "no line end", "line ends", "nuls", "one long line", "deep"],
)
def test_much_nonsense_is_soon_done_with(originals, spoiled, data):
    log = spoiled / "events.jsonl"
    (spoiled / "user_data.json").unlink(missing_ok=True)
    for good in (b"", (originals[1] / "events.jsonl").read_bytes()):
        log.write_bytes(good + data)
        judged(spoiled, Counter())


@pytest.mark.parametrize("whole", [False, True], ids=["log torn", "log whole"])
def test_a_spoiled_user_data_changes_nothing(originals, spoiled, whole):
    log = (originals[0] / "events.jsonl").read_bytes()
    good = (originals[0] / "user_data.json").read_bytes()
    other = (originals[1] / "user_data.json").read_bytes()
    (spoiled / "events.jsonl").write_bytes(log if whole else log[:-5])
    shutil.copy(originals[0] / "profiles.jsonl", spoiled)
    rebuilt = rebuild(spoiled)
    truth = encode(rebuilt.state, rebuilt.head)
    seen = Counter()

    @looks(250)
    @given(spoiling(good, other))
    def look(data):
        (spoiled / "user_data.json").write_bytes(data)
        verify(spoiled)
        found = recover(spoiled)
        assert encode(found.state, found.head) == truth
        assert (found.from_seq == 0) == bool(found.warning)
        seen["noticed" if found.warning else "believed"] += 1

    look()
    assert seen["noticed"] > 100, seen
    (spoiled / "profiles.jsonl").unlink()


@pytest.mark.parametrize("content", [b"[" * 100_000, b'{"user_id":' + b"[" * 100_000, b"\xff\0\n"])
def test_spoiled_names_cost_names_only(originals, tmp_path, content):
    folder = shutil.copytree(originals[1], tmp_path / "data")
    truth = rebuild(folder)
    (folder / "profiles.jsonl").write_bytes(content)
    found = rebuild(folder)
    assert {user.user_id: user.balance for user in found.state.users.values()} == {
        user.user_id: user.balance for user in truth.state.users.values()
    }
    assert all(user.first_name == "" for user in found.state.users.values())


# Forgers, who can compute a hash.


def sealed(events):
    """A log of these objects with a valid hash chain."""
    previous, lines = "0" * 64, []
    for event in events:
        body = json.dumps(event, separators=(",", ":")).encode()[:-1]
        previous = sha256(previous.encode() + body).hexdigest()
        lines.append(body + f',"hash":"{previous}"}}\n'.encode())
    return b"".join(lines)


def opened(folder):
    """The log of this folder as objects without their hashes."""
    events = [json.loads(line) for line in (folder / "events.jsonl").read_bytes().splitlines()]
    for event in events:
        del event["hash"]
    return events


def renumbered(events):
    """The same events with seq and prev as they ought to be."""
    last_of: dict[object, int] = {}
    fresh = []
    for seq, event in enumerate(events, 1):
        fields = {**event, "seq": seq}
        if "user_id" in event:
            who = json.dumps(event["user_id"])
            fields["prev"] = last_of.get(who, 0)
            last_of[who] = seq
        fresh.append(fields)
    return fresh


ODD_INTS = [-1, 0, 1, 2, 101, 102, 2**31, 2**53, 2**63 - 1, 2**64, 10**30, -(10**30), 10**4000]
ODD = [
    *ODD_INTS,
    1.0,
    1.5,
    True,
    None,
    "",
    "x",
    "yesterday",
    "2026-01-01T12:00:00.000Z",
    "\0",
    [],
    {},
    [1],
]
ODD += ["2026-02-30T16:00:00.123Z", "code101", "00000000000a", "points_per_1000_views"]


def odd_value(draw, value):
    """Another value: mostly one that a forger who knows the types would take."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.sampled_from(ODD))
    if isinstance(value, int):
        return draw(st.sampled_from(ODD_INTS) | st.integers(-300, 300))
    return draw(st.sampled_from([odd for odd in ODD if isinstance(odd, str)]))


@st.composite
def forging(draw, events):
    events = [dict(event) for event in events]
    for _ in range(draw(st.integers(1, 2))):
        number = draw(st.integers(0, len(events) - 1))
        event = events[number]
        match draw(st.integers(0, 6)):
            case 0 | 1 | 2:
                field = draw(st.sampled_from(sorted(event)))
                event[field] = odd_value(draw, event[field])
            case 3:
                del events[number]
            case 4:
                events.insert(draw(st.integers(0, len(events))), {**event, "more": 0})
            case 5:
                other = draw(st.integers(0, len(events) - 1))
                events[number], events[other] = events[other], event
            case _:
                field = draw(st.sampled_from(["more", "amount_points", "at", "value", "new"]))
                event[field] = draw(st.sampled_from(ODD))
        events = events or [{"type": "log_started", "format": 1}]
    return sealed(renumbered(events) if draw(st.integers(0, 4)) else events)


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_forged_log_is_an_error_with_a_place_or_adds_up(originals, spoiled, which):
    events = opened(originals[which])
    assert sealed(events) == (originals[which] / "events.jsonl").read_bytes()
    seen = Counter()

    @looks(400)
    @given(forging(events))
    def look(data):
        (spoiled / "user_data.json").unlink(missing_ok=True)
        (spoiled / "events.jsonl").write_bytes(data)
        found = judged(spoiled, seen)
        if found is not None:
            asyncio.run(live_on(spoiled, seen))

    look()
    assert min(seen["an error with a place"], seen["lived on"]) > 30, seen
    assert seen["verify has something to say"] > 10, seen


async def live_on(folder, seen):
    """Start, take a few commands, write user_data.json, start from it: all as if nothing were."""
    if recover(folder).head.seq == 0:
        return
    ledger = await Ledger.open_folder(folder, clock=lambda: NOON_MS + 3_600_000)
    try:
        for user in list(ledger.state.users.values()):
            who = {"by": "test", "user_id": user.user_id}
            await ledger.execute(
                c.RewardAd(**who, ad_number=user.ads_watched + 1, opened_at_ms=0, timed=False)
            )
            await ledger.execute(
                c.PlaceOrder(
                    **who,
                    order_id=f"{user.user_id}:1",
                    video_link=LINK,
                    video_key=KEY,
                    quantity=10,
                    price_points=100,
                )
            )
    finally:
        await ledger.close()
    live = encode(ledger.state, ledger.head)
    refresh(folder)
    again = recover(folder)
    assert (again.from_seq, again.warning) == (again.head.seq, "")
    assert encode(again.state, again.head) == live
    seen["lived on"] += 1


def spots(place):
    """Every place in these objects that can hold another value."""
    for key in place if isinstance(place, dict) else range(len(place)):
        yield place, key
        if isinstance(place[key], dict | list):
            yield from spots(place[key])


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_user_data_that_was_forged_with_its_checksum_never_stops_a_start(
    originals, spoiled, which
):
    """Such a file is believed, as a forged log would be: `verify` is there to find it."""
    shutil.copy(originals[which] / "events.jsonl", spoiled)
    good = json.loads((originals[which] / "user_data.json").read_bytes())
    del good["checksum"]
    seen = Counter()

    @looks(300)
    @given(st.data())
    def look(draws):
        forged = json.loads(json.dumps(good))
        for _ in range(draws.draw(st.integers(1, 3))):
            place, key = draws.draw(st.sampled_from(list(spots(forged))))
            place[key] = odd_value(draws.draw, place[key])
        body = json.dumps(forged, separators=(",", ":")).encode()[:-1]
        content = body + b',"checksum":"%b"}' % sha256(body).hexdigest().encode()
        (spoiled / "user_data.json").write_bytes(content)
        if forged != good:
            # A file that says it is of an earlier version is not compared, and no start uses it.
            is_earlier = forged["format"] in range(1, USER_DATA_FORMAT)
            report = verify(spoiled)
            assert not report.holds or is_earlier or forged_names_only(forged, good)
            assert not is_earlier or report.compared_seq == recover(spoiled).from_seq == 0
        found = recover(spoiled)
        seen["refused" if found.warning else "believed"] += 1

    look()
    assert min(seen["refused"], seen["believed"]) > 20, seen


def forged_names_only(forged, good):
    for content in (forged, good):
        for user in content["users"].values():
            user.update(dict.fromkeys(PROFILE_FIELDS, ""))
    return forged == good


@pytest.mark.parametrize(
    ("kind", "fields", "complaint"),
    [
        ("user_joined", {"prev": 0}, "user 101 joined before"),
        ("order_placed", {}, "the order 00000000000a was there before"),
        ("setting_changed", {"name": "points_per_1000_views", "value": 0}, "can't be 0"),
    ],
)
def test_what_would_spoil_balances_stops_a_start_too(originals, tmp_path, kind, fields, complaint):
    events = opened(originals[1])
    again = next(event for event in events if event["type"] == kind)
    last = max(event["seq"] for event in events if event.get("user_id") == again.get("user_id"))
    prev = {"prev": last} if "user_id" in again else {}
    forged = [*events, {**again, "seq": len(events) + 1, **prev, **fields}]
    (tmp_path / "events.jsonl").write_bytes(sealed(forged))
    with pytest.raises(BadLog, match=complaint) as raised:
        recover(tmp_path)
    assert raised.value.line_number == len(forged)


def test_an_ad_at_no_moment_is_found_and_locks_nobody_out(originals, tmp_path):
    events = opened(originals[1])
    for event in events:
        if event["type"] == "ad_rewarded":
            event["at"] = "yesterday"
    (tmp_path / "events.jsonl").write_bytes(sealed(events))
    assert "expected a moment" in str(verify(tmp_path).problems[0])
    seen = Counter()
    asyncio.run(live_on(tmp_path, seen))
    assert seen["lived on"] == 1


def test_blanks_that_json_allows_within_a_line_move_no_place(originals, tmp_path):
    """A carriage return is a blank to JSON, and the end of a line to some."""
    lines = (originals[1] / "events.jsonl").read_bytes().splitlines()
    body = lines[0].partition(b',"hash"')[0].replace(b',"seq"', b',\r"seq"')
    digest = sha256(b"0" * 64 + body).hexdigest()
    first = body + f',"hash":"{digest}"}}\n'.encode()
    (tmp_path / "events.jsonl").write_bytes(first + lines[2] + b"\n")
    with pytest.raises(BadLog) as raised:
        recover(tmp_path)
    assert (raised.value.line_number, raised.value.offset_bytes) == (2, len(first))
    (tmp_path / "events.jsonl").write_bytes(first)
    assert recover(tmp_path).head.seq == 1


def test_a_user_data_at_another_line_than_it_says_is_not_believed(originals, tmp_path):
    folder = shutil.copytree(originals[1], tmp_path / "data")
    content = json.loads((folder / "user_data.json").read_bytes())
    events = opened(originals[1])
    middle = next(event["seq"] for event in events if event.get("more"))
    hashes = [
        json.loads(line)["hash"] for line in (folder / "events.jsonl").read_bytes().splitlines()
    ]
    wrong = [
        {"seq": len(events) + 1},
        {"seq": middle, "hash": hashes[middle - 1]},
        {"at": "yesterday"},
    ]
    for fields in wrong:
        body = json.dumps({**content, **fields}, separators=(",", ":")).encode()
        body = body.partition(b',"checksum"')[0]
        digest = sha256(body).hexdigest().encode()
        (folder / "user_data.json").write_bytes(body + b',"checksum":"%b"}' % digest)
        found = recover(folder)
        assert "doesn't belong to this log" in found.warning, fields
        assert found.head.seq == len(events)
