"""Reads what people type and others send: text, numbers, JSON."""
