"""The keyboards below messages, with the data that their buttons carry."""

from collections.abc import Iterable

from telegram.helpers import create_deep_linked_url

from bot.send.client import Keyboard
from bot.text import account_texts, channel_texts, contact_texts, earning_texts
from bot.text.buttons import button, link, page, rows
from i18n import Language, Translator
from ledger.history import Cursor


def ad(t: Translator, url: str, session: str) -> Keyboard:
    """An ad, and 'I watched it' for its session."""
    return rows(
        [link(t(earning_texts.OPEN_AD).text, url)],
        [button(t(earning_texts.WATCHED).text, f"ad:{session}")],
    )


def ad_page(t: Translator, page_url: str) -> Keyboard:
    """Opens the ad page."""
    return rows([page(t(earning_texts.OPEN_AD_PAGE).text, _in_language(t, page_url))])


def next_ad_page(t: Translator, page_url: str) -> Keyboard | None:
    """Under ads that are paid: opens the ad page again. None if there is no page."""
    if not page_url:
        return None
    return rows([page(t(earning_texts.NEXT_AD).text, _in_language(t, page_url))])


def _in_language(t: Translator, page_url: str) -> str:
    return f"{page_url}?lang={t.language.tag}"


def next_ad(t: Translator) -> Keyboard:
    """Under an ad that is paid."""
    return rows([button(t(earning_texts.NEXT_AD).text, "next_ad")])


def account(t: Translator) -> Keyboard:
    """Under the balance."""
    return rows(
        [
            button(t(account_texts.MY_HISTORY).text, "mine"),
            button(t(account_texts.MY_ORDERS).text, "orders"),
        ]
    )


def write_more(t: Translator) -> Keyboard:
    """Under what ends a conversation with the admin."""
    return rows([button(t(contact_texts.WRITE_MORE).text, "contact")])


def end_contact(t: Translator) -> Keyboard:
    """Under what confirms a message to the admin: ends the conversation."""
    return rows([button(t(contact_texts.END).text, "end_contact")])


def answer(t: Translator) -> Keyboard:
    """Under an answer from the admin."""
    return rows([button(t(contact_texts.ANSWER).text, "contact")])


def languages(t: Translator, known: Iterable[Language]) -> Keyboard:
    """The languages in their own names, with a sign at that of the reader."""
    return rows(
        *[
            [
                button(
                    f"✅ {language.name}" if language == t.language else language.name,
                    f"language:{language.tag}",
                )
            ]
            for language in known
        ]
    )


def invite_link(bot_username: str, code: str) -> str:
    """The link that invites a friend."""
    return create_deep_linked_url(bot_username, code)


def refer(t: Translator, share_url: str, page: int, pages: int) -> Keyboard:
    """Telegram's own choice of people to share with, and the way to the other friends."""
    turns = [button(t(account_texts.NEWEST).text, "friends:0")] if page else []
    if page + 1 < pages:
        turns.append(button(t(account_texts.OLDER).text, f"friends:{page + 1}"))
    return rows([link(t(earning_texts.SHARE).text, share_url)], turns)


def join_channel(t: Translator, url: str) -> Keyboard:
    """The channel that a person must join, and the button to go on."""
    return rows(
        [link(t(channel_texts.OPEN_CHANNEL).text, url)],
        [button(t(channel_texts.JOINED).text, "joined")],
    )


def history(t: Translator, older: Cursor | None, *, first: bool) -> Keyboard:
    """The way to the other pages of one's own history."""
    row = [] if first else [button(t(account_texts.NEWEST).text, "mine:newest")]
    if older:
        data = f"mine:{older.seq}:{older.balance_points}"
        row.append(button(t(account_texts.OLDER).text, data))
    return rows(row)
