"""Every text for users fits Telegram's limits and is fully translated."""

import re
from itertools import product

import pytest
from support import longest_texts
from support.pseudo import pseudo_translator

from bot.text import (
    keyboards,
    menu,
    profile_texts,
)
from bot.text.orders import my_order_keyboards, order_keyboards
from i18n import Translators
from i18n.languages import LANGUAGES
from ledger.economy import Economy
from ledger.history import Cursor
from ledger.postings import RULES
from ledger.reason_codes import OrderRequest

MESSAGE_MAX = 4096
TOAST_MAX = 200
DATA_MAX_BYTES = 64
LABEL_MAX = 24
"""More is cut off on a narrow phone with two buttons in a row."""
LABEL_ALONE_MAX = 64
"""A button alone in its row may break its label into two lines."""
COMMAND_WORDS_MAX = 256
DESCRIPTION_MAX, SHORT_DESCRIPTION_MAX = 512, 120

TRANSLATORS = [*Translators(strict=True), pseudo_translator()]
every_language = pytest.mark.parametrize(
    "t", TRANSLATORS, ids=[*(language.tag for language in LANGUAGES), "pseudo"]
)


def units(text):
    """As Telegram counts: UTF-16 units, without the markup."""
    return len(text.encode("utf-16-le")) // 2


@every_language
def test_the_longest_messages_fit(t):
    found = list(longest_texts.messages(t))
    assert len(found) > 100
    assert [text for text in found if not 0 < units(text.text) <= MESSAGE_MAX] == []


@every_language
def test_the_longest_toasts_fit(t):
    found = list(longest_texts.toasts(t))
    assert len(found) > 20
    assert [text for text in found if not 0 < units(text.text) <= TOAST_MAX] == []


@every_language
def test_the_bots_profile_fits(t):
    for ads, only_views in product((True, False), repeat=2):
        description, short = longest_texts.descriptions(t, ads=ads, only_views=only_views)
        assert 0 < units(description) <= DESCRIPTION_MAX
        assert 0 < units(short) <= SHORT_DESCRIPTION_MAX
    commands = profile_texts.commands(t, for_admin=True)
    assert all(re.fullmatch("[a-z_]{1,32}", name) for name in commands)
    assert all(0 < units(words) <= COMMAND_WORDS_MAX for words in commands.values())


def shop_keyboards(t):
    """Those of buying and of one's own orders."""
    offers = list(longest_texts.offers(longest_texts.ECONOMY))
    keys = sorted({offer.platform for offer in offers})
    for offer in offers:
        yield order_keyboards.quantities(t, offer, 10**18, suggested=10**8 + 1, others=True)
        yield order_keyboards.quantities(t, offer, 10**15, others=True)
        yield order_keyboards.confirm_order(t, offer, "f" * 12, 10**9, 10**15)
    for key in keys:
        shown = order_keyboards.platform_key(key)
        yield order_keyboards.services(t, offers, 1, shown, back=True)
    yield order_keyboards.platforms(t, keys)
    yield order_keyboards.links([longest_texts.VIDEO] * order_keyboards.LINKS_SHOWN_MAX, "f" * 12)
    yield order_keyboards.ask_for_link(t)
    yield order_keyboards.ask_for_comments(t, others=True)
    yield order_keyboards.too_few_points(t, Economy(), others=True)
    yield my_order_keyboards.orders(t, range(10**9, 10**9 - 10, -1), 10**5, 1, 3)
    yield my_order_keyboards.order(t, 10**9, 10**8, list(OrderRequest), again=True)
    yield my_order_keyboards.show_order(t, 10**9)
    for what in OrderRequest:
        yield my_order_keyboards.sure(t, 10**9, what)


def every_keyboard(t):
    most = Economy(order_views_min=1, order_views_max=10**9)
    cursor = Cursor(10**9, 10**15)
    return [
        menu.keyboard(t, most),
        keyboards.ad(t, "https://example.com", "f" * 50),
        keyboards.next_ad(t),
        keyboards.account(t),
        keyboards.write_more(t),
        keyboards.answer(t),
        keyboards.languages(t, LANGUAGES),
        keyboards.refer(t, "https://t.me/share/url", 10**6, 10**9),
        keyboards.join_channel(t, "https://t.me/channel"),
        *shop_keyboards(t),
        keyboards.history(t, cursor, first=False),
    ]


@every_language
def test_labels_and_data_of_buttons_fit(t):
    rows = [
        row
        for keyboard in every_keyboard(t)
        for row in keyboard.get("inline_keyboard", keyboard.get("keyboard"))
    ]
    buttons = [button for row in rows for button in row]
    assert len(buttons) > 20
    most = {True: LABEL_MAX, False: LABEL_ALONE_MAX}
    labels = [(one["text"], most[len(row) > 1]) for row in rows for one in row]
    assert [text for text, limit in labels if not 0 < units(text) <= limit] == []
    data = [one["callback_data"] for one in buttons if "callback_data" in one]
    assert [one for one in data if not 0 < len(one.encode()) <= DATA_MAX_BYTES] == []
    assert not any("&amp;" in one["text"] or "<" in one["text"] for one in buttons)


def test_nothing_that_users_read_is_written_into_the_code():
    """In the pseudo-language all that is translated stands in brackets; the rest is arguments."""
    t = TRANSLATORS[-1]
    for text in longest_texts.messages(t):
        rest = text.text
        while (inner := re.sub(r"⟦[^⟦⟧]*⟧", "", rest)) != rest:
            rest = inner
        assert not re.search(r"[^\W\d_]", rest), (rest, text.text)


def test_the_texts_are_tried_with_every_event_that_changes_a_balance():
    assert {type(event) for event in longest_texts.moves()} == set(RULES)
