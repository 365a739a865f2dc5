"""Orders: sends each placed order to the provider, once, and records what became of it.

`orders.dispatcher` is the place to start. `orders.providers.answers` says what an answer means;
`orders.providers.simple` and `orders.providers.attempt` make a request and know whether it was
sent at all.
"""
