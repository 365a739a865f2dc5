"""Handlers for admins."""
