"""The whole program is killed under 64 people; no tap is lost and no effect doubled.

`make torture` does it 200 times and more; here it is a few times, and the check is checked.
"""

import asyncio
import sys

import pytest

from chaos.program.run import Siege
from chaos.program.taps import Heard, Tap, Taps

KILLS = 4
VIDEO = "https://youtu.be/AbCdEfGhI_k"


@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_no_tap_is_lost_and_no_effect_doubled(tmp_path, capsys, way):
    siege = Siege(tmp_path, seed=20261122, ways=[way])
    await siege.lay(KILLS)
    tally = siege.tally
    with capsys.disabled():
        sys.stdout.write(f"\n{tally['taps']} taps, {tally['replies repeated after a kill']} again ")
    assert siege.findings == []
    assert tally["kills"] == tally[f"kills, {way}"] == KILLS
    assert tally["taps answered"] == tally["taps"] > 0
    assert tally["updates left at Telegram"] > 0, "nobody was waiting when it was killed"
    assert tally["ads paid"] > 0
    assert tally["comparisons of everything"] == 1


async def test_a_program_that_confirms_what_it_may_lose_is_found_out(tmp_path):
    siege = Siege(
        tmp_path,
        seed=1,
        ways=["polling"],
        people=16,
        patience_s=1.0,
        worker="tests.support.program_confirming_too_early",
    )
    await siege.lay(2)
    assert any("never answered" in finding for finding in siege.findings)
    assert siege.tally["taps answered"] < siege.tally["taps"]


@pytest.fixture
async def taps():
    """Somebody has asked for the balance, in the third life."""
    taps, tap = Taps(), Tap("/balance", ("You have",))
    tap.life = 3
    taps.add(tap)
    return taps


NEW = {"message_id": 5}


async def test_an_answer_is_taken_once_and_repeated_only_after_a_kill(taps):
    assert taps.show("You have 3 points", NEW, changed=False, life=3) is Heard.AWAITED
    assert taps.open == []
    assert taps.show("You have 3 points", NEW, changed=False, life=3) is Heard.UNASKED
    assert taps.show("You have 3 points", NEW, changed=False, life=4) is Heard.REPEATED


async def test_other_words_answer_no_tap(taps):
    assert taps.show("Welcome", NEW, changed=False, life=4) is Heard.UNASKED
    assert len(taps.open) == 1


async def test_a_press_is_answered_once_and_before_anything_comes_of_it():
    taps = Taps()
    tap = Tap("more", ("It pays",), under=7, data="next_ad")
    tap.life = 1
    taps.add(tap)
    assert taps.show("It pays 1 point", NEW, changed=False, life=1) is Heard.UNASKED
    assert taps.call(7, "next_ad", "")
    assert not taps.call(7, "next_ad", "")
    assert taps.show("It pays 1 point", NEW, changed=False, life=1) is Heard.AWAITED
    assert (await asyncio.wait_for(tap.reply, 1)).text == "It pays 1 point"


async def test_a_number_tapped_after_a_restart_is_taken(shop):
    anna = await shop.person("Anna", points=1000)
    await anna.say(VIDEO)
    await anna.wait_for("How many views?")
    await shop.restart()
    await anna.press("50")
    await anna.wait_for("Please check your order", "AbCdEfGhI_k", "Views: 50")


async def test_an_old_number_is_about_its_own_video_and_leaves_the_newer_question(shop):
    anna = await shop.person("Anna", points=1000)
    await anna.say(VIDEO)
    old = await anna.wait_for("How many views?")
    await anna.say("https://youtu.be/ZyXwVuTsRqP")
    await anna.wait_for("How many views?")
    await anna.press("50", on=old)
    await anna.wait_for("Please check your order", "AbCdEfGhI_k")
    await anna.say("10")
    await anna.wait_for("Please check your order", "ZyXwVuTsRqP")


async def test_words_that_are_too_late_for_a_press_come_as_a_message(shop):
    """As after a kill between the answer to a press and what was to follow."""
    anna = await shop.person("Anna", points=1000)
    await anna.press("🪧 Watch Ads")
    await anna.wait_for("It pays")
    await anna.press("✅ I watched it")
    await anna.wait_for("Thank you!")
    await shop.world.repeat_last(new_id=True)
    await anna.wait_for("This ad has been paid already")
    await anna.say(VIDEO)
    await anna.wait_for("How many views?")
    await anna.say("10")
    await anna.wait_for("Please check")
    await anna.press("✅ Confirm")
    last = (await shop.world.updates())[-1]
    await anna.wait_for("is placed")
    await shop.world.repeat(last["update_id"], new_id=True)
    await anna.wait_for("This order is placed already")
