"""The layout's rules: who may import whom, and what the pure core may know."""

import ast
import gc
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = {
    "ledger": ROOT / "ledger",
    "ads": ROOT / "ads",
    "bot": ROOT / "bot",
    "web": ROOT / "http" / "web",
    "orders": ROOT / "orders",
    "sandbox": ROOT / "sandbox",
    "viewbank": ROOT / "viewbank",
}
MAY_IMPORT = {
    "ledger": set(),
    "ads": {"ledger"},
    "bot": {"ledger", "ads", "orders"},
    "web": {"ledger"},
    "orders": {"ledger"},
    "sandbox": set(),
    "viewbank": {"ledger", "ads", "bot", "web", "orders", "sandbox"},
}
SMALLEST = {"ads": 2}
FOREIGN_TO_LEDGER = {"telegram", "aiohttp", "requests", "http", "prometheus_client"}
PURE = (
    "events",
    "commands",
    "refusals",
    "rules/decide",
    "rules/orders",
    "rules/imports",
    "rules/admin",
    "postings",
    "economy",
    "projections",
)
PURE_MAY_IMPORT = {"operator", "msgspec", "typing", "ledger", "collections"}


def parsed(path: Path) -> ast.Module:
    """A file's syntax tree.

    CPython 3.11 fails (AST constructor recursion depth mismatch) when the collector comes by in
    the midst of parsing, and ends what earlier tests have left.
    """
    gc.disable()
    try:
        return ast.parse(path.read_text(encoding="utf-8"))
    finally:
        gc.enable()


def imports_of(path: Path) -> set[str]:
    """The top-level names of everything that a file imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports by their full names only"
            found.add((node.module or "").partition(".")[0])
    return found


def files_of(room: str) -> list[Path]:
    return sorted(ROOMS[room].rglob("*.py"))


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_it_may(room):
    files = files_of(room)
    assert len(files) >= SMALLEST.get(room, 5), "the scan must have seen the room"
    for path in files:
        for name in imports_of(path) & (set(ROOMS) - {room}):
            assert name in MAY_IMPORT[room], f"{path.relative_to(ROOT)} imports {name}"


def test_the_ledger_knows_no_telegram_and_no_http():
    for path in files_of("ledger"):
        assert not imports_of(path) & FOREIGN_TO_LEDGER, path


@pytest.mark.parametrize("name", PURE)
def test_the_core_is_pure(name):
    """No clock, no chance, no disk: what decides gets all of it as arguments."""
    assert imports_of(ROOMS["ledger"] / f"{name}.py") <= PURE_MAY_IMPORT


@pytest.mark.parametrize(
    "name",
    ["rules/decide", "rules/orders", "rules/imports", "rules/admin", "projections"],
)
def test_the_core_asks_no_clock(name):
    text = (ROOMS["ledger"] / f"{name}.py").read_text(encoding="utf-8")
    assert "now(" not in text
    assert "wall_clock" not in text


def test_no_folder_named_http_is_a_package():
    """It would hide the standard library's http whenever the root is on sys.path."""
    folders = [path for path in ROOT.rglob("http") if path.is_dir() and ".venv" not in path.parts]
    assert {ROOT / "http", ROOT / "tests" / "http"} <= set(folders)
    for folder in folders:
        assert not (folder / "__init__.py").exists()
    assert str(ROOT) in sys.path
    import http.client  # noqa: PLC0415 - this import is the test

    assert http.client.HTTPConnection


def test_every_module_opens_with_what_it_owns():
    seen = 0
    for room in ROOMS:
        for path in files_of(room):
            docstring = ast.get_docstring(parsed(path))
            assert docstring, path
            seen += 1
    assert seen > 50


PROOFS = {
    "personas": {"ledger", "bot"},
    "chaos": {"ledger", "bot", "sandbox", "viewbank", "personas"},
    "bench": {"ledger", "bot", "viewbank", "personas"},
}
"""What is there to test and measure the program, and what each of it may import."""


@pytest.mark.parametrize("room", ROOMS)
def test_the_program_imports_nothing_that_only_tests_it(room):
    for path in files_of(room):
        assert not imports_of(path) & {*PROOFS, "fuzz", "tests", "support"}, path


@pytest.mark.parametrize("folder", PROOFS)
def test_chaos_and_bench_share_personas_and_nothing_else(folder):
    files = sorted((ROOT / folder).rglob("*.py"))
    assert len(files) > 5, "the scan must have seen the folder"
    for path in files:
        for name in imports_of(path) & ({*ROOMS, *PROOFS} - {folder}):
            assert name in PROOFS[folder], f"{path.relative_to(ROOT)} imports {name}"
