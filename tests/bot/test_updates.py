"""Decoding updates: valid, unsupported and malformed ones."""

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lenient_json import as_valid_json, repaired
from bot.updates import UnreadableUpdate, Update, decode_update

PERSON = {"id": 5, "is_bot": False, "first_name": "Anna", "username": "anna", "language_code": "en"}
CHAT = {"id": 5, "type": "private"}
UPDATE = b'{"update_id":7,"message":{"message_id":1,"chat":{"id":5,"type":"private"},"text":"hi"}}'


def with_message(**fields) -> bytes:
    message = {"message_id": 1, "date": 1, "chat": CHAT, "from": PERSON, **fields}
    return json.dumps({"update_id": 7, "message": message}).encode()


def decoded(data: bytes) -> Update:
    update = decode_update(data)
    assert isinstance(update, Update)
    return update


def test_a_message_has_what_handlers_look_at():
    update = decoded(with_message(text="/start abc", more={"of": ["what", "nobody", "reads"]}))
    assert (update.update_id, update.kind) == (7, "message")
    assert (update.person.first_name, update.chat.is_private) == ("Anna", True)
    assert update.message.text == "/start abc"


@pytest.mark.parametrize("kind", ["message", "edited_message"])
def test_a_kind_is_named_as_telegram_names_it(kind):
    data = json.dumps({"update_id": 7, kind: {"message_id": 1, "chat": CHAT}}).encode()
    assert decoded(data).kind == kind


@pytest.mark.parametrize("data", [b'{"update_id":7}', b'{"update_id":7,"inline_query":{"id":"1"}}'])
def test_what_nobody_here_reads_is_another_kind(data):
    update = decoded(data)
    assert (update.kind, update.chat, update.person) == ("other", None, None)


@pytest.mark.parametrize(
    "content",
    [
        {"text": "hello"},
        {"photo": [{"file_id": "a"}], "caption": "look"},
        {"sticker": {}},
        {"voice": {"duration": 1}},
        {"location": {"latitude": 1.5}},
        {"paid_media": {}},
    ],
)
def test_what_a_person_sends_is_content(content):
    assert decoded(with_message(**content)).message.has_content


@pytest.mark.parametrize(
    "note", [{}, {"pinned_message": {}}, {"new_chat_photo": []}, {"video_chat_started": {}}]
)
def test_telegrams_own_notes_in_a_chat_are_no_content(note):
    assert not decoded(with_message(**note)).message.has_content


# Text that no file can hold.


@pytest.mark.parametrize(
    "data",
    [
        with_message(text="half \ud83d"),
        with_message(text="half \ud83d").replace(b"\\ud83d", b"\xff"),
        with_message(text="half \ud83d").replace(b"\\ud83d", b"\xed\xa0\xbd"),
    ],
)
def test_broken_text_is_read_as_well_as_can_be(data):
    text = decoded(data).message.text
    assert text.startswith("half ")
    assert text.encode()


@pytest.mark.parametrize("junk", [b'"\\ud83d"', b'"\xff"', b'{"deeper":["\xff"]}'])
def test_broken_text_in_what_nobody_reads_is_no_harm(junk):
    update = decoded(UPDATE[:-1] + b',"unread":' + junk + b"}")
    assert update.message.text == "hi"


@given(st.binary(max_size=200))
def test_whatever_comes_is_an_update_or_refused(data):
    try:
        update = decode_update(data)
    except ValueError:
        return
    assert isinstance(update, Update | UnreadableUpdate)


@given(st.recursive(st.text() | st.integers() | st.none(), lambda more: st.lists(more, max_size=3)))
def test_repaired_json_means_the_same_and_is_one_valid_line(content):
    data = json.dumps({"a": content}).encode()
    line = repaired(data)
    assert json.loads(line) == json.loads(data.decode())
    assert b"\n" not in line
    assert as_valid_json(line) == line


def test_valid_json_stays_byte_for_byte():
    assert as_valid_json(UPDATE) is UPDATE


# What doesn't fit, and will not.


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b'{"update_id":7,"message":{"chat":3}}', "message"),
        (b'{"message":{"chat":3},"update_id":7}', "message"),
        (with_message(text=5), "message"),
        (b'{"update_id":7,"callback_query":{"id":1}}', "callback_query"),
        (b'{"update_id":7,"my_chat_member":[]}', "my_chat_member"),
    ],
)
def test_an_update_that_does_not_fit_has_its_number_and_kind(data, kind):
    update = decode_update(data)
    assert isinstance(update, UnreadableUpdate)
    assert (update.update_id, update.kind) == (7, kind)
    assert "Expected" in update.reason


@pytest.mark.parametrize(
    ("data", "update_id", "said"),
    [
        (b'{"update_id":7,"message":{"date":1,"date":2}}', 7, '"date" is there twice, in message'),
        (b'{"message":{},"message":{},"update_id":7}', 7, '"message" is there twice'),
        (b'{"update_id":7,"message":{"x":"\\u003a","x":0}}', 7, '"x" is there twice'),
        (b'{"update_id":7,"message":{"text":"\\ud83d","text":""}}', 7, '"text" is there twice'),
        (b'{"update_id":9,"message":{},"update_id":7}', 7, '"update_id" is there twice'),
    ],
)
def test_an_update_with_a_key_twice_is_unreadable(data, update_id, said):
    update = decode_update(data)
    assert isinstance(update, UnreadableUpdate)
    assert (update.update_id, update.kind) == (update_id, "message")
    assert said in update.reason


def test_a_key_twice_without_a_number_is_no_update():
    with pytest.raises(ValueError, match="an update has a number"):
        decode_update(b'{"message":{"date":1,"date":2}}')


def test_a_number_that_nobody_can_hold_spoils_only_what_needs_it():
    long = b"9" * 5000
    assert decode_update(b'{"update_id":7,"new":%s}' % long) == Update(7)
    update = decode_update(b'{"update_id":7,"message":{"date":%s}}' % long)
    assert isinstance(update, UnreadableUpdate)
    assert update.update_id == 7


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00",
        b"null",
        b"7",
        b"[]",
        b'"update_id"',
        b"{}",
        b'{"update_id":null}',
        b'{"update_id":"7"}',
        b'{"update_id":true}',
        b'{"update_id":7.5}',
        b'{"update_id":1e400}',
        b'{"update_id":%s}' % (b"9" * 5000),
        b'{"update_id":7',
        b'{"update_id":7}}',
        b'{"update_id":7}{"update_id":8}',
        b'{"update_id":7}\x00',
        b'{"update_id":7,"a":NaN}',
        b"update_id=7",
        b"\xef\xbb\xbf" + UPDATE,
        UPDATE.decode().encode("utf-16"),
        gzip.compress(UPDATE, mtime=0),
        b"[" * 500_000,
        b'{"update_id":7,"a":' + b"[" * 500_000,
        b'{"update_id":7,"a":' + b"[" * 500_000 + b"]" * 500_000 + b"}",
        b'{"update_id":7,"a":' + b'{"a":' * 150_000 + b"1" + b"}" * 150_000 + b"}",
    ],
)
def test_what_is_not_an_update_is_refused(body):
    with pytest.raises(ValueError, match=r"."):
        decode_update(body)


@pytest.mark.parametrize("length", [1, 10, 30, len(UPDATE) - 1])
def test_no_part_of_an_update_passes_for_one(length):
    with pytest.raises(ValueError, match=r"."):
        decode_update(UPDATE[:length])
