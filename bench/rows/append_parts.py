"""Where a command's time goes: its steps one by one, through the ledger's own functions."""

from pathlib import Path
from time import perf_counter

import msgspec

from bench.figures import Figure
from bench.measure import apart
from bench.traffic import DAY_MS, ROUND_MS, reward
from ledger import events as e
from ledger.clocks.timestamps import to_ms
from ledger.projections import apply
from ledger.rules.decide import decide
from ledger.store.file import LOG_NAME, FileLogStore
from ledger.store.record import encode_records
from ledger.store.recovery import recover

BATCH = 256


class Parts(msgspec.Struct):
    """Microseconds per command in each step, without an event loop or a second thread."""

    decide_us: float = 0
    apply_us: float = 0
    seal_us: float = 0
    disk_us: float = 0

    @property
    def work_us(self) -> float:
        """Everything but the disk."""
        return self.decide_us + self.apply_us + self.seal_us

    def rest_us(self, whole_us: float) -> float:
        """The rest: futures, tasks, and handing over between two threads."""
        return whole_us - self.work_us - self.disk_us

    def in_words(self, whole_us: float) -> str:
        """For the line under a missed aim."""
        return (
            f"deciding {self.decide_us:.1f}, applying {self.apply_us:.1f}, sealing lines "
            f"{self.seal_us:.1f}, write and sync {self.disk_us:.1f}, and "
            f"{self.rest_us(whole_us):.1f} for the caller's task, its waiting, and two threads "
            "taking turns"
        )

    def figures(self, whole_us: float) -> list[Figure]:
        """The same as lines of the table."""
        steps = {
            "decide": self.decide_us,
            "apply": self.apply_us,
            "seal": self.seal_us,
            "disk": self.disk_us,
            "tasks and threads": self.rest_us(whole_us),
        }
        return [
            Figure(
                key=f"append.part.{name}",
                what=f"  of it: {name}",
                unit="µs a command",
                ours=us,
                other=whole_us,
                other_name="all of it",
            )
            for name, us in steps.items()
        ]


def measure_parts(log_folder: Path, folder: Path, commands: int) -> Parts:
    """Measure in a process of its own."""
    found = apart(_measure, str(log_folder), str(folder / "parts"), commands)
    return msgspec.convert(found, Parts)


def _measure(log_folder: str, folder: str, commands: int) -> Parts:
    """Do what `ledger.ledger` does, batch by batch, and time each step."""
    recovered = recover(Path(log_folder))
    state = recovered.state
    store = FileLogStore(Path(folder) / LOG_NAME)
    end = store.open()
    people = list(state.users)
    now_ms = to_ms(recovered.head.at) + DAY_MS
    step_ms = -(-ROUND_MS // len(people))
    decide_s = apply_s = seal_s = disk_s = 0.0
    done = 0
    while done < commands:
        batch: list[e.AnyEvent] = []
        for _ in range(BATCH):
            now_ms += step_ms
            command = reward(state, people[done % len(people)])
            begun = perf_counter()
            decision = decide(state, command, now_ms)
            decided = perf_counter()
            if not isinstance(decision, tuple):
                raise AssertionError(f"refused: {decision}")  # noqa: TRY004 - a refusal is no wrong type
            for event in decision:
                apply(state, event)
            apply_s += perf_counter() - decided
            decide_s += decided - begun
            batch.extend(decision)
            done += 1
        begun = perf_counter()
        lines, _ = encode_records(batch, end)
        sealed = perf_counter()
        end = store.append(lines, end)
        disk_s += perf_counter() - sealed
        seal_s += sealed - begun
    store.close()
    us = 1_000_000 / done
    return Parts(decide_s * us, apply_s * us, seal_s * us, max(0.0, disk_s * us))
