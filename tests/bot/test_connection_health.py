"""The health of the connection: one sentence, and the pause after a failure."""

import pytest
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    NetworkError,
    TelegramError,
    TimedOut,
)

from bot.receive.connection_health import (
    ASKED_PAUSE_MAX_S,
    RECONNECT_BACKOFF,
    ConnectionHealth,
    problem_of,
)
from bot.receive.polling import LONG_POLL_S
from bot.send.api_answers import RetryAfter
from bot.text.connection_texts import CONFLICT, WEBHOOK_SET
from i18n import Translators


@pytest.fixture
def pauses_s():
    return []


@pytest.fixture
def health(pauses_s):
    async def pause(seconds):
        pauses_s.append(seconds)

    return ConnectionHealth(pause)


async def test_two_that_poll_disturb_each_other_more_often_than_a_quiet_poll_takes(
    health, pauses_s
):
    for _ in range(10):
        await health.failed(Conflict("terminated by other getUpdates request"))
    assert pauses_s[0] == 1
    assert max(pauses_s) < LONG_POLL_S < RECONNECT_BACKOFF.max_s
    assert health.problem == CONFLICT


async def test_other_failures_are_given_more_and_more_time(health, pauses_s):
    for _ in range(7):
        await health.failed(NetworkError("down"))
    await health.failed(RetryAfter(77))
    assert pauses_s == [1, 2, 4, 8, 16, 30, 30, 77]


async def test_a_pause_without_measure_is_believed_up_to_a_bound(health, pauses_s):
    await health.failed(RetryAfter(1_000_000_000))
    assert pauses_s == [ASKED_PAUSE_MAX_S]


@pytest.mark.parametrize(
    "description",
    [
        "terminated by setWebhook request",
        "can't use getUpdates method while webhook is active; use deleteWebhook to delete it first",
    ],
)
def test_a_poll_in_vain_because_of_a_webhook_is_not_taken_for_one_disturbed_by_another_poll(
    description,
):
    assert problem_of(Conflict(description)) == WEBHOOK_SET


class OddError(Exception):
    """None that anybody foresaw."""


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (NetworkError("httpx.ConnectError: down"), "(there is no connection)"),
        (TimedOut(), "(no answer in time)"),
        (Forbidden("bot was blocked"), "(it doesn't allow that)"),
        (OddError("a secret detail"), "(the program's log says more)"),
        (TelegramError("odd"), "(the program's log says more)"),
        (BadRequest("chat not found"), "(chat not found)"),
    ],
)
def test_people_read_what_is_wrong_in_words_and_the_log_has_the_errors_name(error, words):
    problem = problem_of(error)
    for t in Translators(strict=True):
        said = problem.in_language(t)
        assert type(error).__name__ not in said
        assert "Error" not in said
    english = problem.in_language(Translators().default)
    assert words in english.lower() or words in english
    if not isinstance(error, BadRequest):
        assert type(error).__name__ in str(problem)
