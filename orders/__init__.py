"""Orders: sends each placed order to the provider, once, and records what becomes of it.

`orders.desk` is the place to start. `orders.providers` knows how providers are asked, and what
their answers mean.
"""
