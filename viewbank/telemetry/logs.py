"""Logging: plain lines on stderr, without secrets, and without endless repetition."""

import logging
import sys
from collections.abc import Iterable

from viewbank.telemetry.repeated_lines import RepeatedLines

HIDDEN = "(hidden)"


class WithoutSecrets(logging.Formatter):
    """Removes secrets from the finished line, tracebacks included."""

    def __init__(self, secrets: Iterable[str]) -> None:
        """Hide these texts wherever they appear."""
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%d %H:%M:%S")
        self._secrets = [secret for secret in secrets if secret]

    def format(self, record: logging.LogRecord) -> str:
        """The line, without secrets."""
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, HIDDEN)
        return line


def set_up_logs(level: str, secrets: Iterable[str]) -> None:
    """Send all logs to stderr. Lines of an HTTP client would have the token in their addresses."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(WithoutSecrets(secrets))
    root = logging.getLogger()
    root.handlers = [RepeatedLines(handler)]
    root.setLevel(level)
    for noisy in ("httpx", "httpcore"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
