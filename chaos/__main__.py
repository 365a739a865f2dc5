"""Owns `make torture`: all of it, at random, for as long and as often as asked, and a summary.

First the ledger alone, and all that can happen to it; then the whole program under siege.

Exit status 0: nothing was found; 1: something was, and its folder is kept; 2: wrong usage.
"""

import asyncio
import logging
import random
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from chaos.crash_points.crash_images import Image, after_kills, after_power_cuts
from chaos.crash_points.image_check import ImageCheck
from chaos.crash_points.recorded_run import record
from chaos.faulty_disk import FAULTS
from chaos.ledger_run import Gauntlet
from chaos.program.run import Siege

ROUNDS_PER_FOLDER = 40
"""Then a new log: a long one takes longer to check than to write."""
_ROUNDS_BETWEEN_IMAGES = 16
_KILL_IMAGES = 300


class Torture:
    """Rounds until the time is over.

    Attributes:
        tally: what was done and seen.
        findings: what did not hold, with where to look.
    """

    def __init__(self, seed: int, folder: Path) -> None:
        """All chance comes from the seed; what the kills hit is up to the machine."""
        self.tally: Counter[str] = Counter()
        self.findings: list[str] = []
        self._dice = random.Random(seed)
        self._folder = folder

    def rounds(self) -> Iterator[None]:
        """Endless rounds; each yields when it is done."""
        number = 0
        while True:
            number += 1
            folder = self._folder / str(number)
            folder.mkdir()
            yield from self._gauntlet(folder, self._dice.getrandbits(32))

    def words(self) -> str:
        """The progress line."""
        count = self.tally
        return (
            f"{count['kills']:,} kills ({count['kills in mid-write']:,} in mid-write), "
            f"{count['faults injected']:,} faults, {count['crash images']:,} images, "
            f"{len(self.findings)} findings"
        )

    def _gauntlet(self, folder: Path, seed: int) -> Iterator[None]:
        before = len(self.findings)
        gauntlet = Gauntlet(folder / "data", seed, self.tally)
        for number in range(ROUNDS_PER_FOLDER):
            with self._noting(folder, seed):
                self._one(gauntlet)
            if number % _ROUNDS_BETWEEN_IMAGES == 0:
                with self._noting(folder, seed):
                    self._images(folder / f"images{number}", self._dice.getrandbits(32))
            yield
            if len(self.findings) > before:
                return
        shutil.rmtree(folder)

    def _one(self, gauntlet: Gauntlet) -> None:
        roll = self._dice.random()
        if roll < 0.45:  # noqa: PLR2004 - odds
            gauntlet.round("aimed")
        elif roll < 0.65:  # noqa: PLR2004 - odds
            gauntlet.round("chance")
        elif roll < 0.75:  # noqa: PLR2004 - odds
            gauntlet.round("held")
        elif roll < 0.9:  # noqa: PLR2004 - odds
            gauntlet.round("fault", self._dice.choice(FAULTS))
        elif roll < 0.97:  # noqa: PLR2004 - odds
            gauntlet.round("user_data_fault", self._dice.choice(FAULTS))
        else:
            gauntlet.round("stop")

    def _images(self, folder: Path, seed: int) -> None:
        """All that a power cut may leave of a random run, and many of what kills may leave."""
        dice = random.Random(seed)
        (folder / "run").mkdir(parents=True)
        run = record(folder / "run", seed, dice.randint(3, 8), dice.randint(3, 16))
        killed = list(after_kills(run.operations))
        images: list[Image] = [*after_power_cuts(run.operations, dice)]
        images += dice.sample(killed, min(_KILL_IMAGES, len(killed)))
        with ImageCheck(folder / "image", run, self.tally) as check:
            for image in images:
                check.check(image)
        shutil.rmtree(folder)

    def _noting(self, folder: Path, seed: int) -> "_Noting":
        return _Noting(self.findings, folder, seed)


class _Noting:
    """Turns whatever goes wrong within a `with` block into a finding."""

    def __init__(self, findings: list[str], folder: Path, seed: int) -> None:
        self._findings = findings
        self._place = f"{folder} (its seed: {seed})"

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: object
    ) -> bool:
        if not isinstance(error, Exception):
            return False
        last = traceback.extract_tb(error.__traceback__)[-1]
        what = f"{type(error).__name__}: {error} [{Path(last.filename).name}:{last.lineno}]"
        self._findings.append(f"{what}\n  kept in {self._place}")
        return True


def main(
    minutes: Annotated[float, typer.Option(min=0, help="How long the ledger; 0: not.")] = 10,
    kills: Annotated[int, typer.Option(min=0, help="How often the program; 0: not.")] = 200,
    seed: Annotated[int | None, typer.Option(help="All chance comes from it.")] = None,
) -> None:
    """Kill, starve and tear ledger and program, and check that they lose and double nothing."""
    # What starts say of torn tails is expected here.
    logging.getLogger("ledger").addHandler(logging.NullHandler())
    logging.getLogger("ledger").propagate = False
    seed = random.SystemRandom().getrandbits(32) if seed is None else seed
    folder, console = Path(tempfile.mkdtemp(prefix="viewbank-torture-")), Console()
    console.print(f"Torture with seed {seed}, in {folder}")
    findings: list[str] = []
    if minutes:
        _run(torture := Torture(seed, folder), minutes * 60, console)
        findings += _sum_up(torture.tally, torture.findings, console)
    if kills:
        _besiege(siege := Siege(folder / "program", seed), kills, console)
        findings += _sum_up(siege.tally, siege.findings, console)
    if findings:
        console.print(f"Again: make torture MINUTES={minutes:g} KILLS={kills} SEED={seed}")
        sys.exit(1)
    shutil.rmtree(folder)


def _sum_up(tally: Counter[str], findings: list[str], console: Console) -> list[str]:
    for name, count in sorted(tally.items()):
        console.print(f"{count:>16,}  {name}", highlight=False)
    console.print(f"{len(findings):>16,}  findings", highlight=False)
    for finding in findings:
        console.print(finding, highlight=False, markup=False)
    return findings


def _run(torture: Torture, seconds: float, console: Console) -> None:
    began = time.monotonic()
    with _progress(console) as progress:
        task = progress.add_task("", total=seconds)
        for _ in torture.rounds():
            passed = time.monotonic() - began
            progress.update(task, description=torture.words(), completed=min(passed, seconds))
            if passed >= seconds:
                return


def _besiege(siege: Siege, kills: int, console: Console) -> None:
    with _progress(console) as progress:
        task = progress.add_task("", total=kills)

        def told() -> None:
            progress.update(task, description=siege.words(), completed=siege.tally["kills"])

        asyncio.run(siege.lay(kills, told))


def _progress(console: Console) -> Progress:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
    return Progress(*columns, console=console)


if __name__ == "__main__":
    typer.run(main)
