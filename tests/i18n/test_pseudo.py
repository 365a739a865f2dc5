from support.pseudo import pseudo, pseudo_translator

from i18n.checks import faults
from i18n.extraction import extracted


def test_a_translated_text_is_told_from_one_that_is_not():
    t = pseudo_translator()
    assert t("Choose <b>{name}</b>", name="one") == "⟦Çhöösé <b>one</b>⟧"
    assert t.plural("{n} point", "{n} points", 2) == "⟦2 pöíñts⟧"
    assert t.ctx("verb", "Order") == "⟦Ördér⟧"


def test_it_is_a_translation_without_faults():
    checked = 0
    for message in extracted():
        if message.id:
            source = (message.id,) if isinstance(message.id, str) else tuple(message.id)
            assert faults(source, [pseudo(text) for text in source]) == []
            checked += 1
    assert checked >= 5
