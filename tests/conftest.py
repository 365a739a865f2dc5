"""Fixtures for all tests."""

# Loaded before any test runs: pytest loads it at the end otherwise, and parsing it deep within the
# event loop's frames can make CPython 3.11 fail (AST constructor recursion depth mismatch).
from hypothesis import settings

# How long an example takes says more of what else the machine does than of the code.
settings.register_profile("viewbank", deadline=None)
settings.load_profile("viewbank")
