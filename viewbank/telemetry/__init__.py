"""Telemetry: metrics, gauges, event loop lag, logs."""
