"""Albums and stories in the sandbox, as Telegram treats them."""

import pytest
from telegram.error import BadRequest

from sandbox.client import SandboxRefusedError

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c6360"
    "606000000004000146a5e2130000000049454e44ae426082"
)


async def test_the_parts_of_an_album_are_updates_of_their_own_with_one_group(ann, bot):
    sent = await ann.send_album(PICTURE, PICTURE, PICTURE, caption="three")
    updates = [update.message for update in await bot.get_updates() if update.message.photo]
    assert [message.message_id for message in updates] == [seen.id for seen in sent]
    assert len({message.media_group_id for message in updates}) == 1
    assert [message.caption for message in updates] == ["three", None, None]


async def test_copies_of_an_album_are_an_album_of_their_own_and_what_is_gone_is_left_out(ann, bot):
    sent = await ann.send_album(PICTURE, PICTURE, PICTURE)
    ids = [seen.id for seen in sent]
    copies = await bot.copy_messages(42, 42, ids)
    seen = {one.id: one.album for one in await ann.messages()}
    assert {seen[copy.message_id] for copy in copies} != {sent[0].album}
    assert len({seen[copy.message_id] for copy in copies}) == 1
    await ann.delete(sent[1])
    story = await ann.share_story()
    assert len(await bot.copy_messages(42, 42, [*ids, story.id])) == 2


async def test_a_story_and_nothing_cannot_be_copied(ann, bot):
    story = await ann.share_story()
    with pytest.raises(BadRequest, match="can't be copied"):
        await bot.copy_message(42, 42, story.id)
    with pytest.raises(BadRequest, match="no messages to copy"):
        await bot.copy_messages(42, 42, [story.id])
    with pytest.raises(BadRequest, match="increasing order"):
        await bot.copy_messages(42, 42, [story.id, story.id])


async def test_an_album_has_two_parts_at_least(ann):
    with pytest.raises(SandboxRefusedError, match="2 to 10 parts"):
        await ann.send_album(PICTURE)
