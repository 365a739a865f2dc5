"""Receiving updates: polling, webhook, the receiver and its inbox."""
