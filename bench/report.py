"""Prints the figures as a table, and writes the same table into `bench/README.md`."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bench.figures import Figure
from bench.notes import NOTES
from bench.results import Results

README_PATH = Path(__file__).with_name("README.md")
_MARKS = re.compile(
    r"(<!-- figures: begin.*?-->\n).*?(<!-- figures: end -->)", re.DOTALL | re.MULTILINE
)
HEADINGS = ("what", "ours", "beside it", "", "ratio", "aim", "reached")
_WIDTHS = (48, 20, 10, 36, 8, 22, 8)
_BIG, _SMALL = 1000, 10


class Line(NamedTuple):
    """One line of the table; `below` is what limits the figure, if its aim is missed."""

    cells: tuple[str, ...]
    below: list[str]


def lines(results: Results) -> Iterator[Line]:
    """All lines of the table."""
    for figure in results.figures:
        yield Line(_cells(figure), list(_below(figure)))


def show(results: Results, console: Console) -> None:
    """Print the table."""
    table = Table(box=box.HORIZONTALS, title=f"{results.sizes.name} bench, {results.machine}")
    table.add_column(_grid(HEADINGS))
    for line in lines(results):
        table.add_row(_grid(line.cells), style="yellow" if line.below else None)
        for text in line.below:
            # Below its line and as wide as all of it, hence the nested tables.
            table.add_row(Padding(Text(f"└ {text}", style="dim"), (0, 0, 0, 2)))
    console.print(table)
    for row, error in results.failed.items():
        console.print(f"[red]{row} failed:[/red] {error}")
    console.print(f"Medians; it took {results.took_s:.0f} s.")


def _grid(cells: tuple[str, ...]) -> Table:
    """One line, with the same column widths as every other line."""
    grid = Table.grid(expand=True, padding=(0, 1))
    for heading, width in zip(HEADINGS, _WIDTHS, strict=True):
        numbers = heading in {"ours", "beside it", "ratio"}
        grid.add_column(ratio=width, justify="right" if numbers else "left", overflow="fold")
    grid.add_row(*cells)
    return grid


def write_readme(results: Results, path: Path = README_PATH) -> None:
    """Put the figures between the marks of `bench/README.md`."""
    text = path.read_text(encoding="utf-8")
    new, found = _MARKS.subn(lambda marks: f"{marks[1]}{_markdown(results)}{marks[2]}", text)
    if found != 1:
        raise ValueError(f"{path} has lost its marks")
    path.write_text(new, encoding="utf-8")


def _markdown(results: Results) -> str:
    rows = [
        f"Measured on {results.day}: {results.machine}.\n",
        f"| {' | '.join(HEADINGS)} |",
        "| --- | ---: | ---: | --- | ---: | --- | --- |",
    ]
    for line in lines(results):
        rows.append(f"| {' | '.join(cell.replace('|', '/') for cell in line.cells)} |")
        rows += [f"| ↳ *{text}* | | | | | | |" for text in line.below]
    rows += [f"\n`{row}` failed: {error}" for row, error in results.failed.items()]
    return "\n".join(rows) + "\n"


def _cells(figure: Figure) -> tuple[str, ...]:
    ratio = "" if figure.ratio is None else f"{number(figure.ratio)}×"
    aim = ""
    if figure.aim is not None:
        unit = "×" if figure.aim.of == "ratio" else f" {figure.unit}"
        aim = f"{figure.aim.bound} {number(figure.aim.value)}{unit}"
    return (
        figure.what,
        f"{number(figure.ours)} {figure.unit}",
        "" if figure.other is None else number(figure.other),
        figure.other_name,
        ratio,
        aim,
        {True: "yes", False: "no", None: ""}[figure.reached],
    )


def _below(figure: Figure) -> Iterator[str]:
    if figure.reached is False:
        yield figure.limit or "Nobody has measured yet what limits it."
        if figure.key in NOTES:
            yield NOTES[figure.key]


def number(value: float) -> str:
    """Three significant digits, with separators between thousands."""
    if abs(value) >= _BIG:
        return f"{value:,.0f}"
    if abs(value) >= _SMALL:
        return f"{value:.1f}".removesuffix(".0")
    return f"{value:.3g}"
