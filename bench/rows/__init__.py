"""The rows, one module each; `bench.contents` lists them.

Nothing is imported here: a process that measures one row must not load what the others need.
"""
