"""For all tests."""

# Loaded before any test runs: pytest loads it at the end otherwise, and parsing it deep within the
# event loop's frames can make CPython 3.11 fail (AST constructor recursion depth mismatch).
import hypothesis  # noqa: F401
