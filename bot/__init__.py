"""The Telegram conversation: text and buttons in, commands to the ledger, replies out.

Begin with `bot.routes`: its handler table names every command and button, and who may use it.
Nothing in here decides about points; it asks the ledger and finds the words for the answer.
"""
