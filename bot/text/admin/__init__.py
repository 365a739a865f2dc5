"""Texts and keyboards for admins."""
