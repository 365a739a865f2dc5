"""The bench's Telegram: a Bot API in a process of its own, with personas who write to a bot.

`server.py` is that process, `pair.py` starts it together with a bot, and `python -m bench.telegram`
runs one such pair alone, under a profiler if wanted.
"""
