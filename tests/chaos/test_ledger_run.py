"""The real ledger in a process, killed at random times: nothing acknowledged is lost."""

import sys

import pytest

from chaos import random_rounds as random_rounds_module
from chaos.acknowledgements import Acknowledgements
from chaos.crash_points.recorded_run import record
from chaos.invariants import Finding
from chaos.ledger_run import LedgerRun
from chaos.random_rounds import RandomRounds
from ledger import events as e
from ledger.store.file_log import FileLog
from ledger.store.reader import LogReader
from personas.ledger_commands import FIRST_ID

KILLS = 16


def test_whatever_is_acknowledged_survives_every_kill(tmp_path, capsys):
    run = LedgerRun(tmp_path / "data", seed=20261122)
    for number in range(KILLS):
        # A blocked write is sure to be hit; the others are hit by chance.
        run.round(("in write", "random", "in write", "blocked")[number % 4])
    run.round("stop")
    tally = run.tally
    with capsys.disabled():
        hits = {name: count for name, count in tally.items() if name.startswith("kills")}
        sys.stdout.write(f"\n{hits}, {tally['acknowledged']} acknowledged ")
    assert tally["kills"] == KILLS
    assert tally["kills in mid-write"] >= KILLS / 4
    assert tally["torn tails"] >= KILLS / 8
    assert tally["starts from user_data.json"] > 0
    assert tally["clean stops"] == 1
    assert len(run.acknowledged.granted) > 20 * KILLS
    assert run.acknowledged.known, "nothing was delivered twice"
    lengths = {event.more for event in LogReader(FileLog(tmp_path / "data/events.jsonl")).events()}
    assert lengths == {0, 1, 2}, "no command of several lines was at stake"


@pytest.fixture
def told(tmp_path):
    """A folder after one round, and what people were told in it."""
    run = LedgerRun(tmp_path / "data", seed=1)
    run.round("stop")
    return run


def test_the_check_finds_a_missing_acknowledgement(told):
    told.acknowledged.note(f"ok ad:{FIRST_ID}:99999 7 7")
    with pytest.raises(Finding, match="the log has None"):
        told.acknowledged.check(told.folder / "events.jsonl")


def test_the_check_finds_a_refusal_without_ground(told):
    told.acknowledged.note("known placed:ffffffffffff")
    with pytest.raises(Finding, match="the log doesn't have it"):
        told.acknowledged.check(told.folder / "events.jsonl")


def test_the_check_finds_what_is_granted_twice():
    acknowledged = Acknowledgements()
    assert acknowledged.note("ok join:1 2 2")
    with pytest.raises(Finding, match="granted twice"):
        acknowledged.note("ok join:1 3 3")


def test_the_check_finds_a_torn_command(told):
    log = told.folder / "events.jsonl"
    command = next(one for one in LogReader(FileLog(log)).commands() if len(one) > 1)
    bonus = next(event for event in command if isinstance(event, e.ReferralBonusPaid))
    data = log.read_bytes()
    at = data.index(b'"referee_id":%d' % bonus.referee_id)
    log.write_bytes(data[: data.rindex(b"\n", 0, at) + 1])
    with pytest.raises(Finding, match="the log has None"):
        told.acknowledged.check(log)


def test_a_failure_is_recorded_and_its_folder_kept(tmp_path, monkeypatch):
    def lose(*_):
        raise Finding("an acknowledged point is missing")

    def record_a_short_run(folder, seed, *_):
        return record(folder, seed, batches=3, users=4)

    monkeypatch.setattr(LedgerRun, "round", lose)
    monkeypatch.setattr(random_rounds_module, "record", record_a_short_run)
    monkeypatch.setattr(random_rounds_module, "_KILL_IMAGES", 50)
    random_rounds = RandomRounds(1, tmp_path)
    rounds = random_rounds.rounds()
    next(rounds)
    (finding,) = random_rounds.findings
    assert "an acknowledged point is missing" in finding
    assert f"kept in {tmp_path / '1'}" in finding
    next(rounds)
    assert (tmp_path / "1").exists()
    assert random_rounds.tally["crash images that differ"] > 100
