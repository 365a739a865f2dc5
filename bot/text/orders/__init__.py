"""Texts and keyboards about services and orders."""
