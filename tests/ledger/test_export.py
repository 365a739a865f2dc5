"""Exports: other tools read them, check them, and agree with the ledger."""

import asyncio
import csv
import io
import json
import os
import shutil
import subprocess
import sys
import tracemalloc
import warnings
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from beancount import loader
from support.books import ANNA, BEN, Story, events_of, everything, forge, write_books
from typer.testing import CliRunner

from ledger import commands as c
from ledger import events as e
from ledger.clocks.timestamps import DAY_MS
from ledger.postings import account_name
from ledger.ranges import read_since, read_until
from ledger.reason_codes import ReasonCode
from ledger.store.rebuild import rebuild
from ledger.store.record import Head, encode_records
from ledger.transfer.export import Selection, export
from ledger.transfer.export_formats import FORMATS, CsvWriter
from viewbank.cli.export import Format
from viewbank.cli.main import app

NASTY = ['=1+1"\\', "+a;b  c|d", "-\n2026-01-01 * x", "@\t(3) ! 😀\u2028", "a, by:admin"]
SPANS = [
    (None, None),
    ("2026-01-02", None),
    (None, "2026-01-02"),
    ("2026-01-02", "2026-01-03"),
    ("14", "23"),
    ("2026-01-01T12:20Z", "2026-01-03T12:00Z"),
    ("2030-01-01", None),
    ("100000", None),
]


async def some_days(story: Story) -> None:
    """All that can happen, over several days, with a clock that goes back once."""
    await everything(story)
    for number, reason in enumerate(NASTY):
        story.now_ms += DAY_MS // 2
        await story.give(ANNA, number + 1, reason)
        await story.ads(BEN, 6 + number, 6 + number)
        if number == 2:
            story.now_ms -= DAY_MS
    await story.order(BEN, "00000000000e")
    await story.do(
        c.RejectOrder(by="provider", order_id="00000000000e", reason_code=ReasonCode.REFUSED)
    )
    await story.do(
        c.ImportUser(
            by="system",
            user_id=9,
            referral_code="nine",
            referred_by=ANNA,
            amount_points=1234,
            ads_watched=4,
        )
    )
    await story.do(
        c.ImportOrder(
            by="system", user_id=9, order_id="o", video_link="l", quantity=1, price_points=5
        )
    )


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    folder = tmp_path_factory.mktemp("export")
    write_books(folder, some_days)
    return folder


@pytest.fixture(scope="session")
def hledger():
    """Runs the real hledger."""
    path = shutil.which("hledger")
    if path is None and os.environ.get("VIEWBANK_NEED_HLEDGER") == "1":
        pytest.fail("hledger is not installed, and VIEWBANK_NEED_HLEDGER is 1")
    if path is None:
        pytest.skip("hledger is not installed (Debian: apt-get install hledger)")

    def run(journal: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [path, "--file", "-", *arguments],
            input=journal,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )

    return run


def text_of(folder: Path, form: str, user_id=None, since=None, until=None) -> str:
    selection = Selection(
        user_id,
        None if since is None else read_since(since),
        None if until is None else read_until(until),
    )
    return "".join(export(folder, selection, FORMATS[form]()))


def our_balances(folder: Path, until: str | None = None) -> dict[str, int]:
    """What the books say, accounts at zero left out."""
    state = rebuild(folder, None if until is None else read_until(until)).state
    balances = {account_name("user", user.user_id): user.balance for user in state.users.values()}
    balances |= {
        account_name("order", one.order_id): one.reserve_points for one in state.orders.values()
    }
    return {name: points for name, points in (balances | state.accounts).items() if points}


def hledger_balances(hledger, journal: str) -> dict[str, int]:
    done = hledger(journal, "balance", "--flat", "--no-total", "--output-format", "csv")
    assert done.returncode == 0, done.stderr
    rows = csv.DictReader(io.StringIO(done.stdout))
    return {row["account"]: int(row["balance"].partition(" ")[0]) for row in rows}


def beancount_balances(journal: str) -> dict[str, int]:
    """Beancount's own sums, under our names."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        entries, errors, _ = loader.load_string(journal)
    assert errors == []
    balances: dict[str, Decimal] = defaultdict(Decimal)
    for entry in entries:
        for posting in getattr(entry, "postings", ()):
            assert posting.units.currency == "POINTS"
            balances[posting.account] += posting.units.number
    return {_ours(name): int(points) for name, points in balances.items() if points}


def _ours(name: str) -> str:
    _, kind, rest = name.lower().split(":", 2)
    return f"{kind}:{rest.removeprefix('o-')}"


def bean_check(journal: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """The real bean-check."""
    path = folder / "journal.beancount"
    path.write_text(journal, encoding="utf-8")
    tool = Path(sys.executable).with_name("bean-check")
    return subprocess.run([tool, path], capture_output=True, text=True, timeout=60, check=False)


# The real tools


@pytest.mark.parametrize(("since", "until"), SPANS)
def test_hledger_accepts_every_span_and_has_our_balances(books, hledger, since, until):
    journal = text_of(books, "hledger", since=since, until=until)
    checked = hledger(journal, "check", "--strict", "ordereddates")
    assert (checked.returncode, checked.stderr) == (0, "")
    assert hledger_balances(hledger, journal) == our_balances(books, until)


@pytest.mark.parametrize(("since", "until"), SPANS)
def test_beancount_accepts_every_span_and_has_our_balances(books, since, until):
    journal = text_of(books, "beancount", since=since, until=until)
    assert beancount_balances(journal) == our_balances(books, until)


def test_bean_check_accepts_the_whole_journal_and_one_person_in_a_span(books, tmp_path):
    for arguments in ({}, {"user_id": BEN, "since": "2026-01-02"}):
        done = bean_check(text_of(books, "beancount", **arguments), tmp_path)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_tools_find_a_wrong_amount(books, hledger, tmp_path):
    """So their yes above means something."""
    for form in ("hledger", "beancount"):
        journal = text_of(books, form)
        house, user = ("house:adjustments", "user:101")
        if form == "beancount":
            house, user = ("Equity:House:Adjustments", "Assets:User:101")
        before = f"  {house}  20 POINTS", f"  {user}  -20 POINTS"
        assert all(journal.count(line) == 1 for line in before)
        wrong = journal.replace(before[0], before[0].replace("20", "21"))
        wrong = wrong.replace(before[1], before[1].replace("20", "21"))
        if form == "hledger":
            done = hledger(wrong, "check")
            said = done.stderr
        else:
            done = bean_check(wrong, tmp_path)
            said = done.stdout + done.stderr
        assert done.returncode != 0
        assert "balance" in said.lower()


@pytest.mark.parametrize("since", [None, "2026-01-02", "2030-01-01"])
def test_one_persons_journal_has_their_balances_and_those_of_their_orders(books, hledger, since):
    state = rebuild(books).state
    for user_id in (ANNA, BEN, 9):
        orders = {
            account_name("order", order_id): state.orders[order_id].reserve_points
            for order_id in state.orders_of.get(user_id, ())
        }
        balances = {account_name("user", user_id): state.users[user_id].balance} | orders
        expected = {name: points for name, points in balances.items() if points}
        journal = text_of(books, "hledger", user_id, since)
        assert hledger(journal, "check", "--strict").returncode == 0
        theirs = hledger_balances(hledger, journal)
        assert {n: p for n, p in theirs.items() if not n.startswith("house:")} == expected
        theirs = beancount_balances(text_of(books, "beancount", user_id, since))
        assert {n: p for n, p in theirs.items() if not n.startswith("house:")} == expected


def test_no_two_accounts_become_one_in_a_journal(books, hledger, tmp_path):
    """A log that somebody forged may have any text as an order's id."""
    folder = tmp_path / "forged"
    shutil.copytree(books, folder)
    log = folder / "events.jsonl"
    names = {"000000000003": "A b;c", "000000000004": "a_b:c", "000000000001": "é  \n{x}"}
    events = [
        type(event)(**{n: getattr(event, n) for n in event.__struct_fields__} | {"order_id": new})
        if (new := names.get(getattr(event, "order_id", "")))
        else event
        for event in events_of(log)
    ]
    forge(log, events)
    journal = text_of(folder, "hledger")
    assert hledger(journal, "check", "--strict").returncode == 0
    orders = [name for name in hledger_balances(hledger, journal) if name.startswith("order:")]
    assert len(orders) == 2  # what the third one had is spent
    assert len(beancount_balances(text_of(folder, "beancount"))) == len(our_balances(folder))


# CSV and lines of JSON


def test_csv_has_a_row_for_every_posting_and_ends_at_our_balances(books):
    rows = list(csv.DictReader(io.StringIO(text_of(books, "csv"))))
    last: dict[str, int] = {}
    sums: dict[int, int] = defaultdict(int)
    for row in rows:
        account, points = row["account"], int(row["amount_points"])
        assert last.get(account, 0) + points == int(row["balance_points"])
        last[account] = int(row["balance_points"])
        sums[int(row["seq"])] += points
    assert {name: points for name, points in last.items() if points} == our_balances(books)
    assert set(sums.values()) == {0}
    moving = [event for event in events_of(books / "events.jsonl") if event.seq in sums]
    assert len(moving) == len(sums)
    assert len(rows) == 2 * len(sums)


def test_a_span_in_csv_begins_with_what_was_there_before(books):
    rows = list(csv.DictReader(io.StringIO(text_of(books, "csv", since="2026-01-02"))))
    opening = {
        r["account"]: int(r["amount_points"]) for r in rows if r["type"] == "opening_balances"
    }
    assert opening == our_balances(books, "2026-01-01")
    assert all(row["at"] >= "2026-01-02" for row in rows if row["type"] != "opening_balances")


def test_no_cell_of_the_csv_can_act_as_a_formula(books):
    entries = list(csv.reader(io.StringIO(text_of(books, "csv"))))
    texts = [cell for row in entries[1:] for column, cell in enumerate(row) if column not in {5, 6}]
    numbers = [cell for row in entries[1:] for cell in row[5:7]]
    assert all(not cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in texts)
    assert all(int(number) is not None for number in numbers)
    assert any('=1+1"\\' in cell for cell in texts), "the nasty ones must have been there"


def test_a_text_that_begins_like_a_formula_is_put_behind_an_apostrophe(tmp_path):
    """`by` is the one text of a log that stands alone in its cell."""
    write_books(tmp_path)
    log = tmp_path / "events.jsonl"
    events = [
        type(event)(**{n: getattr(event, n) for n in event.__struct_fields__} | {"by": "=A1"})
        for event in events_of(log)
    ]
    forge(log, events)
    rows = list(csv.DictReader(io.StringIO(text_of(tmp_path, "csv"))))
    assert {row["by"] for row in rows} == {"'=A1"}


def test_lines_of_json_hold_what_the_csv_holds(books):
    rows = list(csv.DictReader(io.StringIO(text_of(books, "csv", BEN, "2026-01-02"))))
    objects = [json.loads(line) for line in text_of(books, "jsonl", BEN, "2026-01-02").splitlines()]
    as_text = [
        {name: "" if value is None else str(value) for name, value in one.items()}
        for one in objects
    ]
    assert as_text == rows
    assert {type(one["amount_points"]) for one in objects} == {int}
    assert {one["balance_points"] for one in objects if one["account"] == "house:ads"} == {None}


# How it is made


@pytest.mark.parametrize("form", FORMATS)
def test_memory_does_not_grow_with_the_log(tmp_path, form):
    peaks = []
    for ads in (1_500, 12_000):
        write_long_log(tmp_path, ads)
        tracemalloc.start()
        pieces = sum(1 for _ in export(tmp_path, Selection(), FORMATS[form]()))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert pieces == ads + 2
    assert peaks[1] < 1.3 * peaks[0]


def write_long_log(folder: Path, ads: int) -> None:
    at = "2026-01-01T12:00:00.000Z"
    events: list[e.AnyEvent] = [
        e.LogStarted(seq=1, at=at, by="system", format=1),
        e.UserJoined(seq=2, at=at, by="user:1", user_id=1, referral_code="c"),
    ]
    events += [
        e.AdRewarded(
            seq=n + 2, at=at, by="user:1", user_id=1, prev=n + 1, ad_number=n, amount_points=1
        )
        for n in range(1, ads + 1)
    ]
    (folder / "events.jsonl").write_bytes(b"".join(encode_records(events, Head())[0]))


def run(*arguments):
    return CliRunner().invoke(app, ["export", *[str(argument) for argument in arguments]])


def test_the_command_offers_every_format():
    assert [str(one) for one in Format] == list(FORMATS)


@pytest.mark.parametrize("form", FORMATS)
def test_to_a_file_and_to_the_screen_it_is_the_same(books, tmp_path, form):
    shown = run("--format", form, "--data", books)
    assert shown.exit_code == 0, shown.output
    target = tmp_path / "out"
    assert run("--format", form, "--data", books, "--output", target).exit_code == 0
    assert target.read_bytes() == shown.stdout_bytes == text_of(books, form).encode()
    assert list(tmp_path.iterdir()) == [target]


def test_a_log_that_does_not_check_ends_with_1_and_leaves_no_half_of_a_file(books, tmp_path):
    folder = tmp_path / "data"
    shutil.copytree(books, folder)
    log = folder / "events.jsonl"
    log.write_bytes(log.read_bytes().replace(b'"ad_number":3', b'"ad_number":4'))
    target = tmp_path / "out"
    target.write_text("an earlier one")
    result = run("--format", "csv", "--data", folder, "--output", target)
    assert result.exit_code == 1
    assert "line 8 " in result.stderr
    assert target.read_text() == "an earlier one"
    assert sorted(tmp_path.iterdir()) == [folder, target]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--format", "xls"], "xls"),
        ([], "--format"),
        (["--format", "csv", "--from", "soon"], "--from"),
        (["--format", "csv", "--to", "soon"], "--to"),
        (["--format", "csv", "--user", "77"], "nobody with the id 77"),
        (["--format", "csv", "--user", "@ben"], "--user"),
        (["--format", "csv", "--output", "events.jsonl"], "belongs to the ledger"),
    ],
)
def test_wrong_usage_ends_with_2_and_writes_nothing(books, monkeypatch, arguments, said):
    monkeypatch.chdir(books)
    before = (books / "events.jsonl").read_bytes()
    result = run(*arguments, "--data", books)
    assert result.exit_code == 2
    assert said in result.stderr
    assert (books / "events.jsonl").read_bytes() == before


def test_it_stops_at_the_last_complete_command_while_the_bot_writes(books, tmp_path):
    folder = tmp_path / "data"
    shutil.copytree(books, folder)
    with (folder / "events.jsonl").open("ab") as log:
        log.write(b'{"type":"ad_rewarded","seq":')
    assert text_of(folder, "csv") == text_of(books, "csv")


def test_the_title_row_is_there_even_when_nothing_has_moved(tmp_path):
    async def nothing(_: Story) -> None:
        await asyncio.sleep(0)

    write_books(tmp_path, nothing, user_data=False)
    assert text_of(tmp_path, "csv") == CsvWriter().begin()
    assert beancount_balances(text_of(tmp_path, "beancount")) == {}
