"""A command on an empty or wrong folder says so, and names the logs nearby."""

import shutil

import pytest
from support.books import write_books
from typer.testing import CliRunner

from viewbank.cli.main import app

READING = [
    ["verify"],
    ["replay"],
    ["replay", "--check"],
    ["replay", "--until", "5"],
    ["history", "101"],
    ["export", "--format", "csv"],
    ["backup", "copy"],
]
ids = [" ".join(arguments) for arguments in READING]


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    folder = tmp_path_factory.mktemp("books")
    write_books(folder)
    return folder


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATA_DIR", raising=False)
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(app, [str(one) for one in arguments])


@pytest.mark.parametrize("command", READING, ids=ids)
def test_the_log_of_the_demo_is_named_where_data_has_none(here, books, command):
    shutil.copytree(books, here / "data" / "demo")
    result = run(*command)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == (
        "data/events.jsonl: the log is not there. There is a log in data/demo: to look there, add "
        "--data data/demo\n"
    )
    assert not (here / "copy").exists()


def test_logs_above_and_beside_are_named_too(here, books):
    shutil.copytree(books, here / "one")
    shutil.copytree(books, here / "two")
    (here / "empty" / "deep").mkdir(parents=True)
    assert "in one or two: to look there, add --data one" in run("verify", "--data", "empty").stderr
    shutil.copy(books / "events.jsonl", here / "empty")
    said = run("verify", "--data", "empty/deep").stderr
    assert "There is a log in empty: to look there, add --data empty" in said


def test_a_folder_that_is_not_there_is_wrong_usage_and_what_is_near_is_named(here, books):
    shutil.copytree(books, here / "data" / "demo")
    result = run("verify", "--data", "dta")
    assert result.exit_code == 2
    assert "dir 'dta' does not exist. There is a log in data/demo" in " ".join(
        result.stderr.split()
    )


def test_a_file_in_place_of_its_folder_is_wrong_usage(here, books):
    shutil.copytree(books, here / "data")
    result = run("verify", "--data", "data/events.jsonl")
    assert result.exit_code == 2
    assert "data/events.jsonl is a file" in result.stderr


def test_where_nothing_is_near_that_is_all_that_is_said(here):
    (here / "data").mkdir()
    result = run("verify")
    assert result.exit_code == 1
    assert result.stderr.startswith("data/events.jsonl: the log is not there.")
    assert "--data DIR" in result.stderr


@pytest.mark.parametrize(
    ("since", "until"),
    [("20", "10"), ("2026-02-01", "2026-01-01"), ("30", "2026-01-01T12:05Z"), ("2026-01-02", "9")],
)
def test_an_export_that_would_begin_behind_its_end_is_refused(here, books, since, until):
    command = ("export", "--format", "csv", "--data", books, "--from", since, "--to", until)
    for output in ((), ("--output", "out.csv")):
        result = run(*command, *output)
        assert result.exit_code == 2
        said = " ".join(result.stderr.replace("│", " ").split())
        assert "and end before that, at" in said
    assert not (here / "out.csv").exists()


@pytest.mark.parametrize(("since", "until"), [("10", "10"), ("2026-01-01", "2026-01-01")])
def test_an_export_may_end_where_it_begins(books, since, until):
    result = run("export", "--format", "csv", "--data", books, "--from", since, "--to", until)
    assert result.exit_code == 0, result.output


def test_a_time_or_line_that_is_still_to_come_is_called_so(books):
    said = run("history", "101", "--data", books, "--at", "2999-01-01").stdout
    assert "980 points now (2999-01-01T23:59:59.999Z is still to come)" in said
    said = run("history", "101", "--data", books, "--at", "99999").stdout
    assert "980 points now (there is no line 99,999 yet: the last one is 35)" in said


def test_the_present_day_is_not_over(books, monkeypatch):
    monkeypatch.setattr("viewbank.cli.files.wall_clock_ms", lambda: 1_767_300_000_000)
    said = run("history", "101", "--data", books, "--at", "2026-01-01").stdout
    assert "980 points so far today\n" in said


def test_a_place_where_no_export_can_be_written_is_named_as_it_was_typed(here, books):
    (here / "folder").mkdir()
    for output, words in (
        ("folder", "folder is a folder; name a file in it"),
        ("nowhere/out.csv", "the folder nowhere does not exist"),
    ):
        result = run("export", "--format", "csv", "--data", books, "--output", output)
        assert result.exit_code == 2
        assert words in " ".join(result.stderr.split())
    assert [one.name for one in here.iterdir()] == ["folder"]


def test_without_user_data_there_is_nothing_to_check(here, books):
    shutil.copytree(books, here / "data")
    (here / "data" / "user_data.json").unlink()
    result = run("replay", "--check")
    assert result.exit_code == 1
    assert result.stderr.startswith(
        "data/user_data.json is not there, so there is nothing to check"
    )
