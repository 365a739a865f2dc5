"""Time: stamps, steps of the machine's clock, time that passed."""
