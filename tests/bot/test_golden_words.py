"""Old logs show the same words for ever: an event's text is part of what a log says.

`tests/golden/words` has one file for each golden folder, with all that is shown of its events.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.notify.notifications import notices, reminders
from bot.text import history_texts, user_texts
from ledger import events as e
from ledger.event_text import describe
from ledger.history import HistoryLine
from ledger.store.reader import LogReader
from ledger.store.snapshot import recover

GOLDEN = Path(__file__).parents[1] / "golden"
FOLDERS = sorted(path for path in GOLDEN.iterdir() if path.name.startswith("format-"))


def words_of(folder: Path) -> Iterator[str]:
    """Every text that is made from the log's events, for the auditor, the users and the admins."""
    state = recover(folder).state
    for event in LogReader(folder / "events.jsonl").events():
        yield f"{event.seq} auditor: {describe(event)}"
        if isinstance(event, e.UserEvent):
            line = HistoryLine(event, 0, 0)
            yield f"{event.seq} admin's history: {history_texts.audit_line(line)}"
            yield f"{event.seq} own history: {history_texts.user_line(line, state)}"
        for notice in notices(event, state):
            reader = "admins" if notice.to_admins else notice.chat_id
            yield f"{event.seq} notice to {reader}: {notice.text}"
    for notice in reminders(state):
        yield f"reminder: {notice.text}"
    for user in state.users.values():
        yield f"orders of {user.user_id}: {user_texts.orders(state, user)}"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_golden_log_shows_the_words_it_always_showed(folder):
    expected = (GOLDEN / "words" / f"{folder.name}.txt").read_text(encoding="utf-8")
    assert "\n".join(words_of(folder)) + "\n" == expected


def test_every_file_of_words_has_its_log():
    names = {path.stem for path in (GOLDEN / "words").iterdir()}
    assert names == {folder.name for folder in FOLDERS} != set()
