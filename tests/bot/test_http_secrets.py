"""The token is in every address; no error, cause or log line shows it."""

import logging
import traceback
from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest
from support.loopback import (
    TOKEN,
    Loopback,
    breaks_off,
    data,
    hangs_up,
    loopback,
    ok,
    opened,
    post,
    resets,
    says,
    silence,
)
from telegram.error import TelegramError

from bot.send.http_errors import HIDDEN, as_telegram_error, without_secrets
from bot.send.uploads import Form, UploadFile

PASSWORD = "pass-word"
LARGE_FILE = Form({}, {"document": UploadFile("x.bin", b"x" * 16_000_000, "text/plain")})
ECHO = f"<html>No such page: /bot{TOKEN}/x, /bot{TOKEN.replace(':', '%3A')}/x</html>".encode()


@pytest.fixture
async def api() -> AsyncIterator[Loopback]:
    async with loopback() as api:
        yield api


@pytest.fixture
def logged(caplog) -> Iterator[pytest.LogCaptureFixture]:
    """Everything that anybody has to say."""
    caplog.set_level(logging.DEBUG)
    return caplog


def chain(error: BaseException) -> Iterator[BaseException]:
    yield error
    for further in (error.__cause__, error.__context__):
        if further is not None:
            yield from chain(further)


def shown(error: BaseException) -> str:
    """All that an error can be made to say."""
    said = ["".join(traceback.format_exception(error))]
    for one in chain(error):
        said += [str(one), repr(one), repr(one.args), repr(vars(one))]
    return "\n".join(said)


async def failing(
    url: str, body: bytes | Form = b"{}", *, proxy: str | None = None, **limits: float
) -> TelegramError:
    async with opened(proxy=proxy, **limits) as client:
        with pytest.raises(TelegramError) as caught:
            await post(client, url, body)
    return caught.value


def assert_nothing_is_told(error: TelegramError, logged: pytest.LogCaptureFixture) -> None:
    for secret in (TOKEN, TOKEN.partition(":")[2], PASSWORD):
        assert secret not in shown(error)
        assert secret not in logged.text


FAULTY_ANSWERS = {
    "hangs up": hangs_up,
    "resets": resets,
    "breaks off": breaks_off,
    "repeats the address in a page": says(ECHO, 500),
    "repeats the address in a good answer": says(ECHO),
    "repeats the address in broken text": says(b'{"ok": "\xff' + ECHO),
    "repeats the address in a refusal": says(
        b'{"ok":false,"description":"Bad Request: ' + ECHO + b'"}', 400
    ),
    "has an answer that is too long for a head": says(ok(), X_Long="x" * 100_000),
    "gives what is not compressed for compressed": says(ECHO, Content_Encoding="gzip"),
    "sends elsewhere": says(ECHO, 302, Location=f"http://127.0.0.1:1/bot{TOKEN}/x"),
}


@pytest.mark.parametrize("problem", FAULTY_ANSWERS)
async def test_no_problem_with_the_server_shows_the_token(api, logged, problem):
    api.answer = FAULTY_ANSWERS[problem]
    error = await failing(api.url(), data(chat_id=42))
    assert_nothing_is_told(error, logged)


@pytest.mark.parametrize(
    "address",
    [
        f"http://127.0.0.1:1/bot{TOKEN}/getMe",
        f"https://127.0.0.1:1/bot{TOKEN}/getMe",
        f"http://telegram.invalid/bot{TOKEN}/getMe",
        f"ftp://127.0.0.1/bot{TOKEN}/getMe",
        f"http:///bot{TOKEN}/getMe",
        f"bot{TOKEN}/getMe",
        f"http://[::1/bot{TOKEN}/getMe",
        f"http://127.0.0.1:99999/bot{TOKEN}/getMe",
        f"http://{'x' * 70}.invalid/bot{TOKEN}/getMe",
    ],
)
async def test_no_address_that_leads_nowhere_shows_the_token(logged, address):
    assert_nothing_is_told(await failing(address), logged)


@pytest.mark.parametrize("limit", ["read", "connect", "write"])
async def test_no_limit_that_is_passed_shows_the_token(logged, limit):
    large = LARGE_FILE if limit == "write" else data(chat_id=42)
    with silence() as origin:
        scheme = "https" if limit == "connect" else "http"
        url = f"{origin.replace('http', scheme)}/bot{TOKEN}/sendDocument"
        error = await failing(url, large, **{f"{limit}_s": 0.05})
    assert_nothing_is_told(error, logged)


async def test_no_proxy_shows_the_token_or_its_password(api, logged):
    api.answer = says(b"Who are you?", 407)
    proxy = api.origin.replace("://", f"://ann:{PASSWORD}@")
    for url in (f"https://telegram.invalid/bot{TOKEN}/getMe", api.url()):
        assert_nothing_is_told(await failing(url, proxy=proxy), logged)
    nobody = f"http://ann:{PASSWORD}@127.0.0.1:1"
    assert_nothing_is_told(await failing(api.url(), proxy=nobody), logged)


async def test_an_upload_that_breaks_off_shows_no_token(api, logged):
    api.reads, api.answer = False, resets
    assert_nothing_is_told(await failing(api.url(), LARGE_FILE), logged)


def test_whatever_is_raised_within_shows_no_token():
    url = f"https://api.telegram.org/bot{TOKEN}/getMe"
    for raised in (
        aiohttp.InvalidURL(url, "nonsense"),
        aiohttp.ConnectionTimeoutError(f"Connection timeout to host {url}"),
        aiohttp.ClientOSError(104, f"Can not write request body for {url}"),
        ValueError(url),
    ):
        error = as_telegram_error(raised)
        assert TOKEN not in shown(error)
        assert type(raised).__name__ in str(error.__cause__)


def test_what_is_no_secret_stays():
    said = f"https://api.telegram.org/bot{TOKEN}/getMe, by http://ann:x@127.0.0.1:3128: [12:5]"
    assert without_secrets(said) == (
        f"https://api.telegram.org/bot{HIDDEN}/getMe, by http://{HIDDEN}@127.0.0.1:3128: [12:5]"
    )
