"""Telegram may deliver any update again; points move once."""

import pytest

VIDEO = "https://youtu.be/AbCdEfGhI_k"


async def again(shop, *, new_id: bool) -> None:
    """The last update once more, and then one that shows that it was handled."""
    await shop.world.repeat_last(new_id=new_id)
    bystander = await shop.person(f"Bystander{len(shop.ledger.state.users)}")
    assert shop.balance(bystander) == 0


def balances(shop) -> dict[int, int]:
    return {user_id: user.balance for user_id, user in shop.ledger.state.users.items()}


def moved(shop) -> dict[str, int]:
    return dict(shop.ledger.state.accounts)


async def watch(user) -> None:
    await user.press("🪧 Watch Ads")
    await user.wait_for("It pays")
    await user.open("▶️ Open the ad")
    await user.press("✅ I watched it")
    await user.wait_for("Thank you!")


async def test_i_watched_it(shop):
    anna = await shop.person("Anna")
    await watch(anna)
    before = moved(shop)
    await again(shop, new_id=True)
    assert shop.balance(anna) == 60
    assert moved(shop) == before


async def test_the_ad_that_pays_the_inviter(shop):
    await shop.set(referral_after_ads=1, referral_welcome_points=5)
    anna = await shop.person("Anna")
    ben = await shop.person("Ben", invite=shop.ledger.state.users[anna.id].referral_code)
    await watch(ben)
    before = moved(shop)
    await again(shop, new_id=True)
    assert (shop.balance(anna), shop.balance(ben)) == (1000, 65)
    assert moved(shop) == before


async def test_the_start_that_pays_the_inviter_at_once(shop):
    await shop.set(referral_after_ads=0)
    anna = await shop.person("Anna")
    await shop.person("Ben", invite=shop.ledger.state.users[anna.id].referral_code)
    before = moved(shop)
    await again(shop, new_id=True)
    assert shop.balance(anna) == 1000
    assert moved(shop) == before


async def test_confirm(shop):
    anna = await shop.person("Anna", points=1000)
    await anna.say(VIDEO)
    await anna.wait_for("How many views?")
    await anna.say("10")
    await anna.wait_for("Please check")
    await anna.press("✅ Confirm")
    await anna.wait_for("is accepted")
    await again(shop, new_id=True)
    assert shop.balance(anna) == 900
    assert await shop.world.provider.requests() == 1


async def test_adjust(shop):
    anna = await shop.person("Anna")
    await shop.admin.say(f"/adjust {anna.id} +100 once")
    await shop.admin.wait_for("The balance is 100 points now")
    await again(shop, new_id=True)
    assert shop.balance(anna) == 100


async def test_refund_of_an_unclear_order(shop):
    await shop.world.provider.answers("break_after")
    anna = await shop.person("Anna", points=1000)
    await anna.say(VIDEO)
    await anna.wait_for("How many views?")
    await anna.say("10")
    await anna.wait_for("Please check")
    await anna.press("✅ Confirm")
    await shop.admin.wait_for("Unclear order")
    await shop.admin.press("↩️ It did not: refund")
    await shop.admin.wait_for("Did it not arrive?")
    await shop.admin.press("↩️ Yes, refund")
    await anna.wait_for("came back")
    await again(shop, new_id=True)
    assert shop.balance(anna) == 1000


@pytest.mark.parametrize("new_id", [True, False])
async def test_everything_at_once_after_a_restart(shop, new_id):
    """All updates of a whole life, once more: nothing moves."""
    await shop.set(referral_after_ads=1)
    anna = await shop.person("Anna", points=500)
    ben = await shop.person("Ben", invite=shop.ledger.state.users[anna.id].referral_code)
    await watch(ben)
    await anna.say(VIDEO)
    await anna.wait_for("How many views?")
    await anna.say("10")
    await anna.wait_for("Please check")
    await anna.press("✅ Confirm")
    await anna.wait_for("is accepted")
    await shop.restart()
    before, accounts, orders = balances(shop), moved(shop), dict(shop.ledger.state.orders)
    for update in await shop.world.updates():
        await shop.world.repeat(update["update_id"], new_id=new_id)
    await shop.person("Bystander")
    after = balances(shop)
    assert {user_id: after[user_id] for user_id in before} == before
    assert moved(shop) == accounts
    assert shop.ledger.state.orders == orders
    assert await shop.world.provider.requests() == 1
