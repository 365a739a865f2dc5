"""What is known about missed aims beyond one run's figures, by the figure's key.

A row says what limits it, measured in the same run (`Figure.limit`). What took a closer look (a
profile, another trial) is noted here, with the date, and printed below that.
"""

NOTES: dict[str, str] = {
    "append.sqlite": (
        "2026-11-22: most of deciding was writing and reading moments; it has been made quicker "
        "since this run, which tried by itself gave 58,000 commands/s on a busy machine."
    ),
    "memory.collection": (
        "2026-11-22: the running program freezes what it has loaded (`viewbank/run.py`). Tried "
        "with 1,000,000 people: 62 ms before the freeze, 0.001 ms after it."
    ),
}
