"""The parts of the state by subject; `ledger.state` has them all."""
