"""The order desk: sends placed orders to the provider, once, and notes what became of them.

Begin with `orders.dispatcher`. What an answer means is in `orders.providers.answers`; how a request
travels, and how we know whether it left at all, is in `orders.providers.simple` and
`orders.providers.attempt`.
"""
