"""Every text of the code is marked for translation."""

from pathlib import Path

import pytest
from support.marked_texts import calls_in, mistakes, python_calls, template_calls

from i18n.extraction import ROOMS, extracted, sources

ROOT = Path(__file__).parents[2]
FILES = [path for path, _ in sources()]


def test_the_scan_sees_every_room():
    for room in ROOMS:
        assert any(path.is_relative_to(ROOT / room) for path in FILES), room


def test_no_text_of_the_code_is_marked_wrongly():
    found = [call for path in FILES for call in calls_in(path)]
    assert len(found) >= 5
    assert [fault for call in found for fault in mistakes(call)] == []


def test_every_marked_text_is_collected():
    """Babel reads tokens, the scan reads syntax trees: neither overlooks what the other sees."""
    marked = {
        (call.texts, call.context) for path in FILES for call in calls_in(path) if all(call.texts)
    }
    collected = {
        ((message.id,) if isinstance(message.id, str) else tuple(message.id), message.context)
        for message in extracted()
        if message.id
    }
    assert collected == marked


@pytest.mark.parametrize(
    "code",
    [
        't("Hello")',
        't("Hello " "there {a}", a=t("x"))',
        "t(WATCH_ADS)",
        "t(texts.WATCH_ADS)",
        "t(STATUS_WORDS[status])",
        "t.message(label)",
        'self.t.plural("{n} a of {x}", "{n} as of {x}", n, x=1)',
        't.ctx("verb", "Order")',
        'N_("Hello {name}")',
        'N_ctx("verb", "Order")',
        "other(f'{x}')",
    ],
)
def test_right_calls(code):
    assert [fault for call in python_calls(code) for fault in mistakes(call)] == []


@pytest.mark.parametrize(
    "code",
    [
        't(f"Hello {name}")',
        't("Hello {}".format(name))',
        't("Hello " + name)',
        't("Hello %s" % name)',
        't("a" if x else "b")',
        "t(name)",
        "t(user.name)",
        't("abc"[0])',
        "t(names[NAME])",
        't("")',
        "t()",
        't("a", "b")',
        "t(*texts)",
        't("Hello {name}")',
        't("Hello", name=name)',
        't("Hello {name}", **names)',
        't("Hello {name.x}", name=name)',
        't("<b>Hello")',
        't("<script></script>")',
        't("a < b")',
        't.plural("1 a", "{n} as", n)',
        't.plural("{n} a", "{n} as")',
        't.plural("{n} a", "<b>{n}</b> as", n)',
        't.plural("{n} a", MANY, n)',
        "t.ctx(context, 'Order')",
        "t.ctx('verb', order)",
        'N_(f"Hello {name}")',
        "N_(NAME)",
    ],
)
def test_wrong_calls(code):
    assert [fault for call in python_calls(code) for fault in mistakes(call)]


def test_calls_in_templates():
    right = '<p>{{ t("Hello {name}", name=user) }}{{ plural("{n} a", "{n} as", n) }}</p>'
    assert [mistakes(call) for call in template_calls(right)] == [[], []]
    for wrong in ("{{ t(name) }}", '{{ t("Hello {name}") }}', '{{ t("a" ~ b) }}'):
        assert [fault for call in template_calls(wrong) for fault in mistakes(call)], wrong


def test_texts_of_templates_and_code_are_collected(tmp_path):
    room = tmp_path / "room"
    room.mkdir()
    (room / "page.html").write_text(
        '<p title="{{ t("Title") }}">{{ plural("{n} a", "{n} as", n) }}{{ ctx("verb", "Go") }}</p>'
    )
    (room / "code.py").write_text(
        '# Translators: on a button\nX = N_("Hello")\n'
        't("a {x}", x=t("b", y=t.plural("c", "cs", 1)))\n'
    )
    found = {
        (message.id, message.context): message
        for message in extracted(tmp_path, ("room",))
        if message.id
    }
    assert set(found) == {
        ("Title", None),
        (("{n} a", "{n} as"), None),
        ("Go", "verb"),
        ("Hello", None),
        ("a {x}", None),
        ("b", None),
        (("c", "cs"), None),
    }
    assert found["Hello", None].auto_comments == ["Translators: on a button"]
    assert found["Hello", None].locations == [("room/code.py", 2)]
