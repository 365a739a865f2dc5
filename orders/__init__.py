"""The order desk: sends placed orders to the provider, once, and notes what became of them.

Begin with `orders.desk`. What an answer means is in `orders.answers`; how a request travels, and
how we know whether it left at all, is in `orders.providers` and `orders.trip`.
"""
