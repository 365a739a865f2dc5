"""The Telegram bot: turns messages and buttons into commands to the ledger, and sends replies.

Begin with `bot.routes`: its handler table names every command and button, and who may use it.
Nothing in here decides about points: the ledger decides, and the bot shows the result.
"""
