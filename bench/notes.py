"""Owns what was found out about a missed aim beyond one run's figures, by the figure's key.

A row says by itself what limits it, measured in the same run (`Figure.limit`). What took a closer
look (a profile, a counter-trial) is written down here, with the date, and printed below that.
"""

NOTES: dict[str, str] = {}
