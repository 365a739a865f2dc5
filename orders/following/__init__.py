"""Follows orders at a provider that reports on them, and our account there."""
