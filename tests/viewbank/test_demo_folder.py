"""`demo --fresh` deletes the files of demos, and nothing else."""

import asyncio

import pytest
from typer.testing import CliRunner

from ledger.ledger import Ledger
from viewbank.cli.main import app
from viewbank.demo import CHATS_NAME, forget

OURS = ("events.jsonl", "profiles.jsonl", "user_data.json", "notices.json", CHATS_NAME)


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "demo"
    folder.mkdir()
    return folder


@pytest.fixture
def started(monkeypatch):
    """The demos that would have run."""
    given = []
    monkeypatch.setattr("viewbank.demo._demo", lambda *_: nothing(given))
    return given


async def nothing(given):
    given.append("started")
    return 0


def run_fresh(folder):
    return CliRunner().invoke(app, ["demo", "--fresh", "--data", str(folder)])


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("name", ["thesis.txt", "user_data.json", "events.jsonl"])
def test_a_folder_that_no_demo_has_made_stays_as_it_is(folder, started, name):
    (folder / name).write_text("years of work")
    result = run_fresh(folder)
    assert result.exit_code == 2
    assert "--data" in result.output
    assert started == []
    assert names(folder) == [name]
    assert (folder / name).read_text() == "years of work"


def test_a_demos_files_go_and_what_others_put_beside_them_stays(folder, started):
    for name in (*OURS, "events.jsonl.torn-20261122T120000Z-5", "thesis.txt"):
        (folder / name).write_text("x")
    (folder / "pictures").mkdir()
    assert run_fresh(folder).exit_code == 0
    assert started == ["started"]
    assert names(folder) == ["pictures", "thesis.txt"]


@pytest.mark.parametrize("exists", [True, False])
def test_an_empty_or_missing_folder_is_fine(folder, started, exists):
    if not exists:
        folder.rmdir()
    assert run_fresh(folder).exit_code == 0
    assert started == ["started"]
    assert names(folder) == []


def test_nothing_is_deleted_while_another_demo_runs_there(folder, started):
    async def play():
        ledger = await Ledger.open_folder(folder)
        (folder / CHATS_NAME).write_text("{}")
        before = names(folder)
        result = await asyncio.to_thread(run_fresh, folder)
        assert names(folder) == before
        await ledger.close()
        return result

    result = asyncio.run(play())
    assert result.exit_code == 1
    assert "another Viewbank works on this folder" in result.stderr
    assert started == []


def test_a_real_demos_books_are_all_that_forget_takes(folder):
    async def play():
        ledger = await Ledger.open_folder(folder)
        await ledger.close()

    asyncio.run(play())
    (folder / CHATS_NAME).write_text("{}")
    assert "events.jsonl" in names(folder)
    forget(folder)
    assert names(folder) == []
