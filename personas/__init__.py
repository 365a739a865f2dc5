"""Simulated users for the chaos runs and the bench."""
