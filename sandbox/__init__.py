"""The sandbox: a simulated Telegram, order providers and ads, for the demo and the tests.

It imports none of the other packages, and nothing here leaves this computer.
"""
