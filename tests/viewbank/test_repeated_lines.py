"""A log line that repeats is summed up; lines that differ are all written."""

import logging
import re
import threading

import pytest

from viewbank.telemetry import repeated_lines
from viewbank.telemetry.logs import set_up_logs
from viewbank.telemetry.repeated_lines import ALIKE_MAX, KEYS_MAX, SAME_MAX, RepeatedLines


class Lines(logging.Handler):
    """What was written."""

    def __init__(self):
        super().__init__()
        self.written = []
        self.is_closed = False

    def emit(self, record):
        try:
            text = record.getMessage()
        except TypeError:
            text = "(not to be formatted)"
        self.written.append(f"{record.levelname} {record.name}: {text}")

    def close(self):
        self.is_closed = True
        super().close()


class Bench:
    """A logger, its time, and what it has written."""

    def __init__(self):
        self.now_s = 1000.0
        self.lines = Lines()
        self.handler = RepeatedLines(self.lines, now_s=lambda: self.now_s)
        self.log, self.other = map(self.logger, ("here", "there"))

    def logger(self, name):
        """Apart from the loggers of the program and of the tests."""
        logger = logging.getLogger(name)
        logger.propagate, logger.handlers = False, [self.handler]
        logger.setLevel("DEBUG")
        return logger

    def written(self):
        lines, self.lines.written = self.lines.written, []
        return lines


@pytest.fixture
def bench():
    bench = Bench()
    yield bench
    bench.handler.close()


def test_a_line_that_repeats_is_written_a_few_times_and_then_counted(bench):
    for _ in range(500_000 // 100):
        bench.log.warning("no more files")
    assert bench.written() == ["WARNING here: no more files"] * SAME_MAX

    bench.now_s += 60
    bench.handler.sweep()
    assert bench.written() == ["WARNING here: 4,997 more like it in the last minute: no more files"]


def test_a_flood_that_goes_on_is_a_few_lines_a_minute(bench):
    for _ in range(10):
        for _ in range(600):
            bench.log.error("no more files")
            bench.now_s += 0.1
    assert len(bench.written()) == 10 * SAME_MAX + 9


@pytest.mark.parametrize("count", [1, SAME_MAX])
def test_what_comes_seldom_is_written_as_it_is_and_never_summed_up(bench, count):
    for _ in range(5):
        for _ in range(count):
            bench.log.warning("Telegram answers again.")
        bench.now_s += 61
    bench.handler.sweep()
    assert bench.written() == ["WARNING here: Telegram answers again."] * 5 * count


def test_warnings_that_differ_in_their_arguments_alone_are_summed_up_a_little_later(bench):
    for number in range(1000):
        bench.log.warning("%s has too many connections", f"10.0.0.{number}")
    written = bench.written()
    assert len(written) == len(set(written)) == ALIKE_MAX
    bench.now_s += 60
    bench.log.info("something else")
    assert bench.written() == [
        "WARNING here: 980 more like it in the last minute: 10.0.0.999 has too many connections",
        "INFO here: something else",
    ]


def test_what_asyncio_says_of_many_sockets_is_alike(bench):
    for number in range(1000):
        text = f"socket.accept() out of system resource\nsocket: <fd={number}>"
        bench.log.error(text)
    assert len(bench.written()) == ALIKE_MAX


@pytest.mark.parametrize("template", ["%s", "%s: %r", "%-9s, %s."])
def test_a_template_without_words_makes_nothing_alike(bench, template):
    for number in range(100):
        bench.log.error(template, *(f"problem {number}",) * template.count("%"))
    assert len(bench.written()) == 100


def test_different_lines_are_all_written_whatever_repeats_between_them(bench):
    for number in range(1000):
        bench.log.info("Order %s: HTTP 200", number)
        bench.log.warning("the same")
        fault = f"fault {number}"
        bench.log.error(fault)
    written = bench.written()
    assert [line for line in written if "Order" in line] == [
        f"INFO here: Order {number}: HTTP 200" for number in range(1000)
    ]
    assert len([line for line in written if "fault" in line]) == 1000
    assert len([line for line in written if "the same" in line]) == SAME_MAX


def test_logger_level_and_error_make_a_line_another_one(bench):
    for _ in range(100):
        bench.log.warning("it failed")
        bench.log.error("it failed")
        bench.other.error("it failed")
        for error in (ValueError("a"), ValueError("b"), KeyError("a")):
            bench.log.error("it failed", exc_info=error)
    assert len(bench.written()) == 6 * SAME_MAX


def test_the_stop_writes_what_was_counted(bench):
    for _ in range(10):
        bench.log.warning("again")
    bench.written()
    bench.handler.close()
    assert bench.written() == ["WARNING here: 7 more like it in the last minute: again"]
    assert bench.lines.is_closed


def test_a_timer_writes_the_count_if_nothing_else_is_logged(bench, monkeypatch):
    monkeypatch.setattr(repeated_lines, "WINDOW_S", 0.01)
    bench.log.warning("again")
    written = threading.Event()
    emit = bench.lines.emit
    bench.lines.emit = lambda record: (emit(record), "more like it" in record.msg and written.set())
    for _ in range(9):
        bench.log.warning("again")
    bench.now_s += 1
    assert written.wait(10)


def test_memory_has_a_bound_and_counts_are_written_before_they_are_forgotten(bench):
    for _ in range(10):
        bench.log.warning("again")
    for number in range(3 * KEYS_MAX):
        bench.log.info("line %s", number)
    assert len(bench.handler._windows) <= KEYS_MAX
    written = bench.written()
    assert len(written) == SAME_MAX + 3 * KEYS_MAX + 1
    assert "WARNING here: 7 more like it in the last minute: again" in written


def test_a_line_that_cannot_be_formatted_harms_nothing(bench):
    for _ in range(10):
        # Not through the logger: pytest listens to all of them.
        record = bench.log.makeRecord("here", logging.WARNING, "", 1, "%d files", ("many",), None)
        bench.handler.handle(record)
    bench.log.warning("fine")
    bad = ["WARNING here: (not to be formatted)"] * SAME_MAX
    assert bench.written() == [*bad, "WARNING here: fine"]
    bench.handler.close()
    assert bench.written() == ["WARNING here: 7 more like it in the last minute: %d files"]


def test_a_count_hides_secrets_as_any_line_does(capsys):
    root = logging.getLogger()
    before = root.handlers, root.level
    try:
        set_up_logs("INFO", ["hush"])
        for _ in range(5):
            logging.getLogger("anybody").warning("it is hush")
        root.handlers[0].close()
    finally:
        root.handlers = before[0]
        root.setLevel(before[1])
    lines = [re.sub(r"^\S+ \S+ ", "", line) for line in capsys.readouterr().err.splitlines()]
    assert lines == [
        *["WARNING anybody: it is (hidden)"] * SAME_MAX,
        "WARNING anybody: 2 more like it in the last minute: it is (hidden)",
    ]
