"""Albums go whole, or not at all: to the admin, as an answer, to everybody."""

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c6360"
    "606000000004000146a5e2130000000049454e44ae426082"
)
WHOLE = [PICTURE] * 10
"""As many as an album can have, so nobody has to wait for more."""


async def albums_in(user):
    """The sizes of the albums that the bot has sent to somebody."""
    sizes = {}
    for seen in await user.messages():
        if seen.by_bot and seen.album:
            sizes[seen.album] = sizes.get(seen.album, 0) + 1
    return list(sizes.values())


async def to_admin(anna):
    await anna.press("📞 Contact Admin")
    await anna.wait_for("Write your message now")


async def to_everybody(shop):
    await shop.admin.say("/admin")
    await shop.admin.wait_for("Choose what")
    await shop.admin.press("📣 Write to everybody")
    await shop.admin.wait_for("Send me the message for everybody")


async def test_a_persons_album_reaches_the_admin_whole_and_so_does_the_answer(shop):
    anna = await shop.person("Anna")
    await to_admin(anna)
    await anna.send_album(*WHOLE, caption="look")
    copy = await shop.admin.wait_for("look")
    line = await shop.admin.wait_for("Message from Anna")
    assert line.reply_to.id == copy.id
    await anna.wait_for("Your message is with the admin")
    assert await albums_in(shop.admin) == [10]
    await shop.admin.send_album(*WHOLE, caption="nice", reply_to=copy)
    await shop.admin.wait_for("Delivered to Anna")
    await anna.wait_for("nice")
    await anna.wait_for("Answer from the admin")
    assert await albums_in(anna) == [10]
    assert len([seen for seen in await anna.messages() if "is with the admin" in seen]) == 1


async def test_two_photos_are_an_album_after_a_quiet_time(shop):
    anna = await shop.person("Anna")
    await to_admin(anna)
    await anna.send_album(PICTURE, PICTURE, caption="two")
    await shop.admin.wait_for("Message from Anna")
    assert await albums_in(shop.admin) == [2]


async def test_a_reply_to_an_album_that_is_no_longer_known_says_how_to_go_on(shop):
    anna = await shop.person("Anna")
    await to_admin(anna)
    await anna.send_album(*WHOLE, caption="look")
    copy = await shop.admin.wait_for("look")
    line = await shop.admin.wait_for("Message from Anna")
    await shop.restart()
    await shop.admin.say("lost?", reply_to=copy)
    await shop.admin.wait_for("I no longer know whose album this is")
    await shop.admin.say("found", reply_to=line)
    await anna.wait_for("found")
    assert not [seen for seen in await anna.messages() if "lost?" in seen]


async def test_an_album_goes_to_everybody_whole_after_one_question(shop):
    people = [await shop.person(f"P{number}") for number in range(3)]
    await to_everybody(shop)
    await shop.admin.send_album(*WHOLE, caption="news")
    await shop.admin.wait_for("Send the message above to 4 people?")
    questions = [seen for seen in await shop.admin.messages() if "Send the message above" in seen]
    assert len(questions) == 1
    await shop.admin.press("📣 Send")
    await shop.admin.wait_for("Done: 4 delivered")
    for user in people:
        await user.wait_for("news")
        assert await albums_in(user) == [10]


async def test_what_cannot_go_to_everybody_is_refused_before_anybody_gets_it(shop):
    anna = await shop.person("Anna")
    await to_everybody(shop)
    await shop.admin.share_story()
    await shop.admin.wait_for("doesn't let me pass this on (story)", "Nothing was sent")
    await shop.admin.say("in words")
    await shop.admin.wait_for("Send the message above to 2 people?")
    await shop.admin.press("📣 Send")
    await anna.wait_for("in words")


async def test_an_album_where_one_message_is_wanted_gets_one_answer(shop):
    anna = await shop.person("Anna", points=1000)
    await anna.press("📦 Buy Views")
    await anna.wait_for("Send me the link")
    await anna.send_album(*WHOLE)
    await anna.wait_for("doesn't look like a link")
    await anna.say("/help")
    await anna.wait_for("How it works")
    answers = [seen for seen in await anna.messages() if "doesn't look like a link" in seen]
    assert len(answers) == 1


async def test_an_album_is_one_message_for_the_limit(shop):
    anna = await shop.person("Anna")
    await to_admin(anna)
    for number in range(3):
        await anna.send_album(*WHOLE, caption=f"album {number}")
        await shop.admin.wait_for(f"album {number}")
    await anna.say("in words too")
    await shop.admin.wait_for("in words too")


async def test_an_album_in_the_midst_of_which_the_program_ends_goes_whole_after_the_start(
    shop, monkeypatch
):
    anna = await shop.person("Anna")
    await to_admin(anna)
    await anna.say("hello")
    confirmed = await anna.wait_for("Your message is with the admin")
    monkeypatch.setattr("bot.receive.albums.QUIET_S", 3600.0)
    await anna.send_album(PICTURE, PICTURE, caption="half", reply_to=confirmed)
    assert await shop.close() == 0
    assert await albums_in(shop.admin) == []
    monkeypatch.setattr("bot.receive.albums.QUIET_S", 1.0)
    await shop.open()
    await shop.admin.wait_for("half")
    await shop.admin.wait_for("Message from Anna")
    assert await albums_in(shop.admin) == [2]
