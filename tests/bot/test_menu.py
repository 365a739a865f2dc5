"""Menu labels are recognised in every language."""

import pytest

from bot import routes
from bot.text import menu
from bot.text.menu import Action, actions_by_label, label
from i18n import Translators
from ledger.economy import Economy

TRANSLATORS = list(Translators(strict=True))


def test_every_action_is_in_the_menu_once_and_has_a_handler():
    shown = [action for row in menu.ROWS for action in row]
    assert sorted(shown, key=str) == sorted(Action, key=str)
    assert set(routes.MENU) == set(Action) == set(menu.LABELS)


def test_the_labels_of_all_languages_lead_to_their_action_and_to_no_other():
    table = actions_by_label(TRANSLATORS)
    for t in TRANSLATORS:
        for action in Action:
            assert table[label(t, action)] is action
    languages = len(TRANSLATORS)
    assert languages >= 2
    assert len(table) == languages * len(Action)


@pytest.mark.parametrize("t", TRANSLATORS, ids=lambda t: t.language.tag)
def test_the_keyboard_has_the_labels_of_its_language(t):
    rows = menu.keyboard(t, Economy())["keyboard"]
    assert [[button["text"] for button in row] for row in rows] == [
        [label(t, action) for action in row] for row in menu.ROWS
    ]


def test_labels_are_plain_text():
    assert "👥 Refer & Earn" in actions_by_label(TRANSLATORS)
