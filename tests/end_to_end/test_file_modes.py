"""Whatever a run writes, no other user of the machine can read it."""

import asyncio
import os
import stat

import msgspec
import pytest
from support.program_harness import ADMIN_ID, ProgramHarness
from typer.testing import CliRunner

from sandbox.client import SandboxClient
from sandbox.server import running
from viewbank.cli.main import app
from viewbank.file_modes import _OURS, tighten

VIDEO = "https://youtu.be/AbCdEfGhI_k"
WRITTEN = {
    "backup/events.jsonl",
    "backup/profiles.jsonl",
    "data/events.jsonl",
    "data/events.jsonl.torn",
    "data/inbox.jsonl",
    "data/notices.json",
    "data/pretend_telegram.json",
    "data/profiles.jsonl",
    "data/set_aside.jsonl",
    "data/user_data.json",
    "export.csv",
    "state.json",
}


@pytest.fixture(autouse=True)
def umask():
    """The most careless one: whoever leaves the mode to it is found out."""
    before = os.umask(0)
    yield
    os.umask(before)


def modes(folder):
    return {
        path.relative_to(folder).as_posix(): stat.S_IMODE(path.stat().st_mode)
        for path in folder.rglob("*")
    }


def poison(folder, bot_id):
    """What a process leaves that has died with an update alone, for the third time."""
    update = {"update_id": 999, "message": {"text": "poison"}}
    entry = {"bot_id": bot_id, "update_id": 999, "deaths": 2, "update": update}
    (folder / "inbox.jsonl").write_bytes(
        msgspec.json.encode({"keep": entry}) + b'\n{"handling":[999]}\n'
    )


async def use(shop):
    """Everything that writes a file."""
    await shop.open()
    await shop.admin.start()
    await shop.admin.wait_for("Welcome")
    anna = await shop.person("Anna", points=1000)
    await anna.say(VIDEO)
    await anna.wait_for("How many views?")
    await anna.say("10")
    await anna.wait_for("Please check")
    await anna.press("✅ Confirm")
    await anna.wait_for("is placed")
    await shop.close()
    with (shop.folder / "events.jsonl").open("ab") as log:
        log.write(b'{"type":"user_jo')
    poison(shop.folder, int(shop.outside.token.partition(":")[0]))
    await shop.open()
    await shop.admin.wait_for("Set aside")
    assert (shop.folder / "inbox.running").exists()
    assert modes(shop.folder)["inbox.running"] == 0o600
    await shop.person("Ben")
    await shop.close()


async def test_all_files_of_a_run_are_private(tmp_path, way):
    data = tmp_path / "data"
    async with (
        running(admin_ids=[ADMIN_ID], state_file=data / "pretend_telegram.json") as outside,
        SandboxClient(outside.url) as world,
    ):
        shop = ProgramHarness(outside, world, data, way)
        await use(shop)

    def run(*arguments):
        result = CliRunner().invoke(app, [*arguments, "--data", str(data)])
        assert result.exit_code == 0, result.output

    for command in (
        ("backup", str(tmp_path / "backup")),
        ("export", "--format", "csv", "--output", str(tmp_path / "export.csv")),
        ("replay", "--until", "3", "--output", str(tmp_path / "state.json")),
    ):
        await asyncio.to_thread(run, *command)
    found = modes(tmp_path)
    kinds = {name.partition("-20")[0] if ".torn" in name else name for name in found}
    assert kinds - {"data", "backup"} == WRITTEN, "the walk must have seen every file"
    loose = {
        name: oct(mode)
        for name, mode in found.items()
        if mode != (0o700 if (tmp_path / name).is_dir() else 0o600)
    }
    assert loose == {}
    unknown = [path.name for path in data.iterdir() if not _OURS.fullmatch(path.name)]
    assert unknown == [], "viewbank/data_folder.py must know every file"


def test_what_is_looser_is_tightened(tmp_path):
    data = tmp_path / "data"
    data.mkdir(0o755)
    for name in ("events.jsonl", "notices.json", ".user_data.json.1.tmp", "README.md"):
        (data / name).touch(0o644)
    assert tighten(data) == []
    assert modes(tmp_path) == {
        "data": 0o700,
        "data/.user_data.json.1.tmp": 0o600,
        "data/README.md": 0o644,
        "data/events.jsonl": 0o600,
        "data/notices.json": 0o600,
    }


def test_a_folder_with_others_files_stays_as_it_is_and_that_is_said(tmp_path):
    data = tmp_path / "data"
    data.mkdir(0o755)
    for name in ("events.jsonl", "thesis.txt"):
        (data / name).touch(0o644)
    (said,) = tighten(data)
    assert "thesis.txt" in said
    assert "chmod 700" in said
    assert modes(tmp_path) == {
        "data": 0o755,
        "data/events.jsonl": 0o600,
        "data/thesis.txt": 0o644,
    }


def test_a_link_is_not_followed(tmp_path):
    data = tmp_path / "data"
    data.mkdir(0o700)
    (tmp_path / "elsewhere").touch(0o644)
    (data / "events.jsonl").symlink_to(tmp_path / "elsewhere")
    assert tighten(data) == []
    assert modes(tmp_path)["elsewhere"] == 0o644
