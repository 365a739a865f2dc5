"""What is remembered of conversations with the admins: by the messages' times, and bounded."""

from bot.conversations import OPEN_S, PER_WINDOW_MAX, WINDOW_S, Conversations
from bot.text import contact_texts, notification_texts
from bot.text.contact_texts import MARKS, MESSAGE_SENT
from i18n import Message, Translators

NOW_S = 1_800_000_000
ANNA, BEN = 101, 102


def test_a_conversation_is_open_for_a_while_after_the_last_message():
    known = Conversations()
    assert not known.is_open(ANNA, NOW_S)
    known.keep_open(ANNA, NOW_S)
    assert known.is_open(ANNA, NOW_S + OPEN_S)
    assert not known.is_open(ANNA, NOW_S + OPEN_S + 1)
    known.keep_open(ANNA, NOW_S + OPEN_S)
    assert known.is_open(ANNA, NOW_S + OPEN_S + 1)
    known.end(ANNA)
    assert not known.is_open(ANNA, NOW_S + OPEN_S + 1)
    assert not known.is_open(BEN, NOW_S)


def test_the_words_say_how_long():
    assert f"{OPEN_S // 60} minutes" in MESSAGE_SENT.source


def test_so_many_messages_in_a_window_and_then_the_rest_of_it_is_to_be_waited():
    known = Conversations()
    for number in range(PER_WINDOW_MAX):
        assert known.wait_s(ANNA, NOW_S + number) == 0
        known.count(ANNA, NOW_S + number)
    assert known.wait_s(ANNA, NOW_S + PER_WINDOW_MAX) == WINDOW_S - PER_WINDOW_MAX
    assert known.wait_s(BEN, NOW_S) == 0
    assert known.wait_s(ANNA, NOW_S + WINDOW_S) == 0
    known.count(ANNA, NOW_S + WINDOW_S)
    assert known.wait_s(ANNA, NOW_S + WINDOW_S) == 0


def test_each_thing_is_told_once():
    known = Conversations()
    assert [known.tell_once(ANNA, what) for what in ("a", "a", "b", "b")] == [
        *(True, False),
        *(True, False),
    ]
    assert known.tell_once(BEN, "b")


def test_only_the_last_ones_are_remembered():
    known = Conversations(remembered_max=3)
    for person in range(5):
        known.keep_open(person, NOW_S)
        known.note_album(7, [person], person)
    assert [known.is_open(person, NOW_S) for person in range(5)] == [False] * 2 + [True] * 3
    assert [known.owner_of(7, number) for number in range(5)] == [None, None, 2, 3, 4]
    assert known.owner_of(8, 4) is None


def test_every_text_about_support_carries_the_mark_by_which_a_reply_is_known_in_all_languages():
    unmarked = {contact_texts.WRITE_MORE, contact_texts.END, contact_texts.ANSWER}
    found = [one for one in vars(contact_texts).values() if isinstance(one, Message)]
    for t in Translators(strict=True):
        for message in found:
            assert message in unmarked or t.message(message).startswith(MARKS)
        for text in (
            contact_texts.cannot_pass_on(t, "story"),
            contact_texts.wait_to_write(t, 60),
            contact_texts.wait_to_appeal(t, 60),
            notification_texts.banned(t, ""),
            notification_texts.banned(t, "spam"),
        ):
            assert text.startswith(MARKS)
    assert len(found) > 10
