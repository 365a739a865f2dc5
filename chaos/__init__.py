"""The proof by force: kills, bad disks and power cuts, on real files and real processes.

`python -m chaos --minutes 10 --kills 200` (or `make torture`) runs all of it for a while; the
test suite runs a measured part. Nothing here is used by the program. What is about the ledger
imports `ledger` alone; the siege of the whole program (`siege.py`) meets it as people do.
"""
