"""The bench: every row runs with tiny inputs, and its logs are valid logs of the ledger."""

import os
import re
from collections import Counter
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace
from rich.console import Console

from bench import report
from bench.fast_log import FIRST_ID, FastLog
from bench.figures import Figure, at_least, at_most
from bench.logs import Bench, borrowed
from bench.measure import IN_ONE_PROCESS, apart, in_turns
from bench.results import Results, load, save
from bench.sizes import TINY
from bench.traffic import for_commands
from ledger import events as e
from ledger.audit.verify import verify
from ledger.store.file_log import FileLog
from ledger.store.reader import LogReader
from ledger.store.record import Head, encode_records

ROOT = Path(__file__).parents[2]
EXPECTED = {
    "append": ["append.sqlite", "append.save", "append.bare", "append.many", "append.alone"],
    "replay": ["replay.rate", "replay.decode", "replay.verify"],
    "restart": ["restart"],
    "snapshot": ["snapshot.pause", "snapshot.rate", "snapshot.time"],
    "memory": ["memory.user", "memory.event", "memory.ad", "memory.collection"],
    "history": ["history.slowest", "history.median"],
    "growth": ["growth.time.30", "growth.memory.100"],
    "telegram": ["telegram.stock", "telegram.stock-64", "telegram.aiogram"],
    "telegram-latency": ["telegram.latency.p99", "telegram.latency.median"],
    "telegram-start": ["telegram.start"],
    "neighbours": [
        f"neighbours.{kind}"
        for kind in ("500", "429", "slow", "drip", "flood", "contact", "half-open")
    ],
    "postbacks": ["postbacks.handler", "postbacks.plain", "postbacks.wal"],
    "orders": [
        "orders.tap",
        "orders.tap.placing",
        "orders.placed",
        "orders.at-once",
        "orders.sent",
    ],
}


def need(module):
    """Skip where `make bench` has not been made; VIEWBANK_NEED_BENCH makes that a failure."""
    if not os.environ.get("VIEWBANK_NEED_BENCH"):
        pytest.importorskip(module, reason="make bench installs what we measure against")


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    """One folder for all rows: the tiny logs are made once."""
    folder = tmp_path_factory.mktemp("bench")
    return Bench(str(folder), TINY, str(folder))


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    folder = tmp_path_factory.mktemp("log")
    fast = FastLog(folder / "events.jsonl", 3_000, 300)
    fast.write()
    return folder, fast


@pytest.mark.parametrize("row", EXPECTED)
def test_every_row_runs_and_gives_its_figures(row, bench, monkeypatch):
    need("eventsourcing")
    monkeypatch.setenv(IN_ONE_PROCESS, "1")
    from bench.contents import ROWS  # noqa: PLC0415 - only where the library is

    assert list(ROWS) == list(EXPECTED)
    figures = ROWS[row](bench)
    assert set(EXPECTED[row]) <= {figure.key for figure in figures}
    for figure in figures:
        assert figure.aim is None or figure.limit, f"{figure.key} can't say what limits it"
        if not figure.key.startswith(("memory.", "growth.memory.", "append.part")):
            assert figure.ours > 0, figure.key


def test_a_fast_log_holds_in_every_way(log):
    folder, fast = log
    found = verify(folder)
    assert found.problems == ()
    assert (found.people, found.people_points) == (300, sum(fast.balance))
    assert found.head.seq >= 3_000


def test_a_fast_log_is_byte_for_byte_what_the_ledger_would_write(log):
    folder, _ = log
    path = folder / "events.jsonl"
    events = [replace(event, hash="") for event in LogReader(FileLog(path)).events()]
    lines, _ = encode_records(events, Head(), one_write=False)
    assert b"".join(lines) == path.read_bytes()


def test_a_fast_log_knows_where_everybodys_history_ends(log):
    folder, fast = log
    last = {}
    for event in LogReader(FileLog(folder / "events.jsonl")).events():
        if isinstance(event, e.UserEvent):
            last[event.user_id] = event.seq
    assert last == {FIRST_ID + person: seq for person, seq in enumerate(fast.last_seq)}


def test_a_fast_log_has_a_bit_of_everything(log):
    folder, _ = log
    kinds = Counter(type(event) for event in LogReader(FileLog(folder / "events.jsonl")).events())
    common = (e.UserJoined, e.AdRewarded, e.ReferralBonusPaid, e.OrderPlaced, e.OrderAccepted)
    for kind in (*common, e.OrderRejected, e.BalanceAdjusted):
        assert kinds[kind] > 0, kind


def test_a_borrowed_log_comes_back_as_it_was(bench):
    made = bench.log(100, 10)
    files = {path.name: path.read_bytes() for path in made.path.iterdir()}
    assert {"events.jsonl", "user_data.json"} <= set(files)
    with borrowed(made) as folder:
        with (folder / "events.jsonl").open("ab") as file:
            file.write(b"something new\n")
        draft = folder / "draft"
        draft.write_text("{}")
        draft.replace(folder / "user_data.json")
    assert {path.name: path.read_bytes() for path in made.path.iterdir()} == files


def test_contestants_take_turns():
    asked = []

    def contestant(name):
        def measure():
            asked.append(name)
            return float(len(asked))

        return measure

    found = in_turns(3, {"a": contestant("a"), "b": contestant("b")})
    assert "".join(asked) == "ababab"
    assert (found["a"].median, found["b"].spread) == (3, (2, 6))


def test_a_row_runs_in_a_process_of_its_own_and_measures_its_memory(tmp_path):
    need("eventsourcing")
    from bench.contents import run_row  # noqa: PLC0415 - only where the library is

    bench = Bench(str(tmp_path), replace(TINY, growth_users=()), str(tmp_path))
    figures = msgspec.convert(apart(run_row, "growth", bench), list[Figure])
    assert [figure.key for figure in figures] == ["growth.time.100", "growth.memory.100"]
    assert all(figure.ours > 0 for figure in figures)


def test_a_row_that_fails_says_so():
    with pytest.raises(RuntimeError, match="for_commands"):
        apart(for_commands, "this", "has too many arguments")


@pytest.mark.parametrize(
    ("aim", "ours", "other", "reached"),
    [
        (at_least(12), 120, 10, True),
        (at_least(12), 119, 10, False),
        (at_most(1.5), 3, 2, True),
        (at_most(10, "ours"), 10.1, None, False),
        (at_least(2), 5, None, False),
        (None, 5, None, None),
    ],
)
def test_an_aim_is_reached_or_not(aim, ours, other, reached):
    figure = Figure(key="k", what="w", unit="ms", ours=ours, other=other, aim=aim)
    assert figure.reached is reached


RESULTS = Results(
    day="2026-11-22",
    machine="2 cores",
    sizes=TINY,
    took_s=1.5,
    figures=[
        Figure(
            key="restart",
            what="Restart",
            unit="s",
            ours=3,
            other=1.5,
            other_name="decoding",
            aim=at_most(1.5),
            limit="It reads twice.",
        ),
        Figure(key="x", what="Good", unit="ms", ours=1, aim=at_most(2, "ours"), limit="Unsaid."),
    ],
)


def test_a_missed_aim_has_a_line_under_it_and_a_reached_one_has_not():
    missed, good = report.lines(RESULTS)
    assert missed.cells == ("Restart", "3 s", "1.5", "decoding", "2×", "at most 1.5×", "no")
    assert missed.below == ["It reads twice."]
    assert (good.cells[-1], good.below) == ("yes", [])
    console = Console(width=160, record=True, quiet=True)
    report.show(RESULTS, console)


def test_the_readme_gets_the_figures_between_its_marks(tmp_path):
    readme = tmp_path / "README.md"
    text = report.README_PATH.read_text(encoding="utf-8")
    readme.write_text(text, encoding="utf-8")
    for _ in range(2):
        report.write_readme(RESULTS, readme)
    new = readme.read_text(encoding="utf-8")
    assert "| Restart | 3 s | 1.5 | decoding | 2× | at most 1.5× | no |" in new
    assert new.count("It reads twice.") == 1
    assert new.splitlines()[:5] == text.splitlines()[:5]
    assert new.splitlines()[-5:] == text.splitlines()[-5:]


def test_results_come_back_from_their_file(tmp_path):
    save(RESULTS, tmp_path / "results.json")
    assert load(tmp_path / "results.json") == RESULTS


def test_growth_is_drawn(tmp_path):
    need("matplotlib")
    from bench.plot import draw  # noqa: PLC0415 - only where matplotlib is

    figures = [
        Figure(key=f"growth.{kind}.{users}", what="w", unit="u", ours=users / 10)
        for kind in ("time", "memory")
        for users in (10, 1000)
    ]
    draw(figures, tmp_path / "growth.png")
    assert (tmp_path / "growth.png").read_bytes().startswith(b"\x89PNG")


def test_what_is_written_down_about_the_machine_names_nobody():
    from bench.machine import describe  # noqa: PLC0415 - beside its test

    words = describe(ROOT)
    assert re.search(r"\d+ cores", words)
    assert str(ROOT) not in words
    assert "/" not in words
