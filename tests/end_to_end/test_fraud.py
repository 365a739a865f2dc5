"""Signs of fraud, freezes and what is taken back: the admin's taps, in both languages."""

import pytest

from i18n import Translators
from ledger import commands as c

RU = next(t for t in Translators() if t.language.tag == "ru")


async def robot(shop, ads: int = 35):
    """Rob, who is paid for one ad after the other without a pause."""
    rob = await shop.person("Rob")
    for number in range(1, ads + 1):
        outcome = await shop.ledger.execute(
            c.RewardAd(
                by=f"user:{rob.id}", user_id=rob.id, ad_number=number, opened_at_ms=0, timed=False
            )
        )
        assert isinstance(outcome, tuple)
    return rob


async def open_fraud(shop):
    await shop.admin.say("/admin")
    await shop.admin.wait_for("Choose what")
    await shop.admin.press("🕵️ Fraud")


async def test_where_nothing_stands_out_the_page_says_so(shop):
    await open_fraud(shop)
    await shop.admin.wait_for("Fraud", "Nothing stands out at the moment.")


async def test_a_sign_leads_to_a_freeze_and_to_what_was_earned(shop):
    rob = await robot(shop)
    await open_fraud(shop)
    await shop.admin.wait_for("1 sign stands out.", "A sign is no proof")
    await shop.admin.press("the pace of a robot: Rob")
    await shop.admin.wait_for("35 ads in a row, each within 3 seconds", "Rob @rob", "35 ads")
    await shop.admin.press("❄️ Freeze")
    await shop.admin.wait_for("Stop what Rob", "Because of: the pace of a robot")
    assert rob.id not in shop.ledger.state.books.frozen
    await shop.admin.press("❄️ Yes, freeze")
    await shop.admin.wait_for("👤 Rob", "❄️ Can't earn for now: the pace of a robot")
    await rob.wait_for("You can't earn points for now", "Your points stay yours")
    await rob.press("🪧 Watch Ads")
    await rob.wait_for("You can't earn points at the moment")
    await shop.admin.press("↩️ Take back")
    await shop.admin.wait_for("Got for ads: 2,100 points", "Balance: 2,100 points")
    await shop.admin.press("↩️ Take back 2,100 points")
    await shop.admin.wait_for("Balance: 0 points")
    await rob.wait_for("took back points", "−2,100 points", "You have 0 points")
    await rob.say("/history")
    await rob.wait_for("−2,100 · taken back by the admin after a check")
    await shop.admin.press("🧾 History")
    await shop.admin.wait_for(
        "points earned by fraud taken back", "earning frozen: the pace of a robot"
    )
    await shop.admin.press("‹ Card")
    await shop.admin.wait_for("👤 Rob")
    await shop.admin.press("☀️ Unfreeze")
    await rob.wait_for("☀️ You can earn points again.")
    assert shop.balance(rob) == 0


async def test_no_balance_goes_below_zero_unless_the_admin_says_so(shop):
    rob = await robot(shop)
    await shop.admin.say(f"/adjust {rob.id} -2000 spent")
    await shop.admin.wait_for("The balance is 100 points")
    await shop.admin.say(f"/freeze {rob.id} a robot")
    await shop.admin.wait_for("❄️ Rob", "can't earn for now")
    await rob.wait_for("Reason: a robot")
    await shop.admin.say("/admin")
    await shop.admin.wait_for("Choose what")
    await shop.admin.press("👥 People")
    await shop.admin.wait_for("newest first")
    await shop.admin.press(f"user:{rob.id}:here")
    await shop.admin.wait_for("❄️ Can't earn for now: a robot")
    await shop.admin.press("↩️ Take back")
    question = await shop.admin.wait_for("A part is spent already")
    labels = [label for row in question.buttons for label in row]
    assert labels[:2] == [
        "↩️ Take back 100 points",
        "↩️ Take back 2,100 points, balance then −2,000",
    ]
    await shop.admin.press(labels[1])
    await shop.admin.wait_for("Balance: −2,000 points")
    await rob.wait_for("−2,100 points", "You have −2,000 points")
    # The same tap once more, as Telegram may deliver it.
    await shop.world.repeat_last(new_id=True)
    await shop.admin.say(f"/unfreeze {rob.id}")
    await shop.admin.wait_for("can earn again")
    await rob.say("/balance")
    assert "░" * 10 in await rob.wait_for("You have −2,000 points", "2,100 more points")
    assert shop.balance(rob) == -2000


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("/freeze", "Use it like this: /freeze 42 reason"),
        ("/freeze nobody", "I can't find this person"),
        ("/unfreeze", "Use it like this: /unfreeze 42"),
        ("/unfreeze 7", "isn't frozen"),
    ],
)
async def test_a_wrong_command_says_what_would_be_right(shop, command, words):
    await shop.admin.say(command)
    await shop.admin.wait_for(words)


async def test_a_frozen_person_is_not_paid_for_an_ad_that_was_open(shop):
    rob = await shop.person("Rob")
    await rob.press("🪧 Watch Ads")
    await rob.wait_for("It pays")
    await shop.admin.say(f"/freeze {rob.id}")
    await shop.admin.wait_for("❄️ Rob")
    await rob.wait_for("You can't earn")
    assert "You can't earn points at the moment" in await rob.press("✅ I watched it")
    assert shop.balance(rob) == 0


async def test_the_taps_in_russian(shop):
    await shop.admin.say("/language")
    await shop.admin.wait_for("Choose your language")
    await shop.admin.press("Русский")
    await shop.admin.wait_for("Ваш язык")
    rob = await robot(shop)
    await shop.admin.say("/admin")
    await shop.admin.wait_for("Админ")
    await shop.admin.press(RU("🕵️ Fraud").text)
    await shop.admin.wait_for("1 признак")
    await shop.admin.press(f"sign:steady:{rob.id}")
    await shop.admin.wait_for("35 реклам подряд")
    await shop.admin.press(RU("❄️ Freeze").text)
    await shop.admin.press(RU("❄️ Yes, freeze").text)
    await shop.admin.wait_for("👤 Rob", RU("the pace of a robot").text)
    await rob.wait_for("You can't earn points for now")
    last_seq = shop.ledger.state.users[rob.id].last_seq
    await shop.admin.press(RU("↩️ Take back").text)
    await shop.admin.wait_for("Получено за рекламу:")
    await shop.admin.press(f"taken:{rob.id}:2100:{last_seq}")
    await rob.wait_for("−2,100 points")
