"""Random rounds on the ledger: kills, disk faults and crash images, for as long as wanted."""

import random
import shutil
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chaos.crash_points.crash_images import Image, after_kills, after_power_cuts
from chaos.crash_points.image_check import ImageCheck
from chaos.crash_points.recorded_run import record
from chaos.faulty_disk import FAULTS
from chaos.ledger_run import End, LedgerRun

ROUNDS_PER_FOLDER = 40
"""Then a new log: a long one takes longer to check than to write."""
_ROUNDS_BETWEEN_IMAGES = 16
_KILL_IMAGES = 300
_ENDS: dict[End, int] = {
    "in write": 45,
    "random": 20,
    "blocked": 10,
    "fault": 15,
    "user_data_fault": 7,
    "stop": 3,
}


class RandomRounds:
    """Endless rounds in one folder after the other.

    Attributes:
        tally: counts of what happened.
        findings: what did not hold, with where to look.
    """

    def __init__(self, seed: int, folder: Path) -> None:
        """All choices come from the seed; what the kills hit is up to the machine."""
        self.tally: Counter[str] = Counter()
        self.findings: list[str] = []
        self._dice = random.Random(seed)
        self._folder = folder

    def rounds(self) -> Iterator[None]:
        """Endless rounds; yields after each."""
        number = 0
        while True:
            number += 1
            folder = self._folder / str(number)
            folder.mkdir()
            yield from self._rounds_in(folder, self._dice.getrandbits(32))

    def progress(self) -> str:
        """What was done so far, in one line."""
        count = self.tally
        return (
            f"{count['kills']:,} kills ({count['kills in mid-write']:,} in mid-write), "
            f"{count['faults injected']:,} faults, {count['crash images']:,} images, "
            f"{len(self.findings)} findings"
        )

    def _rounds_in(self, folder: Path, seed: int) -> Iterator[None]:
        before = len(self.findings)
        run = LedgerRun(folder / "data", seed, self.tally)
        for number in range(ROUNDS_PER_FOLDER):
            with self._recording_findings(folder, seed):
                (end,) = self._dice.choices(list(_ENDS), list(_ENDS.values()))
                run.round(end, self._dice.choice(FAULTS))
            if number % _ROUNDS_BETWEEN_IMAGES == 0:
                with self._recording_findings(folder, seed):
                    self._check_images(folder / f"images{number}", self._dice.getrandbits(32))
            yield
            if len(self.findings) > before:
                return
        shutil.rmtree(folder)

    def _check_images(self, folder: Path, seed: int) -> None:
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

    @contextmanager
    def _recording_findings(self, folder: Path, seed: int) -> Iterator[None]:
        """Turn whatever goes wrong within the block into a finding."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - each one is reported
            last = traceback.extract_tb(error.__traceback__)[-1]
            what = f"{type(error).__name__}: {error} [{Path(last.filename).name}:{last.lineno}]"
            self.findings.append(f"{what}\n  kept in {folder} (its seed: {seed})")
