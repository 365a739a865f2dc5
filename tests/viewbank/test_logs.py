"""Logs never contain a secret, wherever it is in a line."""

import logging
import sys

import pytest

from bot.receive.connection import TokenRefused
from resilience.backoff import Backoff
from sandbox.client import SandboxClient
from sandbox.server import running
from viewbank.run import run
from viewbank.settings import Settings
from viewbank.telemetry.logs import HIDDEN, WithoutSecrets, set_up_logs

TOKEN = "123456789:AAE-made_up_for_the_tests_0123456789"


@pytest.fixture
def output(capsys):
    """What goes to stderr; the tests' own logging is put back."""
    root = logging.getLogger()
    before = root.handlers, root.level
    levels = {name: logging.getLogger(name).level for name in ("httpx", "httpcore")}
    yield lambda: capsys.readouterr().err
    root.handlers = before[0]
    root.setLevel(before[1])
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def raised(error):
    try:
        raise error
    except type(error):
        return sys.exc_info()


@pytest.mark.parametrize(
    "more",
    [
        {"msg": f"about {TOKEN}"},
        {"msg": "%s of %r", "args": (TOKEN, {"address": f"https://x/bot{TOKEN}/getMe"})},
        {"msg": "failed", "exc_info": raised(ValueError(f"bot{TOKEN}/getMe"))},
        {"msg": "from here", "sinfo": f"Stack\n  line({TOKEN!r})"},
    ],
    ids=["text", "arguments", "traceback", "stack"],
)
def test_a_secret_is_hidden_wherever_it_stands(more):
    given = {"msg": "", "args": (), "exc_info": None, "sinfo": None} | more
    record = logging.getLogger("x").makeRecord(
        "x", logging.ERROR, __file__, 1, given["msg"], given["args"], given["exc_info"],
        sinfo=given["sinfo"],
    )  # fmt: skip
    assert TOKEN in logging.Formatter("%(message)s").format(record)
    line = WithoutSecrets([TOKEN]).format(record)
    assert TOKEN not in line
    assert HIDDEN in line


def test_a_secret_that_is_not_set_hides_nothing():
    record = logging.makeLogRecord({"msg": "all of this stays"})
    assert "all of this stays" in WithoutSecrets(["", "other"]).format(record)


def test_every_secret_is_hidden(output):
    set_up_logs("INFO", [TOKEN, "hush"])
    logging.getLogger("anybody").warning("%s and hush", TOKEN)
    assert f"{HIDDEN} and {HIDDEN}" in output()


def test_the_http_clients_lines_with_the_address_are_not_written(output):
    set_up_logs("DEBUG", [])
    logging.getLogger("httpx").info("HTTP Request: POST https://x/botTOKEN/getMe")
    assert output() == ""


async def test_the_whole_program_never_writes_its_token_however_much_it_says(
    output, tmp_path, monkeypatch
):
    monkeypatch.setattr("bot.receive.connection_health.RECONNECT_BACKOFF", Backoff(0.0, 0.0))
    logged = []

    class Lookout(logging.Handler):
        """Sees the lines as they would be without us, which proves that there is what to hide."""

        def emit(self, record):
            logged.append(logging.Formatter("%(message)s").format(record))

    async with running(token=TOKEN, admin_ids=[7]) as outside, SandboxClient(outside.url) as world:
        settings = Settings(
            bot_token=TOKEN,
            admin_ids=frozenset({7}),
            telegram_api_url=outside.telegram_api_url,
            data_dir=tmp_path / "data",
            port=0,
            ad_url=outside.ad_url,
            order_api_url=outside.provider_url,
        )
        set_up_logs("DEBUG", settings.secrets())
        logging.getLogger("httpx").setLevel(logging.DEBUG)
        logging.getLogger().addHandler(Lookout())
        await world.fault("error", "getMe", code=400, description=f"bad {TOKEN}")
        await world.fault("error", "getMe", code=401, description=f"bad {TOKEN}")
        with pytest.raises(TokenRefused) as refused:
            await run(settings)
        assert await world.clear_faults() == 2
    assert TOKEN not in str(refused.value)
    assert any(TOKEN in line for line in logged), "nothing was there to be hidden"
    written = output()
    assert HIDDEN in written
    assert TOKEN not in written
