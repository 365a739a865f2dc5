"""The command line of the bench: `python -m bench`, or `make bench` and `make bench-quick`."""

import argparse
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import msgspec
from rich.console import Console

from bench.contents import ROWS, run_row
from bench.figures import Figure
from bench.logs import Bench
from bench.machine import describe, is_memory_only
from bench.measure import ROOT, apart
from bench.plot import draw
from bench.report import show, write_readme
from bench.results import RESULTS_PATH, Results, save
from bench.sizes import FULL, QUICK


def main() -> None:
    """Measure, print the table, and save the full bench's figures."""
    options = _options()
    sizes = QUICK if options.quick else FULL
    console = Console(width=max(160, Console().width) if not Console().is_terminal else None)
    base = options.folder or ROOT / ".bench"
    base.mkdir(parents=True, exist_ok=True)
    if is_memory_only(base):
        console.print(f"[yellow]{base} is memory, not a disk: its syncs cost nothing.[/yellow]")
    # Rows start with an empty folder; only logs can be kept for the next time.
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=base))
    logs = base / f"logs-{sizes.name}"
    if not options.keep:
        logs = folder
    bench = Bench(str(folder), sizes, str(logs))
    begun = perf_counter()
    try:
        figures, failed = measure(options.rows or list(ROWS), bench, console)
    finally:
        shutil.rmtree(folder)
    results = Results(
        day=f"{datetime.now(UTC):%Y-%m-%d}",
        machine=describe(base),
        sizes=sizes,
        took_s=round(perf_counter() - begun, 1),
        figures=figures,
        failed=failed,
    )
    if options.json is not None:
        save(results, options.json)
    show(results, console)
    if not options.quick and not options.rows and not failed:
        save(results, RESULTS_PATH)
        write_readme(results)
        draw(figures)
        console.print("bench/results.json, bench/README.md and bench/growth.png are updated.")
    if failed:
        raise SystemExit(1)


def measure(
    names: list[str], bench: Bench, console: Console
) -> tuple[list[Figure], dict[str, str]]:
    """Run rows, each in a process of its own; a row that fails doesn't stop the others."""
    figures: list[Figure] = []
    failed: dict[str, str] = {}
    for name in names:
        begun = perf_counter()
        try:
            found = apart(run_row, name, bench)
        except RuntimeError as error:
            failed[name] = str(error)
        else:
            figures += msgspec.convert(found, list[Figure])
        console.print(f"{name}: {perf_counter() - begun:.0f} s", style="dim")
    return figures, failed


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=main.__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"only these: {', '.join(ROWS)}")
    parser.add_argument("--quick", action="store_true", help="small sizes, about a minute")
    parser.add_argument(
        "--folder", type=Path, metavar="DIR", help="where to work: the disk that is measured"
    )
    parser.add_argument(
        "--keep", action="store_true", help="keep the logs there, and use them next time"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here, too")
    options = parser.parse_args()
    if unknown := set(options.rows) - set(ROWS):
        parser.error(f"no such row: {', '.join(sorted(unknown))}")
    return options


if __name__ == "__main__":
    main()
