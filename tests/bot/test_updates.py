"""Decoding updates: valid, unsupported and malformed ones."""

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lenient_json import as_valid_json, repaired
from bot.updates import Chat, Entity, Message, UnreadableUpdate, Update, decode_update
from orders.links.video_links import NotALink, UnknownSite, read_video_link

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


# Links as Telegram has marked them.

LINK = "https://youtu.be/AbCdEfGhI_k"


def entity(text: str, part: str, **fields) -> dict:
    """An entity for a part of a text. Telegram counts in UTF-16 units."""

    def units(of: str) -> int:
        return len(of.encode("utf-16-le")) // 2

    return {"offset": units(text[: text.index(part)]), "length": units(part), **fields}


@pytest.mark.parametrize("text_name", ["text", "caption"])
def test_the_address_behind_a_text_counts_and_not_the_text(text_name):
    text = "👍🏽 my video: https://youtu.be/ZyXwVuTsR_q 👍"
    entities = [entity(text, "https://youtu.be/ZyXwVuTsR_q", type="text_link", url=LINK)]
    name = "entities" if text_name == "text" else "caption_entities"
    message = decoded(with_message(**{text_name: text, name: entities})).message
    assert read_video_link(message.text_with_links) == read_video_link(LINK)


def test_a_marked_link_is_parted_from_the_word_before_it_and_needs_no_scheme():
    text = "👍😀lookyoutu.be/AbCdEfGhI_-"
    message = decoded(
        with_message(text=text, entities=[entity(text, "youtu.be/AbCdEfGhI_", type="url")])
    ).message
    assert message.text_with_links == "👍😀look https://youtu.be/AbCdEfGhI_-"


def test_a_site_without_a_path_is_a_link_if_telegram_says_so():
    text = "example.com"
    plain = decoded(with_message(text=text)).message
    marked = decoded(with_message(text=text, entities=[entity(text, text, type="url")])).message
    assert read_video_link(plain.text_with_links) == NotALink()
    assert read_video_link(marked.text_with_links) == UnknownSite("example.com")


@given(
    st.text(),
    st.lists(
        st.builds(
            Entity,
            type=st.sampled_from(["url", "text_link", "bold"]),
            offset=st.integers(-3, 40),
            length=st.integers(-3, 40),
            url=st.sampled_from(["", LINK, "\ud83d"]),
        ),
        max_size=4,
    ),
)
def test_whatever_is_marked_there_is_a_text(text, entities):
    message = Message(message_id=1, chat=Chat(id=5, type="private"), text=text, entities=entities)
    read_video_link(message.text_with_links)


@pytest.mark.parametrize(
    ("text", "offset", "command"),
    [("/start abc", 0, "start"), ("\u200e/start abc", 1, "start"), ("a /start", 2, "")],
)
def test_a_mark_that_nobody_sees_hides_no_command(text, offset, command):
    marked = [{"type": "bot_command", "offset": offset, "length": 6}]
    assert decoded(with_message(text=text, entities=marked)).message.command == command


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
