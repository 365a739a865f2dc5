"""The ledger: commands, events, the state that follows from them, and the log that stores them.

Other packages use `ledger.ledger` (one `Ledger` in a running program), or `ledger.store.rebuild`,
`ledger.audit.verify` and `ledger.history` on the files alone. Nothing in here depends on Telegram,
HTTP or another package of this program.
"""
