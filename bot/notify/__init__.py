"""Notifications: who is notified of which event, and how far everybody has been."""
