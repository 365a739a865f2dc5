"""Writing to the admin, and the admin's answer."""

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c6360"
    "606000000004000146a5e2130000000049454e44ae426082"
)


async def test_a_message_reaches_the_admin_and_the_reply_button_brings_the_answer(shop):
    anna = await shop.person("Anna")
    await anna.press("📞 Contact Admin")
    await anna.wait_for("Write your message now")
    await anna.say("Where are my <views>?")
    await shop.admin.wait_for("Where are my <views>?")
    await shop.admin.wait_for("Message from Anna @anna", f"id {anna.id}")
    await anna.wait_for("Your message is with the admin")
    await shop.admin.press("↩️ Reply")
    await shop.admin.wait_for("Write your message to Anna")
    await shop.admin.say("They are on their way.")
    await shop.admin.wait_for("Delivered to Anna")
    await anna.wait_for("They are on their way.")
    await anna.wait_for("Answer from the admin")


async def test_telegrams_own_reply_works_too_and_media_in_both_directions(shop):
    anna = await shop.person("Anna")
    await anna.press("📞 Contact Admin")
    await anna.wait_for("Write your message now")
    await anna.send_photo(PICTURE, "look at this")
    copy = await shop.admin.wait_for("look at this")
    assert await shop.admin.download(copy) == PICTURE
    await shop.admin.say("Thank you!", reply_to=copy)
    await anna.wait_for("Thank you!")
    await anna.press("✍️ Answer")
    await anna.wait_for("Write your message now")
    await anna.send_document(b"proof", "proof.txt")
    await shop.admin.wait_for("Message from Anna")


async def test_an_answer_to_somebody_who_blocked_the_bot_says_so(shop):
    anna = await shop.person("Anna")
    await anna.press("📞 Contact Admin")
    await anna.wait_for("Write your message now")
    await anna.say("hello")
    copy = await shop.admin.wait_for("hello")
    await anna.block()
    await shop.admin.say("too late", reply_to=copy)
    await shop.admin.wait_for("Not delivered to Anna", "they have blocked the bot")
    assert shop.ledger.state.users[anna.id].unreachable
    await anna.unblock()
    await anna.say("/start")
    await anna.wait_for("Welcome back")
    assert not shop.ledger.state.users[anna.id].unreachable


async def test_when_no_admin_can_be_reached_the_person_is_told(shop):
    anna = await shop.person("Anna")
    await shop.admin.block()
    await anna.press("📞 Contact Admin")
    await anna.wait_for("Write your message now")
    await anna.say("hello?")
    await anna.wait_for("could not be passed on")


async def test_the_card_of_who_wrote_never_replaces_the_message(shop):
    anna = await shop.person("Anna")
    await anna.press("📞 Contact Admin")
    await anna.wait_for("Write your message now")
    await anna.say("hello")
    copy = await shop.admin.wait_for("hello")
    await shop.admin.press("👤 Person", on=copy)
    card = await shop.admin.wait_for("👤 Anna @anna")
    assert card.id not in {seen.id for seen in await shop.admin.messages() if "hello" in seen}
    assert [seen.text for seen in await shop.admin.messages() if seen.id == copy.id] == ["hello"]


async def test_a_persons_message_is_never_replaced_by_their_card_whatever_it_begins_with(shop):
    anna = await shop.person("Anna")
    await anna.press("📞 Contact Admin")
    await anna.wait_for("Write your message now")
    await anna.say("👤 That is me.")
    message = await shop.admin.wait_for("👤 That is me.")
    await shop.admin.press("👤 Person", on=message)
    card = await shop.admin.wait_for("👤 Anna @anna", "Balance:")
    assert card.id != message.id
    assert [seen.text for seen in await shop.admin.messages() if seen.id == message.id] == [
        "👤 That is me."
    ]
