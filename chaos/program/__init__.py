"""Chaos runs of the whole program: processes, the simulated population, and reconciliation."""
