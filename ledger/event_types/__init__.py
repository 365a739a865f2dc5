"""The events by subject; `ledger.events` has all of them."""
