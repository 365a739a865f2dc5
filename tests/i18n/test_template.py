import string

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from i18n import Html, escape
from i18n.template import TemplateError, literally, parse

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
PLAIN = st.text().map(lambda text: text.replace("{", "").replace("}", ""))


@given(st.lists(st.tuples(PLAIN, NAMES, st.text())), PLAIN)
def test_each_argument_stands_escaped_in_its_place(pieces, end):
    arguments = {name: value for _, name, value in pieces}
    template = parse("".join(f"{text}{{{name}}}" for text, name, _ in pieces) + end)
    assert template.names == arguments.keys()
    expected = "".join(text + str(escape(arguments[name])) for text, name, _ in pieces) + end
    assert template.filled(arguments, str) == expected


@given(st.text())
def test_an_argument_is_never_parsed(value):
    assert parse("{a}{b}").filled({"a": value, "b": "x"}, str) == str(escape(value)) + "x"


def test_ready_html_stays():
    assert parse("{a}").filled({"a": Html("<b>")}, str) == "<b>"


@pytest.mark.parametrize(
    "template",
    [
        "{}",
        "{0}",
        "{user.name}",
        "{user[name]}",
        "{n:>1000000}",
        "{n:}",
        "{n!r}",
        "{ n }",
        "{n",
        "n}",
        "{{n}",
        "{Name}",
        "{_n}",
        "{ñ}",
        "{a{b}}",
        "{n\n}",
    ],
)
def test_only_plain_names_can_be_in_braces(template):
    with pytest.raises(TemplateError):
        parse(template)


def test_doubled_braces_are_braces():
    assert parse("{{n}} {{{n}}}").filled({"n": "1"}, str) == "{n} {1}"


@given(st.text(alphabet="ab{}.[]!:0"))
@example("{{{a}}}")
def test_what_it_takes_means_the_same_to_str_format(text):
    """The format is a part of Python's, so every translators' tool knows it."""
    try:
        template = parse(text)
    except TemplateError:
        assume(False)
    arguments = dict.fromkeys(template.names, "value")
    assert template.filled(arguments, str) == text.format_map(arguments)
    fields = {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}
    assert template.names == fields


@given(st.text())
def test_a_literal_template_shows_itself(text):
    assert literally(text).filled({}, str) == text
    assert literally(text).whole == text
