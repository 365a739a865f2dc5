"""Buying, and a person's own orders."""
