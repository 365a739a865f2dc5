"""Sends orders: the queue, the dispatcher, and when it pauses."""
