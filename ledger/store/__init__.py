"""Storage: the stores that keep the log, reading and recovery, the snapshot and the profiles."""
