"""Draws `bench/growth.png`: time per event and memory per user, by the number of users."""

from pathlib import Path

import matplotlib as mpl

from bench.figures import Figure

mpl.use("Agg")

from matplotlib import pyplot as plt

PLOT_PATH = Path(__file__).with_name("growth.png")


def draw(figures: list[Figure], path: Path = PLOT_PATH) -> None:
    """Draw the growth figures."""
    figure, time_axis = plt.subplots(figsize=(7, 4), layout="constrained")
    memory_axis = time_axis.twinx()
    for axis, kind, label, style in (
        (time_axis, "time", "replaying one event, µs", "C0o-"),
        (memory_axis, "memory", "memory a user, bytes", "C1s--"),
    ):
        points = points_of(figures, kind)
        if not points:
            raise ValueError(f"no figures of growth.{kind}")
        users, values = zip(*points, strict=True)
        axis.plot(users, values, style, label=label)
        axis.set_ylabel(label, color=style[:2])
        axis.set_ylim(0, max(values) * 1.4)
    time_axis.set_xscale("log")
    time_axis.set_xlabel("users (with ten events each)")
    time_axis.grid(visible=True, alpha=0.3)
    figure.legend(loc="outside upper center", ncols=2, frameon=False)
    figure.savefig(path, dpi=110, metadata={"Software": None})
    plt.close(figure)


def points_of(figures: list[Figure], kind: str) -> list[tuple[int, float]]:
    """Users, and the figure for that many."""
    prefix = f"growth.{kind}."
    return [
        (int(figure.key.removeprefix(prefix)), figure.ours)
        for figure in figures
        if figure.key.startswith(prefix)
    ]
