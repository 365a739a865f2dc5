"""The door for JSON from outside: one meaning, or one sentence that says why not."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.untrusted.untrusted_json import (
    BadJson,
    RepeatedKey,
    check_json,
    read_json,
    repeats_a_key,
)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"a":1,"a":2}', 'the key "a" is there twice'),
        (b'{"a":1,"b":{},"a":1}', 'the key "a" is there twice'),
        (b'{"a":1,"\\u0061":2}', 'the key "a" is there twice'),
        (b'{"a":{"b":[{},{"c":1,"c":2}]}}', 'the key "c" is there twice, in a.b.number 2'),
        (b'[[{"a":1,"a":2}]]', 'the key "a" is there twice, in number 1.number 1'),
        (b"[1" + b"0" * 5000 + b"]", "it has a number with 5,001 digits at line 1, column 2"),
        (b"[0." + b"0" * 5000 + b"]", "it has a number with 5,000 digits at line 1, column 4"),
        (b"[1e400]", "it has a number that is too large, such as 1e400"),
        (b'[\n"NaN", NaN]', "it has NaN instead of a number at line 2, column 8"),
        (b"[-Infinity]", "it has -Infinity instead of a number at line 1, column 2"),
        (b"[" * 100_000, "it is nested too deeply: brackets within brackets without end"),
        (b'{"a":' * 100_000, "it is nested too deeply: brackets within brackets without end"),
        (b'["\\ud83d"]', "it has half a character (a lone surrogate) at line 1, column 3"),
        (b'["\\\\\\uDE00"]', "it has half a character (a lone surrogate) at line 1, column 5"),
        (b'{"\\ud83d\\ud83d":1}', "it has half a character (a lone surrogate) at line 1, column 3"),
        (b'"\xff"', "it is not UTF-8 text: byte 2 can't be read"),
        (b'"\xed\xa0\xbd"', "it is not UTF-8 text: byte 2 can't be read"),
        (b'"\xf0\x9f', "it is not UTF-8 text: byte 2 can't be read; it may be only half of it"),
        ("[]".encode("utf-16"), "it is UTF-16 text; save it as UTF-8"),
        (b'["\x00"]', "it is not valid JSON at line 1, column 3: invalid control character"),
        (b"[]\x00", "it is not valid JSON at line 1, column 3: extra data"),
        (b"{} {}", "it is not valid JSON at line 1, column 4: extra data"),
        (b"", "it is empty"),
        (b" \n", "it is empty"),
        (b"\xef\xbb\xbf", "it is empty"),
        (
            b'{"a":tru',
            "it is not valid JSON at line 1, column 6: expecting value; it may be only half of it",
        ),
    ],
)
def test_each_fault_is_one_sentence(data: bytes, said: str):
    for reader in (read_json, check_json):
        with pytest.raises(BadJson) as refused:
            reader(data)
        assert str(refused.value) == said


def test_a_long_key_is_shown_in_short():
    key = "9" * 5000
    with pytest.raises(RepeatedKey) as refused:
        read_json(f'{{"{key}":1,"{key}":2}}'.encode())
    assert str(refused.value) == f'the key "{"9" * 40}..." is there twice'


@pytest.mark.parametrize(
    ("data", "content"),
    [
        (b'\xef\xbb\xbf{"a":1}', {"a": 1}),
        (b'{"a":{"a":[{"a":1},{"a":2}]}}', {"a": {"a": [{"a": 1}, {"a": 2}]}}),
        (b'["\\ud83d\\ude00","\\\\ud83d"]', ["😀", "\\ud83d"]),
        (b'["NaN","\\u0000"]', ["NaN", "\0"]),
        (b"[" + b"9" * 400 + b"]", [int("9" * 400)]),
        (b"null", None),
    ],
)
def test_what_has_one_meaning_is_read(data: bytes, content: object):
    assert read_json(data) == content
    check_json(data)


KEYS = st.sampled_from(["a", "b", ":", '":', "é", "\\"])
VALUES = st.recursive(
    st.none() | st.integers() | st.text(max_size=5) | st.just('x":"y'),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(st.tuples(KEYS, inner), max_size=4).map(lambda pairs: ("pairs", pairs))
    ),
    max_leaves=10,
)


def written(value: object, space: str) -> str:
    """JSON in which keys may be there twice."""
    match value:
        case ("pairs", pairs):
            inner = (f"{json.dumps(key)}{space}:{written(one, space)}" for key, one in pairs)
            return "{" + f",{space}".join(inner) + "}"
        case list():
            return f"[{','.join(written(one, space) for one in value)}]"
        case _:
            return json.dumps(value)


@given(value=VALUES, space=st.sampled_from(["", " "]))
def test_the_fast_check_finds_what_the_exact_one_finds(value: object, space: str):
    data = written(value, space).encode()
    try:
        read_json(data)
    except RepeatedKey:
        assert repeats_a_key(data)
    else:
        assert not repeats_a_key(data)


def test_an_escaped_colon_hides_no_key():
    assert repeats_a_key(b'{"a":"\\u003a","a":""}')
    assert repeats_a_key(b'{"a":"\\u003A\\u003a"}'), "suspected, for the exact check to decide"
