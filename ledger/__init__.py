"""The ledger: what happened, what it means for every balance, and the log that proves it.

Other rooms use `ledger.ledger` (one `Ledger` for a running program). Commands on the files of a
data folder use `ledger.store.rebuild`, `ledger.audit.verify` and `ledger.history`. Nothing in here
knows Telegram, HTTP or any other room.
"""
