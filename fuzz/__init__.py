"""Fuzzing on demand, led by coverage; see `__main__.py`. Not part of the program."""
