"""The commands by subject; `ledger.commands` has them all."""
