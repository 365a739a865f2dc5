"""The truth: what happened, what it means for every balance, and the file that proves it.

Rooms outside use `ledger.ledger` (one `Ledger` for a running program) or the functions of
`ledger.store.rebuild`, `ledger.audit.verify` and `ledger.history` on the files alone. Nothing in
here knows Telegram, HTTP or any other room.
"""
