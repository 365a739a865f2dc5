"""Channels and their members, as the real client library reads them."""

import pytest
from telegram.error import BadRequest

STATUSES = ["creator", "administrator", "member", "restricted", "left", "kicked"]


@pytest.mark.parametrize("status", STATUSES)
async def test_a_member_has_the_status_that_the_test_gave(world, bot, status):
    ann = await world.add_user("Ann")
    await world.add_channel("news")
    assert (await bot.get_chat_member("@news", ann.id)).status == "left"
    await world.set_member("news", ann, status, is_member=status == "restricted")
    found = await bot.get_chat_member("@News", ann.id)
    assert found.status == status
    if status == "restricted":
        assert found.is_member


async def test_only_an_administrator_sees_members(world, bot):
    ann = await world.add_user("Ann")
    with pytest.raises(BadRequest, match="not found"):
        await bot.get_chat_member("@news", ann.id)
    await world.add_channel("news", bot_is_admin=False)
    with pytest.raises(BadRequest, match="ember list is inaccessible"):
        await bot.get_chat_member("@news", ann.id)
    await world.add_channel("news")
    assert (await bot.get_chat_member("@news", bot.id)).status == "administrator"
    with pytest.raises(BadRequest, match="nvalid user_id"):
        await bot.get_chat_member("@news", 999)
