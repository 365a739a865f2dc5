"""The proof by force: kills, bad disks and power cuts, against the real ledger on real files.

`python -m torture --minutes 10` (or `make torture`) runs all of it for a while; the test suite
runs a measured part. Nothing here is used by the program; it imports `ledger` alone.
"""
