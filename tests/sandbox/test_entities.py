import pytest

from sandbox.botapi.detect import with_detected
from sandbox.botapi.entities import parse_html, trimmed
from sandbox.botapi.errors import ApiError


def spans(entities):
    return [(entity.type, entity.offset, entity.length) for entity in entities]


@pytest.mark.parametrize(
    ("markup", "refusal"),
    [
        ("<p>no</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("é <br>", 'Unsupported start tag "br" at byte offset 3'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ("<b>bold", 'Can\'t find end tag corresponding to start tag "b"'),
        ("bold</b>", "Unexpected end tag at byte offset 4"),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>a</b ", "Unclosed end tag at byte offset 4"),
        ("<a =x>y</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=x,>y</a>", "Unexpected end of name token at byte offset 8"),
        ("<a href=", 'Unclosed start tag "a" at byte offset 0'),
        ("<a href='x>y", "Unclosed start tag at byte offset 0"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        (
            "&#xDFDF;",
            (
                "Text contains invalid Unicode characters after decoding HTML entities,"
                " check for unmatched surrogate code units"
            ),
        ),
    ],
)
def test_html_that_telegram_cannot_parse_is_refused_in_its_words(markup, refusal):
    with pytest.raises(ApiError) as caught:
        parse_html(markup)
    assert caught.value.description == f"Bad Request: can't parse entities: {refusal}"


@pytest.mark.parametrize(
    ("markup", "text", "expected"),
    [
        ("plain &lt;b&gt; &amp; &quot;&#39;", "plain <b> & \"'", []),
        ("&nbsp;&laquo;", "&nbsp;&laquo;", []),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("<STRONG>x</strong>", "x", [("bold", 0, 1)]),
        ("👀 <u>x</u>", "👀 x", [("underline", 3, 1)]),
        ("<tg-spoiler>x</tg-spoiler>", "x", [("spoiler", 0, 1)]),
        ('<span class="tg-spoiler">x</span>', "x", [("spoiler", 0, 1)]),
        ("<b></b>x", "x", []),
        ("<code>a <b>b</b></code>", "a b", [("code", 0, 3)]),
        ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
        ("<del>x</del><s>y</s>", "xy", [("strikethrough", 0, 1), ("strikethrough", 1, 1)]),
        ("<a href='not a link'>x</a>", "x", []),
    ],
)
def test_html_becomes_text_and_entities_in_utf16_units(markup, text, expected):
    found_text, entities = parse_html(markup)
    assert (found_text, spans(entities)) == (text, expected)


def test_a_link_keeps_its_address_and_pre_its_language():
    _, links = parse_html('<a href="https://example.com/?a=1&amp;b=2">x</a>')
    assert links[0].url == "https://example.com/?a=1&b=2"
    _, code = parse_html('<pre><code class="language-python">x = 1</code></pre>')
    assert [(entity.type, entity.language) for entity in code] == [("pre", "python")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/start CODE", [("bot_command", 0, 6)]),
        ("/start@viewbank_bot x", [("bot_command", 0, 19)]),
        ("no/command and / alone", []),
        ("see https://youtu.be/x?t=1.", [("url", 4, 22)]),
        ("youtube.com/watch?v=1, yes", [("url", 0, 21)]),
        ("hi @ann_walks and #views", [("mention", 3, 10), ("hashtag", 18, 6)]),
        ("mail a.b@example.com", [("email", 5, 15)]),
        ("👀 /help", [("bot_command", 3, 5)]),
        ("version 1.2.3 costs 10.50", []),
    ],
)
def test_commands_links_and_mentions_are_found_without_any_markup(text, expected):
    assert spans(with_detected(text, [])) == expected


def test_nothing_is_found_inside_code_or_a_link():
    text, entities = parse_html("<code>/start</code> <a href='https://a.example.com'>b.com</a>")
    assert spans(with_detected(text, entities)) == [("code", 0, 6), ("text_link", 7, 5)]


def test_white_space_at_the_ends_goes_and_entities_move_along():
    text, entities = trimmed(*parse_html("\n <b> x</b>  "))
    assert (text, spans(entities)) == ("x", [("bold", 0, 1)])
