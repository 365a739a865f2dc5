"""What is remembered of the members of the required channel, and for how long."""

import pytest
from telegram.error import BadRequest, Forbidden, TimedOut

from bot.channel_members import ChannelMembers, Standing
from bot.send.client import ChatMember

NEWS = "@news"


class Channel:
    """The part of the bot that asks, with the next answer."""

    def __init__(self) -> None:
        self.answer: ChatMember | Exception = ChatMember("left")
        self.asked = 0

    async def get_chat_member(self, channel: str, user_id: int) -> ChatMember:  # noqa: ARG002
        self.asked += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def channel() -> Channel:
    return Channel()


@pytest.fixture
def now() -> list[float]:
    return [0.0]


@pytest.fixture
def members(now) -> ChannelMembers:
    return ChannelMembers(2, monotonic_s=lambda: now[0])


async def test_who_is_no_member_is_asked_about_each_time(channel, members):
    for _ in range(3):
        assert await members.standing(channel, NEWS, 1) is Standing.NO_MEMBER
    assert channel.asked == 3


async def test_a_member_is_remembered_for_a_while(channel, members, now):
    channel.answer = ChatMember("member")
    for now[0] in (0.0, 599.0, 600.0):
        assert await members.standing(channel, NEWS, 1) is Standing.MEMBER
    assert channel.asked == 2


async def test_so_many_are_remembered_and_no_more(channel, members):
    channel.answer = ChatMember("member")
    for user_id in (1, 2, 3, 3, 2, 1):
        await members.standing(channel, NEWS, user_id)
    assert channel.asked == 4


@pytest.mark.parametrize(
    "error",
    [
        BadRequest("member list is inaccessible"),
        BadRequest("chat not found"),
        Forbidden("x"),
        TimedOut(),
    ],
)
async def test_where_telegram_can_not_say_it_is_left_alone_for_a_moment(
    channel, members, now, error
):
    channel.answer = error
    for now[0] in (0.0, 29.0):
        assert await members.standing(channel, NEWS, 1) is Standing.UNKNOWN
    assert channel.asked == 1
    channel.answer, now[0] = ChatMember("member"), 30.0
    assert await members.standing(channel, NEWS, 1) is Standing.MEMBER


async def test_an_answer_about_the_person_is_none_about_the_channel(channel, members):
    channel.answer = BadRequest("PARTICIPANT_ID_INVALID")
    assert await members.standing(channel, NEWS, 1) is Standing.NO_MEMBER


async def test_a_status_that_is_newer_than_this_program_holds_nobody_back(channel, members):
    channel.answer = ChatMember("honorary")
    assert await members.standing(channel, NEWS, 1) is Standing.UNKNOWN


def test_a_trouble_is_reported_once_until_the_setting_changes(members):
    assert [members.reports_now(NEWS), members.reports_now(NEWS)] == [True, False]
    members.forget()
    assert members.reports_now(NEWS)
