"""The layout's rules: which package may import which, and what the pure core may import."""

import ast
import gc
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = {
    "i18n": ROOT / "i18n",
    "resilience": ROOT / "resilience",
    "ledger": ROOT / "ledger",
    "ads": ROOT / "ads",
    "bot": ROOT / "bot",
    "web": ROOT / "http" / "web",
    "orders": ROOT / "orders",
    "sandbox": ROOT / "sandbox",
    "viewbank": ROOT / "viewbank",
}
MAY_IMPORT = {
    "i18n": set(),
    "resilience": set(),
    "ledger": set(),
    "ads": {"ledger"},
    "bot": {"i18n", "resilience", "ledger", "ads", "orders"},
    "web": {"i18n", "resilience", "ledger", "ads"},
    "orders": {"resilience", "ledger"},
    "sandbox": {"resilience"},
    "viewbank": {"i18n", "resilience", "ledger", "ads", "bot", "web", "orders", "sandbox"},
}
SMALLEST = {"ads": 2, "resilience": 3}
FOREIGN_TO_LEDGER = {"telegram", "aiohttp", "requests", "http", "prometheus_client"}
PRIVATE_ATTRIBUTES = {"_request", "_base_url", "_base_file_url", "_retry_after", "_bot_user"}
"""Of the library's objects; ruff finds all others in the product, and tests don't use its bot."""
SUSPECT = re.compile(rf"^\s*(from|import) telegram\b|{'|'.join(PRIVATE_ATTRIBUTES)}", re.MULTILINE)
"""Parsing every file would take seconds."""
RULES = tuple(f"rules/{path.stem}" for path in sorted((ROOT / "ledger" / "rules").glob("*.py")))
PURE = (
    "events",
    "commands",
    "refusals",
    "reason_codes",
    "order_status",
    "postings",
    "economy",
    "state",
    "projections",
    *RULES,
)
PURE_MAY_IMPORT = {
    *("collections", "enum", "itertools", "ledger", "msgspec", "operator", "re", "typing"),
}


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


def test_retry_policies_are_pure():
    """No clock, no event loop, no chance: their users bring all of it."""
    for path in files_of("resilience"):
        allowed = {"collections", "dataclasses", "math", "resilience"}
        assert imports_of(path) <= allowed, path


def test_the_ledger_knows_no_telegram_and_no_http():
    for path in files_of("ledger"):
        assert not imports_of(path) & FOREIGN_TO_LEDGER, path


@pytest.mark.parametrize("name", PURE)
def test_the_core_is_pure(name):
    """No clock, no chance, no disk: what decides gets all of it as arguments."""
    assert imports_of(ROOMS["ledger"] / f"{name}.py") <= PURE_MAY_IMPORT


def test_the_scan_saw_the_rules():
    assert {"rules/decide", "rules/ads", "rules/orders", "rules/admin"} < set(RULES)


@pytest.mark.parametrize("name", [*RULES, "state", "projections"])
def test_the_core_asks_no_clock(name):
    text = (ROOMS["ledger"] / f"{name}.py").read_text(encoding="utf-8")
    assert "now(" not in text
    assert "wall_clock" not in text


def python_files() -> list[Path]:
    """All of the repository's own."""
    files = [path for path in ROOT.rglob("*.py") if not {".venv", ".fuzz"} & set(path.parts)]
    assert len(files) > 250, "the scan must have seen the repository"
    return files


def names_from_the_telegram_library(tree: ast.Module) -> set[str]:
    """All modules and names of python-telegram-bot that a file imports, with dots."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in found if name.partition(".")[0] == "telegram"}


def test_nobody_uses_private_names_of_the_telegram_library():
    found = []
    for path in python_files():
        if not SUSPECT.search(path.read_text(encoding="utf-8")):
            continue
        tree = parsed(path)
        found += [
            (path.relative_to(ROOT), name)
            for name in names_from_the_telegram_library(tree)
            if any(part.startswith("_") and part != "__all__" for part in name.split("."))
        ]
        found += [
            (path.relative_to(ROOT), node.attr)
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and node.attr in PRIVATE_ATTRIBUTES
        ]
    assert found == []


def test_the_product_uses_the_telegram_librarys_errors_and_types_and_not_its_bot():
    used = {
        name
        for room in ROOMS
        for path in files_of(room)
        for name in names_from_the_telegram_library(parsed(path))
    }
    assert "telegram.error.TelegramError" in used, "the scan must have seen what is used"
    allowed = ("telegram.error", "telegram.constants", "telegram.helpers", "telegram.BotCommand")
    assert [name for name in sorted(used) if not name.startswith(allowed)] == []


MAY_IMPORT_OF_THE_STORE = {"ledger.store.disk", "ledger.store.profiles"}
ROOMS_WITHOUT_A_LOG_FILE = ("ads", "bot", "orders", "web")


def modules_imported_by(path: Path) -> set[str]:
    """The full names of everything that a file imports from, and imports."""
    found: set[str] = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            found |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
    return found


def test_only_the_ledger_and_the_program_around_it_know_where_the_log_is_kept():
    """The other rooms ask the ledger, so that the log need not be a file."""
    allowed, seen = 0, 0
    for room in ROOMS_WITHOUT_A_LOG_FILE:
        for path in files_of(room):
            seen += 1
            for name in modules_imported_by(path):
                if name.startswith("ledger.store"):
                    fine = any(name.startswith(one) for one in MAY_IMPORT_OF_THE_STORE)
                    assert fine or name == "ledger.store", f"{path.relative_to(ROOT)}: {name}"
                    allowed += 1
            text = path.read_text(encoding="utf-8")
            assert "events.jsonl" not in text, path
            assert "LOG_NAME" not in text, path
    assert seen > 50
    assert allowed, "the scan must have seen an import that is allowed"


def test_the_ledger_opens_no_file_itself():
    """It hands lines to a store; `Ledger.open_folder` only says which one."""
    files = {"os", "io", "ledger.store.file_log", "ledger.store.file_lines"}
    for name in ("ledger", "opening", "writer", "history"):
        assert not modules_imported_by(ROOMS["ledger"] / f"{name}.py") & files, name
    for name in ("writer", "history"):
        assert "pathlib" not in modules_imported_by(ROOMS["ledger"] / f"{name}.py")


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
    "personas": {"ledger", "bot", "i18n"},
    "chaos": {"ledger", "bot", "sandbox", "viewbank", "personas"},
    "bench": {"ledger", "ads", "bot", "web", "viewbank", "personas", "sandbox"},
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
