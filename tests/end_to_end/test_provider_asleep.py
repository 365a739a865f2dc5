"""A provider that may sleep is woken while the customer reads the confirmation."""

import threading

from orders.providers.simple import SimpleProvider

VIDEO = "https://youtu.be/AbCdEfGhI_k"


async def test_the_confirmation_wakes_the_provider_once(shop, monkeypatch):
    woken = threading.Event()
    times = []

    def wake(_: SimpleProvider) -> bool:
        times.append(1)
        woken.set()
        return False

    monkeypatch.setattr(SimpleProvider, "wake", wake)
    anna = await shop.person("Anna", points=1000)
    for _ in range(2):
        await anna.say(VIDEO)
        await anna.wait_for("How many views?")
        assert len(times) <= 1
        await anna.say("10")
        await anna.wait_for("Please check")
        assert woken.wait(10)
        await anna.press("✖️ Cancel")
        await anna.wait_for("nothing was ordered")
    assert times == [1]
    assert await shop.world.provider.requests() == 0
