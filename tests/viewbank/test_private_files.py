"""What other users of the machine could read is said in one line, and never what it holds."""

import pytest
import typer
from support.books import a_little, write_books
from typer.testing import CliRunner

from viewbank.cli import main

SECRET = "123456:secret-token-0123456789-0123456789"


@pytest.fixture
def dotenv(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("BOT_TOKEN", "AD_URL", "DATA_DIR"):
        monkeypatch.delenv(name, raising=False)
    path = tmp_path / ".env"
    path.write_text(f"BOT_TOKEN={SECRET}\nAD_URL=https://example.com/ad\n")
    return path


@pytest.mark.parametrize(
    ("mode", "warned"), [(0o644, True), (0o640, True), (0o604, True), (0o600, False)]
)
def test_a_dotenv_that_others_can_read_is_warned_of(dotenv, capsys, mode, warned):
    dotenv.chmod(mode)
    main._settings()
    said = capsys.readouterr().err
    assert ("chmod 600 .env" in said) == warned
    assert said.count("\n") == warned
    assert SECRET not in said


def test_without_a_dotenv_nothing_is_said_of_it(dotenv, capsys):
    dotenv.unlink()
    with pytest.raises(typer.Exit):
        main._settings()
    assert "chmod" not in capsys.readouterr().err


@pytest.mark.parametrize(("mode", "warned"), [(0o755, True), (0o700, False)])
def test_a_back_up_into_a_folder_that_others_can_look_into_says_so(tmp_path, mode, warned):
    write_books(tmp_path / "data", a_little)
    target = tmp_path / "backup"
    target.mkdir(mode)
    result = CliRunner().invoke(main.app, ["backup", str(target), "--data", str(tmp_path / "data")])
    assert result.exit_code == 0
    assert ("chmod 700" in result.output) == warned
    assert {path.stat().st_mode & 0o777 for path in target.iterdir()} == {0o600}
