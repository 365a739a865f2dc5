"""The command line of the chaos runs: `python -m chaos`, or `make chaos`.

First the ledger alone, with everything that can happen to it; then the whole program under kills.

Exit status 0: no finding; 1: there was one, and its folder is kept; 2: wrong usage.
"""

import asyncio
import logging
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from chaos.program.run import ProgramRun
from chaos.random_rounds import RandomRounds


def main(
    minutes: Annotated[float, typer.Option(min=0, help="How long the ledger; 0: not.")] = 10,
    kills: Annotated[int, typer.Option(min=0, help="How often the program; 0: not.")] = 200,
    seed: Annotated[int | None, typer.Option(help="All choices come from it.")] = None,
) -> None:
    """Kill, starve and tear ledger and program; check that they lose and double nothing."""
    # What starts log about torn tails is expected here.
    logging.getLogger("ledger").addHandler(logging.NullHandler())
    logging.getLogger("ledger").propagate = False
    seed = random.SystemRandom().getrandbits(32) if seed is None else seed
    folder, console = Path(tempfile.mkdtemp(prefix="viewbank-chaos-")), Console()
    console.print(f"Chaos run with seed {seed}, in {folder}")
    findings: list[str] = []
    if minutes:
        rounds = RandomRounds(seed, folder)
        _run_ledger(rounds, minutes * 60, console)
        findings += _report(rounds.tally, rounds.findings, console)
    if kills:
        run = ProgramRun(folder / "program", seed)
        _run_program(run, kills, console)
        findings += _report(run.tally, run.findings, console)
    if findings:
        console.print(f"Again: make chaos MINUTES={minutes:g} KILLS={kills} SEED={seed}")
        sys.exit(1)
    shutil.rmtree(folder)


def _report(tally: Counter[str], findings: list[str], console: Console) -> list[str]:
    for name, count in sorted(tally.items()):
        console.print(f"{count:>16,}  {name}", highlight=False)
    console.print(f"{len(findings):>16,}  findings", highlight=False)
    for finding in findings:
        console.print(finding, highlight=False, markup=False)
    return findings


def _run_ledger(rounds: RandomRounds, duration_s: float, console: Console) -> None:
    began_s = time.monotonic()
    with _progress(console) as progress:
        task = progress.add_task("", total=duration_s)
        for _ in rounds.rounds():
            passed_s = time.monotonic() - began_s
            done_s = min(passed_s, duration_s)
            progress.update(task, description=rounds.progress(), completed=done_s)
            if passed_s >= duration_s:
                return


def _run_program(run: ProgramRun, kills: int, console: Console) -> None:
    with _progress(console) as progress:
        task = progress.add_task("", total=kills)

        def show() -> None:
            progress.update(task, description=run.progress(), completed=run.tally["kills"])

        asyncio.run(run.run(kills, show))


def _progress(console: Console) -> Progress:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
    return Progress(*columns, console=console)


if __name__ == "__main__":
    typer.run(main)
