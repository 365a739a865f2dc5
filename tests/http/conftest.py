from typing import NamedTuple

import pytest
from support.web_harness import WebHarness

from ledger import commands as c
from ledger.store.profiles import Profile


class Person(NamedTuple):
    """Somebody whom every trace of would show."""

    user_id: int
    name: str
    username: str
    code: str
    order_id: str
    link: str
    reason: str

    def traces(self):
        return (
            str(self.user_id),
            f"{self.user_id:,}",
            self.name,
            self.username,
            self.code,
            self.order_id,
            self.link,
            "PrivateVid1",
            self.reason,
            "prov-55117733",
        )


@pytest.fixture
async def world():
    """A fresh ledger, and a client of the web room on it."""
    world = WebHarness()
    await world.open()
    world.client = await world.serve()
    yield world
    world.store.gate.set()
    for client in world.clients:
        await client.close()
    await world.ledger.close()


@pytest.fixture
async def person(world):
    """A person with a name, points, and an accepted order; their ban and their silence too."""
    person = Person(
        user_id=71_234_598_760,
        name="Zebedee Quux",
        username="zebquux",
        code="cOdEzEbQ",
        order_id="feedc0ffee42",
        link="https://www.youtube.com/watch?v=PrivateVid1",
        reason="for a friend of Quentin",
    )
    who, order = f"user:{person.user_id}", person.order_id
    await world.do(c.Join(by=who, user_id=person.user_id, referral_code=person.code))
    profile = Profile(user_id=person.user_id, username=person.username, first_name=person.name)
    world.ledger.note_profile(profile)
    await world.do(
        c.AdjustBalance(
            by="admin:7",
            user_id=person.user_id,
            amount_points=5000,
            reason=person.reason,
            key="7:1",
        )
    )
    await world.do(
        c.PlaceOrder(
            by=who,
            user_id=person.user_id,
            order_id=order,
            video_link=person.link,
            video_key="youtube:PrivateVid1",
            quantity=120,
            price_points=1200,
        )
    )
    await world.do(c.SendOrder(by="system", order_id=order))
    await world.do(c.AcceptOrder(by="provider", order_id=order, provider_order_id="prov-55117733"))
    await world.do(c.Ban(by="admin:7", user_id=person.user_id, key="7:2", reason=person.reason))
    await world.do(c.NoteUnreachable(by="system", user_id=person.user_id, reason="blocked"))
    return person
