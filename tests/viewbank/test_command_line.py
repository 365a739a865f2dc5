"""The command line: its output, exit statuses, and which files it leaves unchanged."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from support.books import BEN, events_of, offsets_of, write_books
from typer.testing import CliRunner

from bot.receive.connection import TokenRefused
from ledger import commands as c
from ledger.ledger import Ledger, LedgerFailed
from ledger.store.base import LogLocked
from viewbank import run as run_module
from viewbank.cli.main import app

ROOT = Path(__file__).parents[2]
TOKEN = "123456789:AAE-made_up_for_the_tests_0123456789"


@pytest.fixture(scope="session")
def books(tmp_path_factory):
    folder = tmp_path_factory.mktemp("books")
    write_books(folder)
    return folder


@pytest.fixture
def data(books, tmp_path):
    return shutil.copytree(books, tmp_path / "data")


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """Nobody's .env and DATA_DIR play a part."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in ("BOT_TOKEN", "DATA_DIR", "AD_URL", "PORT"):
        monkeypatch.delenv(name, raising=False)
    return folder


def run(*arguments, **environ):
    return CliRunner().invoke(app, [str(argument) for argument in arguments], env=environ)


def rows(output: str) -> list[str]:
    """The lines of a history without its two headlines."""
    return output.splitlines()[2:]


# verify


def test_verify_of_good_books_ends_with_0_and_says_how_much_it_saw(data):
    result = run("verify", "--data", data)
    events = events_of(data / "events.jsonl")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith(f"Everything is right: {len(events)} lines in ")
    assert events[-1].hash in result.stdout
    assert f"user_data.json is the log's state at line {len(events)}." in result.stdout
    assert result.stderr == ""


def test_verify_of_a_bad_line_ends_with_1_and_names_line_and_byte(data):
    log = data / "events.jsonl"
    content = bytearray(log.read_bytes())
    content[offsets_of(log)[6] + 30] ^= 1
    log.write_bytes(content)
    result = run("verify", "--data", data)
    assert result.exit_code == 1
    assert f"{log}, line 7 (at byte {offsets_of(log)[6]}): expected " in result.stdout
    assert "Everything is right" not in result.output


def test_verify_names_wrong_user_data(data):
    path = data / "user_data.json"
    path.write_bytes(path.read_bytes().replace(b'"balance":255', b'"balance":256'))
    result = run("verify", "--data", data)
    assert result.exit_code == 1
    assert f"{path}: user {BEN}, balance: the file says 256, the log says 255." in result.stdout


def test_verify_works_beside_the_running_ledger(data):
    async def play() -> None:
        ledger = await Ledger.open_folder(data)
        command = c.Join(by="user:9", user_id=9, referral_code="nine")
        results = await asyncio.gather(
            asyncio.to_thread(run, "verify", "--data", data), ledger.execute(command)
        )
        await ledger.close()
        assert results[0].exit_code == 0, results[0].output

    asyncio.run(play())


def test_verify_takes_the_folder_from_the_environment(data):
    assert run("verify", DATA_DIR=str(data)).exit_code == 0


@pytest.mark.parametrize(
    "command",
    [["verify"], ["replay"], ["history", "1"], ["export", "--format", "csv"], ["backup", "x"]],
)
def test_a_folder_that_is_not_there_is_wrong_usage(command, tmp_path):
    result = run(*command, "--data", tmp_path / "nowhere")
    assert result.exit_code == 2
    assert "nowhere" in result.stderr


# history


def test_history_shows_all_of_a_person_newest_first_with_the_balance_after_each(data):
    result = run("history", BEN, "--all", "--data", data)
    assert result.exit_code == 0, result.output
    own = [e for e in events_of(data / "events.jsonl") if getattr(e, "user_id", 0) == BEN]
    lines = rows(result.stdout)
    assert result.stdout.startswith("User 102, @ben, Ben: 255 points\n")
    assert [line[:24] for line in lines] == [event.at for event in reversed(own)]
    assert lines[-1].endswith("joined, invited by user 101")
    assert lines[-1].split()[:4] == [own[0].at, "·", "0", "user:102"]
    moves = [line.split()[1:3] for line in lines if line.split()[1] != "·"]
    balance = 0
    for change, after in reversed(moves):
        balance += int(change.replace("−", "-"))
        assert int(after) == balance
    assert balance == 255
    given = next(line for line in lines if "by hand" in line)
    assert "+500" in given
    assert "admin:7" in given
    assert given.endswith("balance changed by hand: sorry for the delay")


def test_history_finds_a_username_with_or_without_at_in_any_case(data):
    by_id = run("history", BEN, "--data", data).stdout
    for name in ("@ben", "ben", "@BEN"):
        assert run("history", name, "--data", data).stdout == by_id


def test_history_is_limited_and_says_that_there_is_more(data):
    result = run("history", BEN, "--limit", 3, "--data", data)
    assert len(rows(result.stdout)) == 3
    assert "older lines" in result.stderr
    everything = run("history", BEN, "--limit", 500, "--data", data)
    assert everything.stderr == ""
    assert rows(everything.stdout)[:3] == rows(result.stdout)


def test_history_leafs_through_many_pages_without_losing_a_line(data, monkeypatch):
    expected = run("history", BEN, "--all", "--data", data).stdout
    monkeypatch.setattr("viewbank.cli.files.PAGE_LINES", 4)
    assert run("history", BEN, "--all", "--data", data).stdout == expected
    nine = run("history", BEN, "--limit", 9, "--data", data).stdout
    assert rows(nine) == rows(expected)[:9]


def test_history_needs_no_user_data(data):
    expected = run("history", BEN, "--all", "--data", data).stdout
    (data / "user_data.json").unlink()
    assert run("history", BEN, "--all", "--data", data).stdout == expected


@pytest.mark.parametrize("name", ["999", "@nobody", "@", "", "12345678901234567890"])
def test_history_of_nobody_is_wrong_usage(data, name):
    result = run("history", name, "--data", data)
    assert result.exit_code == 2
    assert "no user" in result.stderr


def test_a_username_that_two_people_had_is_asked_back(data):
    with (data / "profiles.jsonl").open("a") as file:
        file.write('{"user_id":103,"username":"Ben"}\n')
    (data / "user_data.json").unlink()
    result = run("history", "@ben", "--data", data)
    assert result.exit_code == 2
    assert "102, 103" in result.stderr


def test_a_history_that_leads_to_a_damaged_line_ends_with_1_and_no_traceback(data):
    log = data / "events.jsonl"
    joined = next(e for e in events_of(log) if getattr(e, "user_id", 0) == BEN)
    content = bytearray(log.read_bytes())
    start = offsets_of(log)[joined.seq - 1]
    content[start : start + 2] = b"[["
    log.write_bytes(content)
    result = run("history", BEN, "--all", "--data", data)
    assert result.exit_code == 1
    assert "Run `verify`" in result.stderr


# run and demo


def start(monkeypatch, outcome, **environ):
    """Run without a command, with a stand-in for the bot; what it was given, and the result."""
    given = []

    async def stand_in(settings):
        given.append(settings)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    monkeypatch.setattr(run_module, "run", stand_in)
    # The tests' own logging stays as it is.
    monkeypatch.setattr("viewbank.telemetry.logs.set_up_logs", lambda *_: None)
    environ = {"BOT_TOKEN": TOKEN, "AD_URL": "https://ads.example"} | environ
    return given, run(**environ)


@pytest.mark.parametrize("status", [0, 1])
def test_without_a_command_the_bot_runs_and_its_status_is_ours(monkeypatch, status):
    given, result = start(monkeypatch, status, PORT="0")
    assert result.exit_code == status
    assert [(one.bot_token, one.port) for one in given] == [(TOKEN, 0)]


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("BOT_TOKEN", "", "BOT_TOKEN is not set"),
        ("PORT", "eighty", 'PORT is "eighty"; it takes'),
        ("BOT_TOKEN", "secret", "BOT_TOKEN is a value of 6 characters"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_line(monkeypatch, name, value, text):
    given, result = start(monkeypatch, 0, **{name: value})
    assert given == []
    assert result.exit_code == 2
    assert result.stderr.startswith(text)
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


@pytest.mark.parametrize(
    "error",
    [
        LogLocked(Path("data/events.jsonl")),
        LedgerFailed("the log can't be written"),
        TokenRefused("Telegram doesn't know this BOT_TOKEN"),
        OSError(98, "address already in use"),
        PermissionError(13, "Permission denied", "data"),
    ],
)
def test_what_can_be_expected_to_go_wrong_is_one_sentence(monkeypatch, error):
    _, result = start(monkeypatch, error)
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert str(error.args[-1]) in result.stderr


def test_the_token_alone_is_enough_to_start(monkeypatch):
    given, result = start(monkeypatch, 0, AD_URL="")
    assert result.exit_code == 0
    assert [one.ad_url for one in given] == [""]


def test_a_sentence_that_ends_with_a_full_stop_gets_no_second_one(monkeypatch):
    _, result = start(monkeypatch, OSError("Set PORT to a free one, or stop who has it."))
    assert result.stderr == "Set PORT to a free one, or stop who has it.\n"


@pytest.mark.parametrize("option", ["--port", "--chat-port"])
def test_a_second_demo_says_how_to_take_other_ports(option, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ports = {"--port": "0", "--chat-port": "0"} | {option: str(port)}
        options = [part for pair in ports.items() for part in pair]
        result = run("demo", "--data", str(tmp_path / "demo"), *options)
    assert result.exit_code == 1
    assert result.stderr == (
        f"The demo can't use port {port} ({option}): address already in use. If another demo is "
        "running, stop it, or take free ports: python -m viewbank demo --port 0 --chat-port 0.\n"
    )
    assert not (tmp_path / "demo").exists()


def test_verify_counts_one_of_each_in_the_singular(tmp_path):
    write_books(tmp_path / "small", one_of_each)
    said = run("verify", "--data", str(tmp_path / "small")).stdout
    assert "1 person with 0 points; 1 order, with 100 points set aside" in said


async def one_of_each(story):
    await story.join(BEN)
    await story.give(BEN, 100)
    await story.order(BEN, "00000000000a")


def test_verify_of_a_bad_last_line_counts_those_before_it(data):
    log = data / "events.jsonl"
    lines = log.read_bytes().splitlines(keepends=True)[:4]
    log.write_bytes(b"".join([*lines[:3], lines[3][:9] + b"#" + lines[3][10:]]))
    size = sum(map(len, lines[:3]))
    said = run("verify", "--data", str(data)).stdout
    assert "line 4 (at byte" in said
    assert f"Valid from the beginning: 3 lines in 3 commands, {size:,} bytes." in said


@pytest.mark.parametrize("arguments", [["nonsense"], ["--nonsense"], ["verify", "extra"]])
def test_wrong_usage_ends_with_2_and_starts_nothing(monkeypatch, arguments):
    monkeypatch.setattr(run_module, "run", None)
    result = run(*arguments, BOT_TOKEN=TOKEN, AD_URL="https://ads.example")
    assert result.exit_code == 2
    assert "Error:" in result.stderr


def test_demo_passes_its_options_on(monkeypatch):
    given = []

    def stand_in(**options):
        given.append(options)
        return 0

    monkeypatch.setattr("viewbank.demo.demo", stand_in)
    assert run("demo").exit_code == 0
    assert run("demo", "--port", 1, "--chat-port", 2, "--data", "x", "--fresh").exit_code == 0
    assert given == [
        {"port": 8080, "chat_port": 8081, "folder": Path("data/demo"), "fresh": False},
        {"port": 1, "chat_port": 2, "folder": Path("x"), "fresh": True},
    ]


@pytest.mark.parametrize("fresh", [[], ["--fresh"]])
def test_demo_keeps_its_hands_off_a_real_log(monkeypatch, data, fresh):
    monkeypatch.setattr("viewbank.demo.demo", None)
    result = run("demo", "--data", data, *fresh)
    assert result.exit_code == 2
    assert "no demo made" in result.stderr
    assert (data / "events.jsonl").exists()


@pytest.mark.parametrize(
    "command", ["verify", "replay", "history", "export", "import", "backup", "demo"]
)
def test_every_command_has_help(command):
    overview, result = run("--help").stdout, run(command, "--help")
    assert result.exit_code == 0
    assert f"  {command} " in overview
    assert "--data DIR" in result.stdout
    assert "..." not in overview.partition("Commands:")[2], "a summary was cut short"


# As processes of their own


def process(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env=os.environ | environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_verify_as_a_process(data):
    good = process("viewbank", "verify", "--data", str(data))
    assert (good.returncode, good.stderr) == (0, "")
    log = data / "events.jsonl"
    log.write_bytes(log.read_bytes()[:-1])
    bad = process("viewbank", "verify", DATA_DIR=str(data))
    assert bad.returncode == 1
    assert "unfinished command" in bad.stdout
    assert process("viewbank", "verify", "--depth").returncode == 2


def test_a_second_bot_on_the_same_folder_is_told_so_at_once(data):
    async def play():
        ledger = await Ledger.open_folder(data)
        second = await asyncio.to_thread(
            process,
            "viewbank",
            BOT_TOKEN=TOKEN,
            AD_URL="https://ads.example",
            TELEGRAM_API_URL="http://127.0.0.1:9",
            DATA_DIR=str(data),
            PORT="0",
        )
        await ledger.close()
        return second

    second = asyncio.run(play())
    assert second.returncode == 1
    assert "another Viewbank works on this folder" in second.stderr
    assert "Traceback" not in second.stderr


def test_replay_has_two_names(data):
    shown = [
        process(name, *more, "--data", str(data), "--until", "5")
        for name, more in (("viewbank", ["replay"]), ("ledger.replay", []))
    ]
    assert shown[0].returncode == 0
    assert (shown[0].stdout, shown[0].returncode) == (shown[1].stdout, shown[1].returncode)


def test_snapshot_as_a_process_refreshes_user_data_quietly(data):
    path = data / "user_data.json"
    good = path.read_bytes()
    path.unlink()
    done = process("ledger.store.snapshot", "--data", str(data))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert path.read_bytes() == good
    log = data / "events.jsonl"
    log.write_bytes(log.read_bytes().replace(b'"ad_number":2', b'"ad_number":3'))
    path.unlink()
    failed = process("ledger.store.snapshot", "--data", str(data))
    assert failed.returncode == 1
    assert failed.stderr.count("\n") == 1
    assert "line " in failed.stderr


def test_a_reader_of_our_output_may_leave_early(data):
    command = f"{sys.executable} -m viewbank history {BEN} --all --data {data} | true"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr
