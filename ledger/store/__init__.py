"""Storage: the log's lines, the snapshot and the profiles, and the calls that make them durable."""
