"""`replay`: the state from the log alone, now or at any earlier line or time."""

import asyncio
import json
import shutil
from itertools import pairwise
from pathlib import Path

import pytest
from msgspec.structs import replace
from support.books import ANNA, BEN, events_of, forge, offsets_of, write_books
from support.given import NOON_MS
from typer.testing import CliRunner

from ledger import commands as c
from ledger.clocks.timestamps import to_ms, to_text
from ledger.ledger import Ledger
from ledger.projections import apply
from ledger.ranges import read_until
from ledger.state import State
from ledger.store.disk import Disk
from ledger.store.reader import BadLog
from ledger.store.rebuild import rebuild
from ledger.store.recovery import recover
from ledger.store.snapshot import refresh
from ledger.store.user_data import encode
from viewbank.cli.console import new_app
from viewbank.cli.replay import replay

app = new_app("")
app.command()(replay)


@pytest.fixture(scope="session")
def books(tmp_path_factory):
    folder = tmp_path_factory.mktemp("books")
    write_books(folder)
    return folder


@pytest.fixture
def data(books, tmp_path):
    return shutil.copytree(books, tmp_path / "data")


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_the_state_rebuilt_is_the_state_that_was_live(tmp_path):
    async def play() -> bytes:
        ledger = await Ledger.open_folder(tmp_path)
        await ledger.execute(c.Join(by="user:1", user_id=1, referral_code="one"))
        await ledger.close()
        return encode(ledger.state, ledger.head)

    live = asyncio.run(play())
    rebuilt = rebuild(tmp_path)
    assert encode(rebuilt.state, rebuilt.head) == live


def test_rebuilding_ignores_user_data_however_wrong(data):
    good = (data / "user_data.json").read_bytes()
    (data / "user_data.json").write_bytes(good.replace(b'"balance":', b'"balance":1'))
    rebuilt = rebuild(data)
    assert encode(rebuilt.state, rebuilt.head) == good
    recovered = recover(data)
    assert encode(recovered.state, recovered.head) == good, "recovery notices it"
    assert "was changed or damaged" in recovered.warning


def test_until_any_line_is_the_state_after_the_last_whole_command_up_to_it(books):
    events = events_of(books / "events.jsonl")
    state, whole_seq = State(), 0
    for event in events:
        apply(state, event)
        rebuilt = rebuild(books, event.seq)
        if event.more == 0:
            whole_seq = event.seq
            balances = {user.user_id: user.balance for user in rebuilt.state.users.values()}
            assert balances == {user.user_id: user.balance for user in state.users.values()}
        assert (rebuilt.state.seq, rebuilt.head.seq) == (whole_seq, whole_seq)
    assert whole_seq == len(events) > 30


def test_until_line_0_is_before_everything(books):
    assert rebuild(books, 0).state.users == {}


def test_until_a_moment_includes_that_moment(books):
    events = events_of(books / "events.jsonl")
    before, event = next(
        pair for pair in pairwise(events) if pair[0].seq > 1 and pair[1].at > pair[0].at
    )
    assert rebuild(books, event.at).head.seq == event.seq
    just_before = to_text(to_ms(event.at) - 1)
    assert rebuild(books, just_before).head.seq == before.seq


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("17", 17),
        (" 0 ", 0),
        ("2026-11-22", "2026-11-22T23:59:59.999Z"),
        ("2028-02-29", "2028-02-29T23:59:59.999Z"),
        ("2026-11-22T10:00Z", "2026-11-22T10:00:00.000Z"),
        ("2026-11-22T10:00", "2026-11-22T10:00:00.000Z"),
        ("2026-11-22 10:00:07", "2026-11-22T10:00:07.000Z"),
        ("2026-11-22T10:00:07.123Z", "2026-11-22T10:00:07.123Z"),
        ("2026-11-22T10:00:07.123999Z", "2026-11-22T10:00:07.123Z"),
        ("2026-11-22T01:00+02:00", "2026-11-21T23:00:00.000Z"),
    ],
)
def test_until_takes_lines_days_and_times_in_utc(text, expected):
    assert read_until(text) == expected


@pytest.mark.parametrize("text", ["", "yesterday", "-1", "2026-13-01", "2026-02-30", "9999-12-31"])
def test_until_refuses_what_is_no_line_and_no_time(text):
    with pytest.raises(ValueError, match="neither a line's number nor a time"):
        read_until(text)


def test_a_clock_set_back_ends_the_replay_at_the_first_later_command(tmp_path):
    now_ms = NOON_MS

    async def play() -> None:
        nonlocal now_ms
        ledger = await Ledger.open_folder(tmp_path, clock=lambda: now_ms)
        for user_id, minutes in ((1, 1), (2, 5), (3, 1)):
            now_ms = NOON_MS + minutes * 60_000
            await ledger.execute(
                c.Join(by=f"user:{user_id}", user_id=user_id, referral_code=f"c{user_id}")
            )
        await ledger.close()

    asyncio.run(play())
    assert list(rebuild(tmp_path, to_text(NOON_MS + 60_000)).state.users) == [1]


def test_a_contradiction_is_named_with_the_byte_where_its_line_begins(data):
    log = data / "events.jsonl"
    events = events_of(log)
    index = next(index for index, event in enumerate(events) if event.more) + 1
    forge(log, [*events[:index], replace(events[index], prev=1), *events[index + 1 :]])
    with pytest.raises(BadLog) as raised:
        rebuild(data)
    assert raised.value.line_number == index + 1
    assert raised.value.offset_bytes == offsets_of(log)[index]


def test_by_itself_it_writes_user_data_anew_with_the_names(data):
    path = data / "user_data.json"
    good = path.read_bytes()
    path.write_bytes(b"nonsense")
    result = run("--data", data)
    assert result.exit_code == 0, result.output
    assert path.read_bytes() == good
    assert json.loads(good)["users"][str(BEN)]["first_name"] == "Ben"
    assert "is rebuilt: line " in result.stdout
    assert sorted(item.name for item in data.iterdir()) == [
        "events.jsonl",
        "profiles.jsonl",
        "user_data.json",
    ]


def test_the_log_is_on_the_disk_before_user_data_speaks_of_it(data):
    """Else a power cut could leave a user_data.json that names lines which are lost."""
    calls = []

    class Watched(Disk):
        def sync(self, fd: int) -> None:
            calls.append(str(Path(f"/proc/self/fd/{fd}").readlink()))
            super().sync(fd)

        def replace(self, path: Path, data: bytes) -> None:
            calls.append(str(path))
            super().replace(path, data)

    refresh(data, Watched())
    assert calls == [str(data / "events.jsonl"), str(data / "user_data.json")]


def test_it_works_beside_a_writer(data):
    path = data / "user_data.json"
    path.unlink()

    async def play() -> None:
        ledger = await Ledger.open_folder(data)
        result = await asyncio.to_thread(run, "--data", data)
        await ledger.close()
        assert result.exit_code == 0, result.output

    asyncio.run(play())
    assert path.exists()


def test_a_log_that_does_not_check_leaves_user_data_as_it_was(data):
    before = (data / "user_data.json").read_bytes()
    log = data / "events.jsonl"
    log.write_bytes(log.read_bytes().replace(b'"ad_number":2', b'"ad_number":3'))
    result = run("--data", data)
    assert result.exit_code == 1
    assert "events.jsonl, line " in result.stderr
    assert result.stderr.count("\n") == 1
    assert (data / "user_data.json").read_bytes() == before


def test_an_unfinished_end_does_not_count_and_is_mentioned(data):
    with (data / "events.jsonl").open("ab") as log:
        log.write(b"half a li")
    result = run("--data", data)
    assert result.exit_code == 0
    assert "9 bytes of an unfinished command" in result.stderr


def test_check_agrees_with_what_refresh_wrote_and_writes_nothing(data):
    before = (data / "user_data.json").stat().st_mtime_ns
    result = run("--data", data, "--check")
    assert result.exit_code == 0, result.output
    assert "matches the log: line " in result.stdout
    assert (data / "user_data.json").stat().st_mtime_ns == before


def test_check_names_person_field_and_both_values(data):
    path = data / "user_data.json"
    path.write_bytes(path.read_bytes().replace(b'"banned":true', b'"banned":false'))
    result = run("--data", data, "--check")
    assert result.exit_code == 1
    assert "user 104, banned: the file says false, the log says true" in result.stdout


def test_check_of_a_file_ahead_of_its_log_says_so(data):
    log = data / "events.jsonl"
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(lines[:-1]))
    result = run("--data", data, "--check")
    assert result.exit_code == 1
    assert f"is at line {len(lines)}" in result.stdout


def test_check_of_a_file_of_an_earlier_version_says_so(data):
    path = data / "user_data.json"
    path.write_bytes(path.read_bytes().replace(b'"format":2', b'"format":1'))
    result = run("--data", data, "--check")
    assert result.exit_code == 1
    assert "is from an earlier version" in result.output


@pytest.mark.parametrize("content", [None, b"nonsense"])
def test_check_of_no_file_or_nonsense_does_not_hold(data, content):
    path = data / "user_data.json"
    path.unlink()
    if content:
        path.write_bytes(content)
    result = run("--data", data, "--check")
    assert result.exit_code == 1
    assert "user_data.json" in result.output


def test_until_shows_the_state_and_leaves_user_data_alone(data):
    before = (data / "user_data.json").read_bytes()
    result = run("--data", data, "--until", 2)
    assert result.exit_code == 0
    shown = json.loads(result.stdout)
    assert (shown["seq"], list(shown["users"])) == (2, [str(ANNA)])
    assert (data / "user_data.json").read_bytes() == before


def test_until_writes_to_a_file_if_told(data, tmp_path):
    result = run("--data", data, "--until", "2026-01-01", "--output", tmp_path / "then.json")
    assert result.exit_code == 0
    shown = json.loads((tmp_path / "then.json").read_bytes())
    assert shown["seq"] == len(events_of(data / "events.jsonl"))


def test_a_line_within_a_command_is_explained(data):
    middle = next(event.seq for event in events_of(data / "events.jsonl") if event.more)
    result = run("--data", data, "--until", middle)
    assert result.exit_code == 0
    assert json.loads(result.stdout)["seq"] == middle - 1
    assert f"this is the state at line {middle - 1}" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("--check", "--until", "3"),
        ("--output", "x.json"),
        ("--until", "yesterday"),
        ("--until", ""),
        ("--until", "100000"),
        ("--data", "no such folder"),
        ("--nonsense",),
        ("an argument",),
    ],
)
def test_wrong_usage_ends_with_2_and_writes_nothing(data, arguments, monkeypatch):
    monkeypatch.chdir(data)
    before = {path.name: path.read_bytes() for path in data.iterdir()}
    result = run("--data", data, *arguments)
    assert result.exit_code == 2, result.output
    assert {path.name: path.read_bytes() for path in data.iterdir()} == before


@pytest.mark.parametrize("name", ["events.jsonl", "profiles.jsonl", "user_data.json"])
@pytest.mark.parametrize("way", ["straight", "link", "hard link"])
def test_until_never_writes_over_the_files_of_the_ledger(data, tmp_path, name, way):
    target = data / name
    if way == "link":
        target = tmp_path / "link.json"
        target.symlink_to(data / name)
    elif way == "hard link":
        target = tmp_path / "link.json"
        target.hardlink_to(data / name)
    before = {path.name: path.read_bytes() for path in data.iterdir()}
    result = run("--data", data, "--until", 3, "--output", target)
    assert result.exit_code == 2
    assert {path.name: path.read_bytes() for path in data.iterdir()} == before


def test_until_does_not_create_user_data_either(data):
    (data / "user_data.json").unlink()
    result = run("--data", data, "--until", 3, "--output", data / "user_data.json")
    assert result.exit_code == 2
    assert not (data / "user_data.json").exists()


def test_a_folder_without_a_log_ends_with_1(tmp_path):
    for arguments in ((), ("--until", "3")):
        result = run("--data", tmp_path, *arguments)
        assert result.exit_code == 1
        assert "events.jsonl" in result.stderr


def test_an_empty_log_rebuilds_nothing(tmp_path):
    (tmp_path / "events.jsonl").touch()
    assert run("--data", tmp_path).exit_code == 1
    assert not (tmp_path / "user_data.json").exists()


def test_the_folder_comes_from_the_environment_or_the_env_file(data, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATA_DIR", raising=False)
    (data / "user_data.json").unlink()
    assert run().exit_code == 0  # ./data
    elsewhere = data.rename(tmp_path / "elsewhere")
    assert run().exit_code == 2
    (tmp_path / ".env").write_text("DATA_DIR=elsewhere\n")
    assert run().exit_code == 0
    (tmp_path / ".env").write_text("DATA_DIR=nowhere\n")
    assert run().exit_code == 2
    monkeypatch.setenv("DATA_DIR", str(elsewhere))
    assert run().exit_code == 0
