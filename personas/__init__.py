"""Simulated users for the chaos runs and the bench: what they do, and which reply is right.

A persona's visit to the bot is a generator of actions (`habits`, `visits`). Whoever drives it
carries an action out, waits for the reply, and sends that back into the generator. So the same
behaviour runs against a program that is killed (`chaos.program`) and against one whose speed is
measured (`bench.telegram`). `ledger_commands` has the users of a ledger without a bot.
"""
