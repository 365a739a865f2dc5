"""The simulated ad networks: their scripts, their servers, and what comes next of each."""
