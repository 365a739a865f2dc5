"""The sandbox's chat page in a browser, as one person sees and uses it."""

from playwright.async_api import Page, expect

SEES_WITHIN_MS = 20_000
"""Longer than a chat's rate limit holds back a notice after taps as quick as a test's."""


class ChatPage:
    """The chat page in front of one person."""

    def __init__(self, page: Page) -> None:
        """The page must show the person's chat already, or be sent there by the test."""
        self.page = page
        self.log = page.get_by_role("log", name="Messages")

    async def say(self, text: str) -> None:
        """Type a message and send it."""
        await self.page.get_by_role("textbox", name="Message").fill(text)
        await self.page.get_by_role("button", name="Send", exact=True).click()

    async def tap(self, name: str) -> None:
        """A button of the bot: below the input, or the newest one under a message."""
        await self.page.get_by_role("button", name=name).last.click()

    async def sees(self, text: str, *, timeout_ms: int = SEES_WITHIN_MS) -> None:
        """Wait until a text stands in the chat."""
        await expect(self.log.get_by_text(text).last).to_be_visible(timeout=timeout_ms)


async def nothing_sticks_out(page: Page) -> None:
    """No sideways scrolling, whatever the width of the page."""
    width = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert width <= 0
