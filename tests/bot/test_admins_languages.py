"""Each admin gets texts in their own language."""

import pytest
from support.given import ANNA, Scenario

from bot.error_handler import ErrorHandler
from bot.notify.notifications import Readers, alert_notices
from bot.notify.notifier import Notifier
from bot.notify.order_notices import PausedOffers, order_notices
from bot.text.admin.digest_texts import digest, take_figures
from bot.updates import Update
from i18n import Translators
from ledger import commands as c
from ledger import events as e
from ledger.ledger import Ledger
from ledger.reason_codes import ReasonCode
from ledger.store.profiles import Profile
from orders.alerts import Alert

CHOSE_RUSSIAN, RUSSIAN_APP, ENGLISH, NOT_MET = 7, 8, 9, 10
ADMINS = [CHOSE_RUSSIAN, RUSSIAN_APP, ENGLISH, NOT_MET]
TRANSLATORS = Translators(strict=True)
ORDER = "ab12cd34ef56"
LANGUAGES = {
    CHOSE_RUSSIAN: {"language": "en", "language_choice": "ru"},
    RUSSIAN_APP: {"language": "ru-RU", "language_choice": ""},
    ENGLISH: {"language": "ru", "language_choice": "en"},
}


@pytest.fixture
def world():
    """Four admins, one of whom nobody has met, and a person with an unclear order."""
    world = Scenario()
    for user_id in (*LANGUAGES, ANNA):
        world.join(user_id)
    for user_id, languages in LANGUAGES.items():
        for field, tag in languages.items():
            setattr(world.state.users[user_id], field, tag)
    world.give(ANNA, 100)
    world.order(ANNA, ORDER)
    world.when(c.SendOrder(by="system", order_id=ORDER))
    world.when(c.NoteUnclear(by="system", order_id=ORDER, reason_code=ReasonCode.PROGRAM_STOPPED))
    return world


def by_reader(found):
    return {notice.chat_id: notice for notice in found if notice.to_admins}


def test_an_unclear_order_is_put_to_each_admin_in_their_language(world):
    readers = Readers(world.state, TRANSLATORS, ADMINS)
    event = world.log[-1]
    assert isinstance(event, e.OrderUnclear)
    told = by_reader(order_notices(event, readers, PausedOffers()))
    assert list(told) == ADMINS
    for admin_id in (CHOSE_RUSSIAN, RUSSIAN_APP):
        assert told[admin_id].text.startswith("🔎 <b>Неясный заказ</b> <code>ab12cd34ef56</code>")
        assert "Программа остановилась, пока этот заказ отправлялся." in told[admin_id].text
        assert "10 просмотров для" in told[admin_id].text
        assert labels(told[admin_id])[:2] == ["✅ Заказ дошёл", "↩️ Не дошёл: возврат"]
    for admin_id in (ENGLISH, NOT_MET):
        assert told[admin_id].text.startswith("🔎 <b>Unclear order</b> <code>ab12cd34ef56</code>")
        assert labels(told[admin_id])[:2] == ["✅ It arrived", "↩️ It did not: refund"]
    data = {button["callback_data"] for notice in told.values() for button in buttons(notice)}
    acts = {f"arrived:{ORDER}", f"refund:{ORDER}", f"later:{ORDER}"}
    assert data == acts | {f"user:{ANNA}", "orders_of:unclear:0"}


def buttons(notice):
    return [button for row in notice.keyboard["inline_keyboard"] for button in row]


def labels(notice):
    return [button["text"] for button in buttons(notice)]


def test_an_alert_too(world):
    readers = Readers(world.state, TRANSLATORS, ADMINS)
    told = by_reader(alert_notices(Alert(ReasonCode.PROVIDER_RATE_LIMIT), readers))
    assert told[RUSSIAN_APP].text == "⚠️ Поставщик просит отправлять заказы реже."
    assert told[NOT_MET].text == "⚠️ The provider asks us to send more slowly."


def test_the_figures_of_a_digest_have_the_plurals_and_dates_of_the_language(world):
    figures = take_figures(world.state, 0)
    t = TRANSLATORS.choose("ru", None)
    text = digest(t, "2026-01-01", figures, "0" * 64)
    assert "Сводка за день</b>, по 1 янв. 2026\u202fг. (UTC)" in text
    assert "Заказы: <b>1</b>\nПо статусам: неясны: 1" in text
    assert "Изменено админами: +100\n✅ Каждый балл учтён" in text


async def test_a_failure_is_told_to_the_person_and_to_the_admin_each_in_their_language(room):
    speak(room.ledger, room.admin.id, "ru")
    with pytest.raises(ZeroDivisionError) as caught:
        1 / 0  # noqa: B018 - the error is what we want
    await ErrorHandler(room.gate).handle(caught.value, Update(1), room.context)
    (told,) = await room.admin.unseen()
    assert "В программе произошёл сбой (test_a_failure" in told.text
    assert "ZeroDivisionError" not in told.text


def speak(ledger: Ledger, user_id: int, tag: str) -> None:
    ledger.note_profile(Profile(user_id=user_id, language="en", language_choice=tag))


async def test_an_admin_who_changes_their_language_reads_the_next_notice_in_it(room, tmp_path):
    notifier = Notifier(
        room.bot, room.ledger, frozenset({room.admin.id}), tmp_path / "data", TRANSLATORS
    )
    await notifier.start()
    notifier.alert_admins(Alert(ReasonCode.NO_ANSWER))
    await room.admin.wait_for("⚠️ The provider did not answer in time.")
    speak(room.ledger, room.admin.id, "ru")
    notifier.alert_admins(Alert(ReasonCode.NO_ANSWER))
    await room.admin.wait_for("⚠️ Поставщик не ответил вовремя.")
    await notifier.stop()
