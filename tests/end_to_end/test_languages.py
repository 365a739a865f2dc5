"""Users get texts in their own language: their app's, or the one they have chosen."""

VIDEO = "https://youtu.be/AbCdEfGhI_k"
RUSSIAN_MENU = [
    ["🪧 Смотреть рекламу", "👥 Пригласить друга"],
    ["📦 Купить просмотры", "💳 Баланс"],
    ["📞 Написать нам"],
]
ENGLISH_MENU = [
    ["🪧 Watch Ads", "👥 Refer & Earn"],
    ["📦 Buy Views", "💳 Balance"],
    ["📞 Contact Admin"],
]


async def russian(shop, name="Анна"):
    person = await shop.world.add_user(name, language_code="ru")
    await person.start()
    await person.wait_for(f"Добро пожаловать, {name}!", "За каждую рекламу вы получаете 60 баллов.")
    return person


def command_words(shop, person):
    """What the chat's list of commands says beside each."""
    commands = shop.outside.sandbox.commands_of(shop.outside.sandbox.accounts[person.id])
    return {one["command"]: one["description"] for one in commands}


async def test_a_russian_reader_earns_and_buys_with_the_menu_in_russian(shop):
    anna = await russian(shop)
    assert await anna.keyboard() == RUSSIAN_MENU
    assert command_words(shop, anna)["balance"] == "Ваши баллы"
    await anna.press("🪧 Смотреть рекламу")
    await anna.wait_for("Вы получите 60 баллов")
    await anna.open("▶️ Открыть рекламу")
    assert "+60 баллов" in await anna.press("✅ Просмотрено")
    await anna.wait_for(
        "Спасибо! +60 баллов", "До самого маленького заказа: ещё 40 баллов (10 просмотров)"
    )
    await anna.press("🪧 Ещё одна реклама")
    await anna.wait_for("Вы получите 60 баллов")
    await anna.press("📦 Купить просмотры")
    await anna.wait_for("Минимальный заказ — 10 просмотров за 100 баллов", "Нужно ещё 40 баллов")
    await shop.admin.say(f"/adjust {anna.id} +1061 подарок")
    await anna.wait_for("Администратор изменил ваш баланс: +1\u00a0061 балл", "Причина: подарок")
    await anna.press("📦 Купить просмотры")
    await anna.wait_for("YouTube, TikTok, Instagram, Facebook, X, Telegram, Vimeo или Twitch")
    await anna.say(VIDEO)
    await anna.wait_for(
        "Сколько просмотров?", "У вас 1\u00a0121 балл. Один просмотр стоит 10 баллов."
    )
    await anna.press("100")
    await anna.wait_for("Проверьте, пожалуйста, заказ", "останется 121 балл")
    await anna.press("✅ Подтвердить")
    await anna.wait_for("оформлен: 100 просмотров")
    await anna.wait_for("принят. Этот поставщик не сообщает о выполнении")
    assert shop.balance(anna) == 121


async def test_a_russian_reader_looks_around_in_russian(shop):
    anna = await russian(shop)
    await anna.press("💳 Баланс")
    await anna.wait_for("До самого маленького заказа: ещё 100 баллов (10 просмотров)")
    await anna.press("🧾 История")
    await anna.wait_for(
        "Изменений пока не было. Баллы можно заработать: 🪧 Смотреть рекламу или 👥 "
    )
    await anna.press("📦 Заказы")
    await anna.wait_for("У вас пока нет заказов")
    await anna.press("👥 Пригласить друга")
    await anna.wait_for(
        "посмотрит 5 реклам, вы получаете 1\u00a0000 баллов", "Приглашено друзей: 0"
    )
    await anna.say("/help")
    await anna.wait_for("Как это работает", "До 100 реклам в день.", "/language — сменить язык")
    await anna.say("что-то ещё")
    await anna.wait_for("Я не знаю, что с этим делать")


async def test_the_admins_answer_is_announced_in_the_readers_language(shop):
    anna = await russian(shop)
    await anna.press("📞 Написать нам")
    await anna.wait_for("Напишите ваше сообщение")
    await anna.say("Где мои просмотры?")
    await anna.wait_for("Ваше сообщение передано администратору")
    copy = await shop.admin.wait_for("Где мои просмотры?")
    await shop.admin.say("В пути.", reply_to=copy)
    await anna.wait_for("Ответ администратора")
    await anna.press("✍️ Ответить")
    await anna.wait_for("Напишите ваше сообщение")


async def test_a_language_is_chosen_and_changed_back(shop):
    anna = await shop.person("Anna")
    await anna.say("/language")
    seen = await anna.wait_for("Choose your language")
    assert seen.buttons == [["✅ English"], ["Русский"]]
    await anna.press("Русский")
    seen = await anna.wait_for("Выберите язык")
    assert (seen.is_edited, seen.buttons) == (True, [["English"], ["✅ Русский"]])
    await anna.wait_for("Ваш язык: Русский")
    assert await anna.keyboard() == RUSSIAN_MENU
    await anna.press("💳 Баланс")
    await anna.wait_for("У вас 0 баллов")
    assert command_words(shop, anna)["balance"] == "Ваши баллы"
    await anna.press("English")
    await anna.wait_for("Choose your language")
    await anna.wait_for("Your language: English")
    assert await anna.keyboard() == ENGLISH_MENU
    await anna.press("💳 Balance")
    await anna.wait_for("You have 0 points")
    assert command_words(shop, anna)["balance"] == "Your points"


async def test_a_keyboard_in_another_language_goes_on_working(shop):
    anna = await shop.person("Anna")
    await anna.say("/language")
    await anna.wait_for("Choose your language")
    await anna.press("Русский")
    await anna.wait_for("Ваш язык: Русский")
    for row in ENGLISH_MENU:
        for label in row:
            await anna.say(label)
            assert "Я не знаю" not in (await anna.wait_for()).text
    await anna.say("💳 Balance")
    await anna.wait_for("У вас 0 баллов")


async def test_a_choice_outlives_a_restart_and_the_apps_language(shop):
    anna = await russian(shop)
    await anna.say("/language")
    await anna.wait_for("Выберите язык")
    await anna.press("English")
    await anna.wait_for("Your language: English")
    await shop.restart()
    await shop.admin.say(f"/adjust {anna.id} +1 gift")
    await anna.wait_for("The admin changed your points: +1 point", "You have 1 point.")
    await anna.say("/balance")
    await anna.wait_for("You have 1 point.", "99 more points for the smallest order")


async def test_a_language_that_is_not_there_is_english_and_no_button_for_it_works(shop):
    person = await shop.world.add_user("Jean", language_code="fr")
    await person.start()
    await person.wait_for("Welcome, Jean!")
    assert await person.keyboard() == ENGLISH_MENU
    await person.say("/language")
    seen = await person.wait_for("Choose your language")
    for data in ("language:fr", "language:", "language"):
        body = {"message_id": seen.id, "data": data, "wait_s": 10, "forged": True}
        answer = await shop.world.wire.post(f"/users/{person.id}/press", body)
        assert "no longer works" in answer["answer"]["text"]
    assert shop.ledger.state.users[person.id].language_choice == ""


async def test_an_admin_chooses_a_language_and_keeps_the_admins_commands(shop):
    await shop.admin.say("/language")
    await shop.admin.wait_for("Choose your language")
    await shop.admin.press("Русский")
    await shop.admin.wait_for("Ваш язык: Русский")
    await shop.admin.say("/balance")
    await shop.admin.wait_for("У вас 0 баллов")
    words = command_words(shop, shop.admin)
    assert words["balance"] == "Ваши баллы"
    assert {"admin", "adjust", "ban", "unban", "set"} <= set(words)


async def test_the_empty_chat_says_in_the_readers_language_what_the_bot_does(shop):
    for code, words in (("en", "Get views for your videos"), ("ru", "Просмотры для ваших видео")):
        person = await shop.world.add_user("Anna", language_code=code)
        assert words in await person.description()


async def test_a_choice_counts_though_the_commands_cannot_be_set_now(shop):
    anna = await shop.person("Anna")
    await shop.world.fault("429", "setMyCommands", times=1, retry_after_s=3600)
    await anna.say("/language")
    await anna.wait_for("Choose your language")
    await anna.press("Русский")
    await anna.wait_for("Ваш язык: Русский")
    await anna.say("/start")
    await anna.wait_for("С возвращением, Anna!")
    await anna.say("/help")
    await anna.wait_for("Как это работает")
    assert command_words(shop, anna)["balance"] == "Ваши баллы"
