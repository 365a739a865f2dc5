"""The chat page in a real browser, with a small real bot behind it."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect
from support.browser import chromium
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, ReplyKeyboardMarkup
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, MessageHandler, filters

from sandbox.client import SandboxClient
from sandbox.control_people import NewPerson
from sandbox.server import Running, running

pytestmark = pytest.mark.asyncio(loop_scope="module")

PEOPLE = [NewPerson("Ann", id=42), NewPerson("Ben", id=43), NewPerson("Olivia", 7, is_admin=True)]


async def start(update, context):
    code = " ".join(context.args) or "none"
    await update.message.reply_html(
        f"<b>Hello</b>, {update.effective_user.first_name}! Code: <code>{code}</code>",
        reply_markup=ReplyKeyboardMarkup([["Balance", "Invite"], ["Help"]], resize_keyboard=True),
    )


async def balance(update, _context):
    row = [("Refresh", "refresh"), ("Alert", "alert"), ("Silent", "silent")]
    markup = InlineKeyboardMarkup([[InlineKeyboardButton(t, callback_data=d) for t, d in row]])
    await update.message.reply_html(
        "10 points <tg-spoiler>quietly</tg-spoiler>", reply_markup=markup
    )


async def invite(update, context):
    url = f"https://t.me/{context.bot.username}?start=r{update.effective_user.id}"
    markup = InlineKeyboardMarkup(
        [
            [InlineKeyboardButton("Open", url=url)],
            [InlineKeyboardButton("Ad", url=context.bot_data["ad_url"])],
        ]
    )
    await update.message.reply_text(f"Your link: {url}", reply_markup=markup)


async def pressed(update, _context):
    query = update.callback_query
    if query.data == "refresh":
        await query.answer("Up to date.")
        await query.edit_message_text("11 points")
    elif query.data == "alert":
        await query.answer("Only one ad at a time.", show_alert=True)


async def echo(update, _context):
    message = update.message
    what = message.text or (message.document and message.document.file_name) or "a picture"
    await message.reply_text(f"You sent: {what}", do_quote=True)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """One browser for all; each test has a page of its own."""
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def served() -> AsyncIterator[Running]:
    async with running(users=PEOPLE) as served:
        address = f"{served.telegram_api_url}/bot"
        bot = Application.builder().token(served.token).base_url(address).build()
        bot.bot_data["ad_url"] = served.ad_url
        bot.add_handler(CommandHandler("start", start))
        bot.add_handler(CallbackQueryHandler(pressed))
        bot.add_handler(MessageHandler(filters.Text(["Balance"]), balance))
        bot.add_handler(MessageHandler(filters.Text(["Invite"]), invite))
        bot.add_handler(MessageHandler(filters.ALL, echo))
        async with bot:
            await bot.bot.set_my_commands([("start", "Begin"), ("help", "What it can do")])
            await bot.bot.set_my_description("Views for points")
            await bot.bot.set_my_description("Просмотры за баллы", language_code="ru")
            await bot.start()
            await bot.updater.start_polling()
            yield served
            await bot.updater.stop()
            await bot.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, served: Running) -> AsyncIterator[Page]:
    """Ann's chat; afterwards nothing may have gone wrong or to anywhere else."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    page = await context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on(
        "request",
        lambda sent: problems.append(sent.url) if not sent.url.startswith(served.url) else None,
    )
    await page.goto(f"{served.url}/#42")
    await expect(page.get_by_role("button", name="START", exact=True)).to_be_visible()
    yield page
    await context.close()
    assert problems == []


async def say(page: Page, text: str) -> None:
    await page.get_by_role("textbox", name="Message").fill(text)
    await page.get_by_role("button", name="Send").click()


async def begin(page: Page) -> None:
    await page.get_by_role("button", name="START", exact=True).click()
    await expect(page.get_by_role("log")).to_contain_text("Hello, Ann! Code: none")


async def test_an_empty_chat_says_what_the_bot_does_in_the_persons_language(page, served):
    about = page.get_by_role("log")
    await expect(about).to_contain_text("Views for points")
    async with SandboxClient(served.url) as world:
        anna = await world.add_user("Анна", language_code="ru")
    await page.goto(f"{served.url}/#{anna.id}")
    await page.reload()
    await expect(about).to_contain_text("Просмотры за баллы")


async def test_start_brings_the_bots_keyboard_in_its_rows(page):
    await begin(page)
    keyboard = page.get_by_role("group", name="Keyboard of the bot")
    assert await keyboard.locator("> div").all_inner_texts() == ["Balance\nInvite", "Help"]
    await page.get_by_role("button", name="Keyboard", exact=True).click()
    await expect(keyboard).to_be_hidden()
    await expect(page.locator(".words b", has_text="Hello")).to_be_visible()


async def test_what_people_type_is_text_and_never_markup(page):
    await begin(page)
    await say(page, "<b>bold?</b> <img src=x onerror=alert(1)> https://example.com/a?b=c.")
    log = page.get_by_role("log")
    await expect(log).to_contain_text("You sent: <b>bold?</b> <img src=x onerror=alert(1)>")
    assert await log.locator("img").count() == 0
    link = log.get_by_role("link", name="https://example.com/a?b=c", exact=True).first
    assert await link.get_attribute("target") == "_blank"


async def test_a_press_shows_progress_then_the_toast_and_the_edited_message(page):
    await begin(page)
    await page.get_by_role("button", name="Balance").click()
    silent = page.get_by_role("button", name="Silent")
    await silent.click()
    await expect(silent).to_have_attribute("aria-busy", "true")
    await page.get_by_role("button", name="Refresh").click()
    await expect(page.locator(".toast")).to_have_text("Up to date.")
    edited = page.get_by_role("article").last
    await expect(edited).to_contain_text("11 points")
    await expect(edited).to_contain_text("edited")
    await expect(silent).to_have_count(0)


async def test_an_alert_waits_for_ok(page):
    await begin(page)
    await page.get_by_role("button", name="Balance").click()
    await page.get_by_role("button", name="Alert").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Only one ad at a time.")
    await page.keyboard.press("Enter")
    await expect(dialog).to_be_hidden()


async def test_a_spoiler_opens_by_keyboard(page):
    await begin(page)
    await page.get_by_role("button", name="Balance").click()
    await page.get_by_role("button", name=re.compile("Hidden text")).press("Enter")
    await expect(page.locator(".spoiler.shown")).to_have_text("quietly")


async def test_an_invite_link_opens_in_the_page_as_somebody_new(page):
    await begin(page)
    await page.get_by_role("button", name="Invite").click()
    await page.get_by_role("link", name="Open").click()
    dialog = page.get_by_role("dialog", name="Open the link as …")
    await expect(dialog).to_contain_text("with the code r42")
    await dialog.get_by_label("Name of the new person").fill("Dora")
    await dialog.get_by_role("button", name="Open").click()
    await expect(page.get_by_role("log")).to_contain_text("Hello, Dora! Code: r42")
    assert page.url.endswith("#1000001")


async def test_other_links_open_in_a_new_tab(page):
    await begin(page)
    await page.get_by_role("button", name="Invite").click()
    async with page.context.expect_page() as opened:
        await page.get_by_role("link", name="Ad").click()
    ad = await opened.value
    await expect(ad.get_by_text("This is a pretend ad")).to_be_visible()


async def test_a_person_is_added_with_an_invite_and_chosen(page, served):
    await page.get_by_role("button", name="Add person").click()
    await page.get_by_label("First name").fill("Emeka")
    await page.get_by_label(re.compile("Joined by")).fill(
        "https://t.me/viewbank_demo_bot?start=xyz"
    )
    await page.get_by_role("dialog").get_by_role("button", name="Add").click()
    await expect(page.get_by_role("log")).to_contain_text("Hello, Emeka! Code: xyz")
    async with SandboxClient(served.url) as world:
        emeka = (await world.users())[-1]
    assert (emeka["first_name"], emeka["username"]) == ("Emeka", "emeka")


async def test_unread_messages_are_counted_and_the_choice_survives_a_reload(page, served):
    await begin(page)
    async with SandboxClient(served.url) as world:
        await world.user(43).start("a")
    ben = page.get_by_role("button", name="Ben, 1 unread")
    await expect(ben).to_be_visible()
    await ben.click()
    await expect(page.get_by_role("log")).to_contain_text("Hello, Ben! Code: a")
    await page.reload()
    chosen = page.locator(".person[aria-current]")
    await expect(chosen).to_have_accessible_name("Ben")
    await expect(page.get_by_role("button", name="Olivia, admin")).to_be_visible()


@pytest.mark.parametrize("fetched_first", [True, False])
async def test_what_comes_while_a_chat_is_opened_is_shown_once(page, served, fetched_first):
    """Whether or not the chat that is being fetched holds it already."""
    async with SandboxClient(served.url) as world:
        ben = world.user(43)
        await ben.start()

        async def slowly(route):
            answer = await route.fetch() if fetched_first else None
            await ben.say("meanwhile")
            await expect(page.locator("[data-user='43'] .snippet")).to_contain_text("meanwhile")
            await route.fulfill(response=answer or await route.fetch())

        await page.route("**/sandbox/users/43/messages", slowly, times=1)
        await page.get_by_role("button", name="Ben").click()
        await expect(page.get_by_role("log")).to_contain_text("You sent: meanwhile")
        said = page.locator(".row.own .words", has_text=re.compile("^meanwhile"))
        await expect(said).to_have_count(1)


async def test_the_bot_can_be_blocked_and_unblocked(page, served):
    await begin(page)
    await page.get_by_role("button", name="Bot menu").click()
    await page.get_by_role("menuitem", name="Block the bot").click()
    await expect(page.get_by_role("textbox", name="Message")).to_be_hidden()
    async with SandboxClient(served.url) as world:
        assert (await world.user(42).profile())["blocked"] is True
    await page.get_by_role("button", name="UNBLOCK", exact=True).click()
    await expect(page.get_by_role("textbox", name="Message")).to_be_visible()


async def test_a_message_is_answered_with_a_quote(page, served):
    await begin(page)
    await page.get_by_role("article").last.click(button="right", position={"x": 60, "y": 20})
    await page.get_by_role("menuitem", name="Reply").click()
    await expect(page.locator("#replying")).to_contain_text("Hello, Ann!")
    await say(page, "thanks")
    await expect(page.get_by_role("log")).to_contain_text("You sent: thanks")
    async with SandboxClient(served.url) as world:
        said = (await world.user(42).messages())[-2]
    assert (said.text, "Hello" in said.reply_to) == ("thanks", True)


async def test_pictures_and_files_are_attached(page, png):
    await begin(page)
    chooser = page.locator("#file")
    await chooser.set_input_files({"name": "p.png", "mimeType": "image/png", "buffer": png})
    await expect(page.get_by_role("log")).to_contain_text("You sent: a picture")
    await expect(page.get_by_role("img", name="Picture")).to_have_js_property("naturalWidth", 3)
    await chooser.set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": b"1"})
    await expect(page.get_by_role("log")).to_contain_text("You sent: a.csv")


async def test_the_menu_lists_the_commands_and_sends_the_chosen_one(page):
    await begin(page)
    await page.get_by_role("button", name="Menu", exact=True).click()
    await expect(page.get_by_role("menuitem")).to_have_count(2)
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("log")).to_contain_text("You sent: /help")
    await page.get_by_role("textbox", name="Message").press_sequentially("/st")
    await expect(page.get_by_role("menuitem")).to_have_text(["/startBegin"])


@pytest.mark.parametrize("width", [360, 1280])
async def test_nothing_is_wider_than_the_window(page, width):
    await page.set_viewport_size({"width": width, "height": 740})
    await begin(page)
    await say(page, "w" * 300)
    await page.get_by_role("button", name="Invite").click()
    await expect(page.get_by_role("link", name="Open")).to_be_visible()
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(overflow) == 0
    inside = (
        "document.getElementById('log').scrollWidth - document.getElementById('log').clientWidth"
    )
    assert await page.evaluate(inside) == 0


async def test_on_a_phone_the_people_come_from_above(page):
    await page.set_viewport_size({"width": 360, "height": 740})
    people = page.get_by_role("complementary", name="People")
    await expect(people).to_be_hidden()
    await page.get_by_role("button", name=re.compile("You are Ann")).click()
    await people.get_by_role("button", name="Ben").click()
    await expect(people).to_be_hidden()
    await expect(page.get_by_role("button", name=re.compile("You are Ben"))).to_be_visible()


BELOW_THE_VIEW_PX = (
    "(() => { const box = document.getElementById('log');"
    " return Math.round(box.scrollHeight - box.scrollTop - box.clientHeight) })()"
)
NEXT_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


async def stands_at_the_end(page: Page) -> None:
    for _ in range(3):
        await page.evaluate(NEXT_FRAMES)
    assert await page.evaluate(BELOW_THE_VIEW_PX) <= 1
    await expect(page.locator("#to-end")).to_be_hidden()


@pytest.mark.parametrize("width", [360, 1280])
async def test_the_first_load_stands_at_the_newest_message(page, served, width, png):
    """Though the bot's keyboard and a picture take their room only after the messages."""
    await page.set_viewport_size({"width": width, "height": 740})
    await begin(page)
    async with SandboxClient(served.url) as world:
        ann = world.user(42)
        for number in range(20):
            await ann.say(f"number {number}\nand more")
        await ann.wait_for("You sent: number 19")
    await page.locator("#file").set_input_files(
        {"name": "p.png", "mimeType": "image/png", "buffer": png}
    )
    await expect(page.get_by_role("log")).to_contain_text("You sent: a picture")
    await stands_at_the_end(page)
    for _ in range(3):
        await page.reload()
        await expect(page.get_by_role("log")).to_contain_text("You sent: a picture")
        await expect(page.get_by_role("button", name="Balance")).to_be_visible()
        await stands_at_the_end(page)
    await page.evaluate("location.hash = '#43'")
    await expect(page.get_by_role("log")).not_to_contain_text("You sent: a picture")
    await page.evaluate("location.hash = '#42'")
    await expect(page.get_by_role("log")).to_contain_text("You sent: a picture")
    await stands_at_the_end(page)


async def test_who_reads_further_up_stays_there_when_the_window_changes(page, served):
    await begin(page)
    async with SandboxClient(served.url) as world:
        ann = world.user(42)
        for number in range(20):
            await ann.say(f"number {number}\nand more")
        await ann.wait_for("You sent: number 19")
    await expect(page.get_by_role("log")).to_contain_text("You sent: number 19")
    await page.evaluate("document.getElementById('log').scrollTo(0, 100)")
    await page.evaluate(NEXT_FRAMES)
    await page.set_viewport_size({"width": 1280, "height": 500})
    await page.evaluate(NEXT_FRAMES)
    assert await page.evaluate("document.getElementById('log').scrollTop") == 100
    await expect(page.locator("#to-end")).to_be_visible()


async def test_a_lost_connection_is_said_and_found_again(browser, tmp_path):
    state_file = tmp_path / "world.json"
    page = await browser.new_page()
    async with running(users=PEOPLE, state_file=state_file) as served:
        await page.goto(f"{served.url}/#42")
        await page.get_by_role("button", name="START", exact=True).click()
        await expect(page.get_by_role("log")).to_contain_text("/start")
    lost = page.get_by_text("Connection lost")
    await expect(lost).to_be_visible()
    port = int(served.url.rsplit(":", 1)[1])
    async with (
        running(port=port, state_file=state_file) as served,
        SandboxClient(served.url) as world,
    ):
        await expect(lost).to_be_hidden(timeout=15_000)
        await world.user(42).say("from elsewhere")
        await expect(page.get_by_role("log")).to_contain_text("from elsewhere")
        assert await page.get_by_role("article").count() == 2
    await page.close()
