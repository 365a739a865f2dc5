"""Sentences in an old log are still shown: they are part of its content.

`tests/golden/words/format-1.txt` has all texts that are shown for the events of that folder. A
frame around a sentence ("Your order was not possible: ...") may change on purpose, and then that
file is changed with it; a sentence of the log may not. Logs with reason codes have no such file,
because their words are chosen anew by each version.
"""

from collections.abc import Iterator
from pathlib import Path

from support.given import ADMIN

from bot.notify.notifications import Readers, notices
from bot.notify.order_notices import PausedOffers, order_notices
from bot.order_facts import waiting_for_a_person
from bot.text import history_texts
from bot.text.admin.desk.order_texts import OrderFacts, Pile, card
from bot.text.admin.history_texts import history_line
from bot.text.orders import order_texts
from i18n import Translator, Translators
from ledger import events as e
from ledger.history import HistoryLine
from ledger.store.file_log import FileLog
from ledger.store.reader import LogReader
from ledger.store.recovery import recover
from ledger.words.event_text import describe

GOLDEN = Path(__file__).parents[1] / "golden"
SENTENCES = ("no connection", "no video", "no answer", "two accounts", "für „alles“ \U0001f381")


def words_of(folder: Path) -> Iterator[str]:
    """Every text that is made from the log's events, for the auditor, the users and the admins."""
    state = recover(folder).state
    t, readers = Translator(), Readers(state, Translators(), [ADMIN])
    for event in LogReader(FileLog(folder / "events.jsonl")).events():
        yield f"{event.seq} auditor: {describe(event)}"
        if isinstance(event, e.UserEvent):
            line = HistoryLine(event, 0, 0)
            yield f"{event.seq} admin's history: {history_line(t, line)}"
            yield f"{event.seq} own history: {history_texts.user_line(t, line, state)}"
        for notice in (*notices(event, readers), *order_notices(event, readers, PausedOffers())):
            reader = "admins" if notice.to_admins else notice.chat_id
            yield f"{event.seq} notice to {reader}: {notice.text}"
    for order in waiting_for_a_person(state.orders.values()):
        facts = OrderFacts(order, state.users[order.user_id], Pile.UNCLEAR)
        yield f"reminder: {card(t, facts)}"
    for user in state.users.values():
        for order_id in state.orders_of.get(user.user_id, []):
            yield f"order of {user.user_id}: {order_texts.card(t, state, state.orders[order_id])}"


def test_a_log_with_sentences_shows_the_words_it_always_showed():
    expected = (GOLDEN / "words" / "format-1.txt").read_text(encoding="utf-8")
    assert "\n".join(words_of(GOLDEN / "format-1")) + "\n" == expected
    for sentence in SENTENCES:
        assert expected.count(sentence) >= 2, "the auditor and somebody else must see it"


def test_a_log_with_reason_codes_has_words_for_each_line():
    text = "\n".join(words_of(GOLDEN / "format-1-with-reason-codes"))
    assert "order 000000000e12: The provider had a fault (HTTP 503).\n" in text
    assert "UTC: The provider did not answer in time.\n" in text
    assert "was not possible: The provider did not accept the link.\n" in text
    assert "\nWhy: The provider did not accept the link.\n" in text
