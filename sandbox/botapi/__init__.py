"""The Bot API as bots see it: `/bot<token>/<method>`, strict where Telegram is strict."""
