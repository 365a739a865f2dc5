"""An ORDER_API_URL that can't be used stops the start before anything has begun."""

import pytest
from typer.testing import CliRunner

from viewbank.cli.main import app

TOKEN = "123456789:AAE-made_up_for_the_tests_0123456789"


@pytest.mark.parametrize(
    "address",
    [
        "https://panel.example/order?video=1",
        "https://panel.example/order?key=hush-hush&qty=5",
        "https://panel.example:99999/order",
    ],
)
def test_a_useless_order_address_is_one_line_that_names_the_setting(address, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("viewbank.telemetry.logs.set_up_logs", lambda *_: None)
    environ = {
        "BOT_TOKEN": TOKEN,
        "AD_URL": "https://ads.example",
        "ORDER_API_URL": address,
        "DATA_DIR": "books",
        "PORT": "0",
        "TELEGRAM_API_URL": "http://127.0.0.1:9",
    }
    result = CliRunner().invoke(app, [], env=environ)
    assert result.exit_code == 2, result.exception
    assert result.stderr.startswith("ORDER_API_URL is set, but ")
    assert result.stderr.count("\n") == 1
    assert "hush" not in result.stderr
    assert list(tmp_path.iterdir()) == []
