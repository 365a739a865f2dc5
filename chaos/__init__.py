"""Chaos runs: the ledger and the whole program under kills, disk faults and power cuts.

`python -m chaos --minutes 10 --kills 200` (or `make chaos`) runs all of it for a while; the test
suite runs a part. The program itself uses nothing of this.
"""
