"""Sending: the Bot API client, the gate, rate limits, the queue, the circuit breaker."""
