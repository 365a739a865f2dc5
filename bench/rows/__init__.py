"""Owns the rows, one module each; `bench.contents` lists them.

It imports none of them: a process that weighs one row must not hold what the others need.
"""
