"""The outside world on this machine: a pretend Telegram, a pretend order provider, a pretend ad.

For the demo and the tests. It imports none of the other rooms, and nothing here leaves this
computer.
"""
