from html import unescape

from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment
from markupsafe import Markup

from i18n import Html, escape


@given(st.text())
def test_an_escaped_text_has_no_markup_and_reads_as_before(text):
    escaped = escape(text)
    assert not set("<>\"'") & set(escaped)
    assert unescape(escaped) == text


@given(st.text())
def test_html_is_escaped_once(text):
    assert escape(escape(text)) == escape(text)


def test_jinja_s_ready_html_is_ready_here_too():
    assert escape(Markup("<b>")) == Html("<b>")
    assert isinstance(escape(Markup("<b>")), Html)


def test_a_plain_text_beside_html_is_escaped():
    bold = Html("<b>!</b>")
    assert bold + "<" == Html("<b>!</b>&lt;")
    assert "<" + bold == Html("&lt;<b>!</b>")
    assert Html("\n").join(["<", bold]) == Html("&lt;\n<b>!</b>")
    assert all(isinstance(made, Html) for made in (bold + "<", "<" + bold, bold.join([])))


def test_other_string_methods_forget_that_it_was_html():
    assert not isinstance(Html(" <b> ").strip(), Html)


@given(st.text())
def test_the_text_of_html_is_what_its_reader_sees(text):
    assert (Html("<b>") + text + Html("</b>")).text == text


def test_jinja_takes_it_as_it_is():
    page = Environment(autoescape=True).from_string("{{ ready }} {{ plain }}")
    assert page.render(ready=Html("<b>"), plain="<b>") == "<b> &lt;b&gt;"
