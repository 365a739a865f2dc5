"""Owns the bench's pretend Telegram: a Bot API in its own process, and the people who write to it.

`server.py` is that process, `pair.py` starts it together with a bot, `python -m bench.telegram`
runs one such pair alone, under a profiler if wanted.
"""
