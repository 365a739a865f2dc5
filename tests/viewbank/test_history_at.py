"""The past: `history --at`, and `verify --head` with the hash of an earlier digest."""

import shutil

import pytest
from msgspec.structs import replace
from support.books import ANNA, BEN, events_of, forge, offsets_of, write_books
from typer.testing import CliRunner

from ledger import events as e
from ledger.clocks.timestamps import to_ms, to_text
from ledger.history import Cursor, HistoryReader, change_of
from ledger.store.file_log import FileLog
from ledger.store.rebuild import rebuild
from ledger.store.recovery import recover
from ledger.words.wording import counted
from viewbank.cli.main import app


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    folder = tmp_path_factory.mktemp("earlier")
    write_books(folder)
    return folder


@pytest.fixture
def data(books, tmp_path):
    return shutil.copytree(books, tmp_path / "data")


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def own(folder, user_id=BEN):
    """A person's events."""
    events = events_of(folder / "events.jsonl")
    return [one for one in events if isinstance(one, e.UserEvent) and one.user_id == user_id]


# history --at


def test_at_every_line_and_moment_the_balance_is_the_one_of_then(books):
    user = recover(books).state.users[BEN]
    newest = Cursor(user.last_seq, user.balance)
    with FileLog(books / "events.jsonl") as log:
        reader = HistoryReader(log)
        for event in events_of(books / "events.jsonl"):
            for until in (event.seq, event.at):
                # A command counts whole for `rebuild`, so look at its last line.
                if event.more:
                    continue
                then = rebuild(books, until).state.users.get(BEN)
                found = reader.cursor_at(BEN, newest, until)
                expected = Cursor(then.last_seq, then.balance) if then else None
                assert found == expected, until


def test_at_shows_the_balance_of_then_and_pages_backwards_from_there(books):
    everything = run("history", BEN, "--all", "--data", books).stdout.splitlines()[2:]
    mine = own(books)
    for place, event in enumerate(mine):
        result = run("history", BEN, "--at", event.seq, "--all", "--data", books)
        assert result.exit_code == 0, result.output
        lines = result.stdout.splitlines()
        balance = sum(change_of(one, BEN) for one in mine[: place + 1])
        assert lines[0] == f"User 102, @ben, Ben: {counted(balance, 'point')} at line {event.seq}"
        assert lines[2:] == everything[len(mine) - 1 - place :]


def test_at_takes_a_day_a_time_and_a_line_between_two_of_the_persons(books):
    shown = run("history", BEN, "--at", "2026-01-01", "--data", books).stdout
    assert "255 points at 2026-01-01T23:59:59.999Z" in shown
    third = own(books)[2]
    a_moment_later = to_text(to_ms(third.at) + 1)
    shown = run("history", BEN, "--at", a_moment_later, "--data", books).stdout.splitlines()
    assert shown[2].startswith(third.at)


def test_at_a_time_before_the_person_came_nothing_had_happened(books):
    result = run("history", BEN, "--at", "2020-01-01", "--data", books)
    assert result.exit_code == 0
    assert "nothing had happened yet at 2020-01-01" in result.stdout
    assert len(result.stdout.splitlines()) == 2


def test_where_a_clock_was_set_back_what_counts_is_the_newest_line_of_that_moment(data):
    log = data / "events.jsonl"
    events = events_of(log)
    mine = own(data)
    back = mine[-1].seq
    events[back - 1] = replace(events[back - 1], at=mine[0].at)
    forge(log, events)
    (data / "user_data.json").unlink()
    shown = run("history", BEN, "--at", mine[0].at, "--data", data).stdout.splitlines()
    assert shown[2].startswith(mine[0].at)
    assert len(shown) == 2 + len(mine)


def test_a_time_that_is_none_is_wrong_usage(books):
    result = run("history", BEN, "--at", "soon", "--data", books)
    assert result.exit_code == 2
    assert "--at" in result.stderr


# verify --head


def test_every_hash_of_a_whole_log_is_found_with_its_line(books):
    for event in events_of(books / "events.jsonl")[::4]:
        result = run("verify", "--head", event.hash, "--data", books)
        assert result.exit_code == 0, result.output
        assert f"is that of line {event.seq}, of {event.at}: nothing up to there" in result.stdout


def test_a_log_that_was_written_anew_after_an_admin_was_told_is_found_out(data):
    log = data / "events.jsonl"
    events = events_of(log)
    told = events[-1].hash
    assert run("verify", "--head", told.upper(), "--data", data).exit_code == 0
    # Somebody who can compute hashes takes 5 points from Anna's correction.
    place = max(n for n, one in enumerate(events) if isinstance(one, e.BalanceAdjusted))
    assert events[place].user_id == ANNA
    events[place] = replace(events[place], amount_points=-25)
    forge(log, events)
    (data / "user_data.json").unlink()
    assert run("verify", "--data", data).exit_code == 0, "on its own the new log is flawless"
    result = run("verify", "--head", told, "--data", data)
    assert result.exit_code == 1
    assert "is of no line: the log has been changed or cut since" in result.stdout


def test_a_log_that_was_cut_after_an_admin_was_told_is_found_out(data):
    log = data / "events.jsonl"
    told = events_of(log)[-1].hash
    log.write_bytes(log.read_bytes()[: offsets_of(log)[-1]])
    (data / "user_data.json").unlink()
    assert run("verify", "--data", data).exit_code == 0
    assert run("verify", "--head", told, "--data", data).exit_code == 1


def test_a_hash_behind_a_damaged_line_proves_nothing(data):
    log = data / "events.jsonl"
    events = events_of(log)
    log.write_bytes(log.read_bytes().replace(b'"ad_number":3', b'"ad_number":4'))
    result = run("verify", "--head", events[-1].hash, "--data", data)
    assert result.exit_code == 1
    assert "is in the file, but not before line 8, where the log" in result.stdout
    result = run("verify", "--head", events[1].hash, "--data", data)
    assert result.exit_code == 1, "the log as a whole does not hold"
    assert "is that of line 2," in result.stdout


def test_a_hash_in_a_reason_is_not_the_hash_of_a_line(data):
    log = data / "events.jsonl"
    events = events_of(log)
    place = max(n for n, one in enumerate(events) if isinstance(one, e.BalanceAdjusted))
    wanted = "ab" * 32
    events[place] = replace(events[place], reason=f',"hash":"{wanted}"}}')
    forge(log, events)
    (data / "user_data.json").unlink()
    assert run("verify", "--data", data).exit_code == 0
    assert run("verify", "--head", wanted, "--data", data).exit_code == 1


@pytest.mark.parametrize("digest", ["", "abc", "g" * 64, "a" * 63, "a" * 65])
def test_what_is_no_hash_is_wrong_usage(books, digest):
    result = run("verify", "--head", digest, "--data", books)
    assert result.exit_code == 2
    assert "--head" in result.stderr
