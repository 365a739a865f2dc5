"""Owns what people do: those who write to an echo, and those of a shop, in a realistic mix.

Of 100 updates of the shop's about 35 have the ledger write something down: about 30 ads, 3 or 4
people who join, an order. The others ask for an ad, for a balance, friends, a history, or fit
nowhere.
"""

import random
from collections.abc import Callable, Iterator
from itertools import count
from typing import TypeAlias

from bench.telegram.objects import Person
from bench.telegram.people import Visit, Visitor, code_of, known_person
from bot.text.menu import Action, label
from i18n import Translator

Habit: TypeAlias = Callable[[Visitor, random.Random], Visit]

NEWCOMER_SHARE = 0.08
INVITED_SHARE = 1 / 3
NEXT_AD_SHARE = 0.5
"""So many of those who have watched an ad watch another one."""
SECOND_LOOK_SHARE = 0.4
_ENGLISH = Translator()
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def echo_visits() -> Iterator[Visit]:
    """Everybody says something new all the time, and hears it again."""
    for number in count(1):
        yield _talk(Visitor(Person(number, "Anna", f"anna{number}")))


def _talk(visitor: Visitor) -> Visit:
    for number in count(1):
        text = f"This is my message number {number}."
        yield visitor.says(text, text, whole=True)


class ShopVisits:
    """Endless visits to a shop where so many people are known already."""

    def __init__(self, known: int, seed: int = 1) -> None:
        """Nobody is there yet."""
        self._known = known
        self._joined = known
        self._dice = random.Random(seed)
        self._here: set[int] = set()

    def __iter__(self) -> Iterator[Visit]:
        """Nobody is there twice at once."""
        while True:
            yield self._visit()

    def _visit(self) -> Visit:
        is_new = self._dice.random() < NEWCOMER_SHARE
        number = self._new_number() if is_new else self._known_number()
        visitor = Visitor(known_person(number))
        self._here.add(number)
        try:
            if is_new:
                yield from self._join(visitor)
            else:
                habit = self._dice.choices(_HABITS, _SHARES)[0]
                yield from habit(visitor, self._dice)
        finally:
            self._here.discard(number)

    def _new_number(self) -> int:
        self._joined += 1
        return self._joined - 1

    def _known_number(self) -> int:
        """Some people come far more often than others, as in the log."""
        number = int(self._known * self._dice.random() ** 1.5)
        while number in self._here:
            number = self._dice.randrange(self._known)
        return number

    def _join(self, visitor: Visitor) -> Visit:
        invited = self._dice.random() < INVITED_SHARE
        code = f" {code_of(self._dice.randrange(self._known))}" if invited else ""
        yield visitor.says(f"/start{code}", "Welcome, ", writes=True)
        yield from watch_ads(visitor, self._dice)


def watch_ads(visitor: Visitor, dice: random.Random) -> Visit:
    """One ad, or some."""
    offer = yield visitor.says(label(_ENGLISH, Action.WATCH_ADS), "It pays")
    while True:
        paid = yield visitor.changes(offer, "ad:", "Thank you!", toast="+")
        if dice.random() >= NEXT_AD_SHARE:
            return
        if dice.random() < 1 / 2:
            offer = yield visitor.presses(paid, "next_ad", "It pays")
        else:
            offer = yield visitor.says(label(_ENGLISH, Action.WATCH_ADS), "It pays")


def look(visitor: Visitor, dice: random.Random) -> Visit:
    """See how things stand."""
    shown = yield visitor.says(label(_ENGLISH, Action.BALANCE), "to your next view")
    if dice.random() >= SECOND_LOOK_SHARE:
        return
    match dice.randrange(4):
        case 0:
            yield visitor.presses(shown, "mine", "What changed your points", "Nothing has changed")
        case 1:
            yield visitor.says("/history", "What changed your points", "Nothing has changed")
        case 2:
            yield visitor.presses(shown, "orders", "Your orders", "You have no orders")
        case _:
            yield visitor.says("/help", "How it works")


def invite(visitor: Visitor, dice: random.Random) -> Visit:
    """Look for the link, and write something that the bot can't know."""
    yield visitor.says(label(_ENGLISH, Action.REFER), "Your link")
    if dice.random() < SECOND_LOOK_SHARE:
        yield visitor.says(f"Hello {dice.randrange(1000)}!", "I don't know what to do with that")


def buy(visitor: Visitor, dice: random.Random) -> Visit:
    """Order views; who has too few points is told so at once."""
    asked = yield visitor.says(
        label(_ENGLISH, Action.BUY_VIEWS), "Send me the link", "The smallest order is"
    )
    if "link" not in asked.text:
        return
    video = "".join(dice.choices(_LETTERS, k=11))
    how_many = yield visitor.says(f"https://youtu.be/{video}", "How many views?")
    if dice.random() < 1 / 2:
        confirm = yield visitor.says("10", "Please check your order")
    else:
        confirm = yield visitor.presses(how_many, "views:10", "Please check your order")
    yield visitor.changes(confirm, "order:", "is placed")


_HABITS: list[Habit] = [watch_ads, look, invite, buy]
_SHARES = [36, 40, 15, 9]
