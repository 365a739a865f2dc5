"""Audits: checks of a log and a snapshot that do not rely on the rules that wrote them."""
