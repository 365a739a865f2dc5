"""Retry policies shared by every room: exponential backoff and a circuit breaker. Pure."""
