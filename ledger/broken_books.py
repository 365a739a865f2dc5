"""The error of a log that contradicts itself."""


class BrokenBooks(Exception):  # noqa: N818 - what is broken, not the raising, is the name
    """An event contradicts the events before it: the log was not written by our rules."""
