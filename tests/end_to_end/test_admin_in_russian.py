"""An admin who reads Russian, with users who read English."""

import pytest

VIDEO = "https://youtu.be/AbCdEfGhI_k"


@pytest.fixture
async def admin(shop):
    """The admin, whose app is in English, has chosen Russian with the bot."""
    await shop.admin.say("/language")
    await shop.admin.wait_for("Choose your language")
    await shop.admin.press("Русский")
    await shop.admin.wait_for("Русский")
    return shop.admin


async def gift(shop, person, points):
    await shop.admin.say(f"/adjust {person.id} +{points} подарок")
    await shop.admin.wait_for(f"+{points}", "Баланс теперь")
    await person.wait_for("The admin changed your points", "Reason: подарок")


async def test_the_panel_and_the_card_of_a_person(shop, admin):
    anna = await shop.person("Anna")
    await gift(shop, anna, 21)
    await admin.say("/admin")
    await admin.wait_for("🛠 Админ", "Выберите, что показать.")
    await admin.press("📊 Статистика")
    await admin.wait_for("Пользователи: 2", "Изменено админами: +21", "Каждый балл учтён")
    await admin.press("‹ Админ")
    await admin.wait_for("Выберите, что показать.")
    await admin.press("⚙️ Настройки")
    await admin.wait_for("ad_reward_points = 60", "баллов за одну рекламу")
    await admin.press("‹ Админ")
    await admin.wait_for("Выберите, что показать.")
    await admin.press("👥 Пользователи")
    seen = await admin.wait_for("Пользователи: 2, сначала новые (страница 1 из 1)")
    assert f"Anna · {anna.id} · 21 балл" in [label for row in seen.buttons for label in row]
    await admin.press(f"user:{anna.id}:here")
    await admin.wait_for("👤 Anna @anna", "Баланс: 21 балл", "С ботом с ")
    await admin.press("⛔️ Заблокировать")
    await admin.wait_for("Заблокировать Anna @anna")
    await admin.press("⛔️ Да, заблокировать")
    await admin.wait_for("⛔️ Заблокирован")
    await anna.wait_for("You can't earn or order for now")
    await admin.press("✅ Разблокировать")
    await anna.wait_for("You can earn and order again")
    await admin.press("👥 Пользователи")
    await admin.wait_for("сначала новые")
    await admin.press("🔍 Поиск")
    await admin.wait_for("Пришлите id, @username")
    await admin.say("nobody at all")
    await admin.wait_for("Не нахожу такого человека")


async def test_history_and_changes_by_hand(shop, admin):
    anna = await shop.person("Anna")
    await gift(shop, anna, 22)
    await anna.press("🪧 Watch Ads")
    await anna.wait_for("It pays")
    await anna.open("▶️ Open the ad")
    await anna.press("✅ I watched it")
    await anna.wait_for("Thank you")
    await admin.say(f"/history {anna.id}")
    seen = await admin.wait_for("Баланс сейчас: 82 балла (время в UTC)")
    for part in (
        f"пользователь {anna.id}",
        "+60 · просмотрена реклама № 1",
        "админ 7",
        "+22 · баланс изменён вручную: подарок",
        "баланс 22",
        "первый запуск бота",
    ):
        assert part in seen
    await admin.say(f"/history {anna.id} at 2020-01-01")
    await admin.wait_for("До 1 янв. 2020")
    await admin.say("/history nobody")
    await admin.wait_for("Не нахожу такого человека", "Пишите так: /history 42")
    await admin.say(f"/adjust {anna.id} -2 ошибка")
    await admin.wait_for("−2 балла", "Баланс теперь: 80 баллов")
    await anna.wait_for("−2 points", "Reason: ошибка")
    await admin.say("/adjust")
    await admin.wait_for("Пишите так: /adjust 42 +100 спасибо за ожидание")


async def test_a_message_to_everybody_stays_as_it_was_written(shop, admin):
    anna = await shop.person("Anna")
    await admin.say("/admin")
    await admin.wait_for("Выберите")
    await admin.press("📣 Написать всем")
    await admin.wait_for("Пришлите сообщение для всех")
    await admin.say("Hello, привет!")
    await admin.wait_for("Отправить сообщение выше 2 пользователям?")
    assert "Отправляю" in (await admin.press("📣 Отправить")).text
    await admin.wait_for("📣 Готово. Доставлено: 2, недоступны: 0.")
    await anna.wait_for("Hello, привет!")


@pytest.mark.parametrize(
    ("buttons", "settled", "told"),
    [
        (("✅ Заказ дошёл", "✅ Да, дошёл"), "отмечен как дошедший", "is accepted"),
        (("↩️ Не дошёл: возврат", "↩️ Да, возврат"), "баллы возвращены", "100 points came back"),
    ],
)
async def test_an_unclear_order(shop, admin, buttons, settled, told):
    await shop.world.provider.answers("break_after")
    anna = await shop.person("Anna")
    await gift(shop, anna, 500)
    await anna.say(VIDEO)
    await anna.wait_for("How many views?")
    await anna.say("10")
    await anna.wait_for("Please check")
    await anna.press("✅ Confirm")
    await anna.wait_for("a person is checking it")
    await admin.wait_for("Неясный заказ", "10 просмотров для", "100 баллов, заказчик: Anna @anna")
    await admin.say("/admin")
    await admin.wait_for("Выберите")
    await admin.press("📦 Заказы (1)")
    await admin.wait_for("Эти ждут вас")
    await admin.press("🔎 Неясные (1)")
    seen = await admin.wait_for("Неясные заказы: неизвестно, дошли ли они")
    await admin.press(seen.rows[0][0]["callback_data"])
    await admin.wait_for("Неясный заказ")
    await admin.press(buttons[0])
    await admin.wait_for("❓")
    await admin.press(buttons[1])
    await admin.wait_for(settled)
    await anna.wait_for(told)


async def test_a_message_of_a_person_and_the_answer(shop, admin):
    anna = await shop.person("Anna")
    await anna.press("📞 Contact Admin")
    await anna.wait_for("Write your message now")
    await anna.say("Where are my views?")
    await admin.wait_for("Where are my views?")
    await admin.wait_for("📨 Сообщение от Anna @anna")
    await admin.press("↩️ Ответить")
    await admin.wait_for("Напишите сообщение для Anna")
    await admin.say("They are on their way.")
    await admin.wait_for("Доставлено: Anna")
    await anna.wait_for("They are on their way.")
    await anna.wait_for("Answer from the admin")
