"""The front door: settings from the environment, wiring of all rooms, the command line."""

__version__ = "0.1.0"
