"""Helpers that several test files share; imported as `support.NAME`."""
