"""Crash points: a recorded run, every folder a crash could leave of it, and the check of each."""
