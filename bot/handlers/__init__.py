"""Handlers: one module for each menu button or command."""
